"""A Compose file for what runs, written from `docker inspect`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from stems.errors import ConfigurationError
from stems.model.names import COMPOSE_SERVICE
from stems.readers.written import write_yaml
from stems.tools.compose.existing.attached import Attached, told_mounts
from stems.tools.compose.existing.candidates import Candidate
from stems.tools.compose.existing.commands import value_commands
from stems.tools.compose.existing.found import Existing, Found, Variable
from stems.tools.compose.existing.options import from_image, options, unknown_options
from stems.tools.compose.existing.ports import published
from stems.tools.compose.existing.proposal import Destination, Proposal
from stems.tools.compose.existing.values import Names, Path, Value, comment, env_template, suspicious, wanted_name
from stems.tools.compose.written import as_list, as_section

_FIRST = ("image", "build", "container_name", "command", "entrypoint", "environment")
_FOREIGN_LABELS = re.compile(r"com\.docker\.compose\.|stems\.|desktop\.docker\.io/")


@dataclass
class _Sheet:
    """A file that is being written."""

    candidate: Candidate
    found: Found
    place: Destination
    attached: Attached
    names: Names
    values: list[Value] = field(default_factory=list)
    references: dict[str, dict[str, str]] = field(default_factory=dict)
    """The variables of each container, with the name that its value gets."""


def described(candidate: Candidate, found: Found, place: Destination, *, why: str = "") -> Proposal:
    """`why` says why the files that it was started from are not taken as they are."""
    project = candidate.name if candidate.is_project else ""
    sheet = _Sheet(candidate, found, place, Attached(found, project), Names.beside(place.given))
    services: dict[str, object] = {}
    for one in _one_of_each(candidate):
        services[_service_name(candidate, one, place)] = _service(sheet, one)
    document: dict[str, object] = {"services": services}
    if sheet.attached.networks:
        document["networks"] = dict(sorted(sheet.attached.networks.items()))
    if sheet.attached.volumes:
        document["volumes"] = dict(sorted(sheet.attached.volumes.items()))
    notes = list(dict.fromkeys([*([why] if why else []), *_notes(sheet)]))
    text = write_yaml(document).replace("\nnetworks:", "\n\nnetworks:").replace("\nvolumes:", "\n\nvolumes:")
    files = {"compose.yml": _head(sheet, notes) + text}
    if sheet.values:
        files["env.template"] = env_template(sheet.values, place.node, place.service)
    return Proposal(
        files,
        dict.fromkeys(files, f"docker inspect on {place.node}"),
        project=project,
        keeps_data=any(mount.get("RW", True) for one in candidate.containers for mount in one.mounts),
        values=tuple(sheet.values),
        left=tuple(dict.fromkeys(line for one in candidate.containers for line in told_mounts(one))),
        notes=tuple(notes),
        commands=tuple(value_commands(place, sheet.values, sheet.references, candidate.containers)),
    )


def _one_of_each(candidate: Candidate) -> Iterator[Existing]:
    seen = set()
    for one in candidate.containers:
        if not candidate.is_project or one.service not in seen:
            seen.add(one.service)
            yield one


def _service_name(candidate: Candidate, one: Existing, place: Destination) -> str:
    name = one.service if candidate.is_project else place.service
    if not COMPOSE_SERVICE.fullmatch(name):
        raise ConfigurationError(
            f"{place.node}: {one.name} has no name of a Compose service", remedy="adopt it by hand"
        )
    return name


def _service(sheet: _Sheet, one: Existing) -> dict[str, object]:
    name = _service_name(sheet.candidate, one, sheet.place)
    image = sheet.found.images.get(one.text("Image"))
    body: dict[str, object] = {"image": _image_name(one, image)}
    if container := _container_name(sheet, one, name):
        body["container_name"] = container
    body |= dict(from_image(one, image)) | dict(sheet.attached.network_part(one, name))
    if ports := list(published(one)):
        body["ports"] = ports
    if mounts := sheet.attached.mounts(one):
        body["volumes"] = mounts
    body |= dict(options(one)) | dict(sheet.attached.sharing(one)) | dict(_hostname(one))
    if depends := _depends_on(one):
        body["depends_on"] = depends
    if labels := _labels(one, image):
        body["labels"] = labels
    copies = [each for each in sheet.candidate.containers if each.service == one.service]
    if sheet.candidate.is_project and len(copies) > 1:
        body["scale"] = len(copies)
    body = _without_secrets(sheet, one, name, body)
    if variables := _environment(sheet, one, name):
        body["environment"] = variables
    return {key: body[key] for key in sorted(body, key=_order)}


def _order(key: str) -> tuple[int, str]:
    return (_FIRST.index(key), "") if key in _FIRST else (len(_FIRST), key)


def _image_name(one: Existing, image: Mapping[str, object] | None) -> str:
    tags = [str(tag) for tag in as_list((image or {}).get("RepoTags"))]
    return tags[0] if tags and one.image.startswith("sha256:") else one.image


def _container_name(sheet: _Sheet, one: Existing, service: str) -> str:
    if not sheet.candidate.is_project:
        return one.name
    number = one.labels.get("com.docker.compose.container-number", "1")
    ours = {f"{one.project}{sign}{service}{sign}{number}" for sign in "-_"}
    return "" if one.name in ours else one.name


def _hostname(one: Existing) -> Iterator[tuple[str, str]]:
    name, mode = one.text("Config", "Hostname"), one.text("HostConfig", "NetworkMode")
    if name and name != one.identity[:12] and mode != "host" and not mode.startswith("container:"):
        yield "hostname", name


def _depends_on(one: Existing) -> dict[str, object]:
    told = one.labels.get("com.docker.compose.depends_on", "")
    words = (entry.split(":") for entry in told.split(",") if entry.count(":") == 2)
    return {
        name: {"condition": condition or "service_started", **({"restart": True} if restart == "true" else {})}
        for name, condition, restart in words
    }


def _labels(one: Existing, image: Mapping[str, object] | None) -> dict[str, str]:
    given = as_section(as_section((image or {}).get("Config")).get("Labels"))
    return {
        key: value
        for key, value in sorted(one.labels.items())
        if given.get(key) != value and not _FOREIGN_LABELS.match(key)
    }


def _without_secrets(sheet: _Sheet, one: Existing, name: str, body: dict[str, object]) -> dict[str, object]:
    """What looks like a secret becomes a reference; every other `$` is one that Compose must leave alone."""
    tree = {"services": {name: body}}
    replaced: dict[Path, str] = {}
    for path, text in suspicious(tree):
        wanted, before = wanted_name(path, text)
        variable = sheet.names.name(wanted, (path, text), otherwise=name)
        replaced[path] = f"{before}${{{variable}}}"
        where = ".".join(str(word) for word in path[2:])
        sheet.values.append(Value(variable, f"in {where} of {one.name}: see `docker inspect {one.name}`"))
    made = _escaped(tree, replaced, ())
    assert isinstance(made, dict)  # noqa: S101  # a mapping stays one
    return dict(made["services"][name])


def _escaped(value: object, replaced: Mapping[Path, str], path: Path) -> object:
    if path in replaced:
        return replaced[path]
    if isinstance(value, Mapping):
        return {key: _escaped(inner, replaced, (*path, key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [_escaped(inner, replaced, (*path, index)) for index, inner in enumerate(value)]
    return value.replace("$", "$$") if isinstance(value, str) else value


def _environment(sheet: _Sheet, one: Existing, service: str) -> dict[str, str]:
    """Every variable that the image does not give, as a reference: its value stays on the node."""
    own = sheet.references.setdefault(one.name, {})
    for variable in sorted(_variables(sheet, one), key=lambda each: each.name):
        thing = ("variable", variable.name, variable.number)
        name = sheet.names.name(variable.name, thing, otherwise=service)
        own[variable.name] = name
        if name not in {value.name for value in sheet.values}:
            odd = "; it holds a quote or a backslash: write it by hand" if variable.is_odd else ""
            sheet.values.append(
                Value(name, f"in the environment of {one.name}{odd}", "" if variable.is_odd else one.name)
            )
    return {key: f"${{{name}}}" for key, name in own.items()}


def _variables(sheet: _Sheet, one: Existing) -> tuple[Variable, ...]:
    if one.identity not in sheet.found.variables:
        raise ValueError(f"nothing was said about the variables of {one.name}")
    return sheet.found.variables[one.identity]


def _notes(sheet: _Sheet) -> Iterator[str]:
    yield from sheet.attached.notes
    for one in _one_of_each(sheet.candidate):
        yield from unknown_options(one)
        yield from _of_image(one, sheet.found.images.get(one.text("Image")))
    external = [key for key, value in sheet.attached.volumes.items() if value]
    if external:
        named = ", ".join(sorted(external))
        yield f"volumes that are external ({named}) must exist before the service starts on another node"


def _of_image(one: Existing, image: Mapping[str, object] | None) -> Iterator[str]:
    if image is None:
        yield f"{one.name}: its image is gone, so what it had from it is written out, and a new one may differ"
        return
    tags, digests = (as_list(image.get(key)) for key in ("RepoTags", "RepoDigests"))
    name = one.image if ":" in one.image.rpartition("/")[2] or "@" in one.image else f"{one.image}:latest"
    known = [str(tag).removeprefix("docker.io/").removeprefix("library/") for tag in (*tags, *digests)]
    if not one.image.startswith("sha256:") and name.removeprefix("docker.io/").removeprefix("library/") not in known:
        running = digests[0] if digests else one.text("Image")
        yield f"{one.name}: {one.image} is another image by now than the one that runs, which is {running}"
    if not digests:
        yield f"{one.image} has no registry digest: other nodes need it built or loaded"


def _head(sheet: _Sheet, notes: list[str]) -> str:
    what = f"the {sheet.candidate.kind} {sheet.candidate.name}"
    lines = [f"Written by `stems adopt` from {what} as it ran on {sheet.place.node}."]
    for one in _one_of_each(sheet.candidate):
        image = sheet.found.images.get(one.text("Image")) or {}
        digests = [str(digest) for digest in as_list(image.get("RepoDigests"))]
        lines.append(f"{one.name} ran {one.image}, {digests[0] if digests else one.text('Image')}")
    return "".join(f"{comment(line)}\n" for line in (*lines, *notes)) + "\n"
