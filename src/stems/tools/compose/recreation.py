"""A container that is made anew: what of it changed, its image before and after, and which of the two runs first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from stems.model.change import Change, Risk, Undo
from stems.tools.compose.container import Container
from stems.tools.compose.project import Project
from stems.tools.compose.reading import ProjectReading, RenderedService
from stems.tools.compose.written import as_section

RECREATED = frozenset({"Recreate", "Recreated"})
REMOVED = frozenset({"Removing", "Removed"})
_FOR_GOOD = "it keeps data, which the new image may change for good"
_SHORT = 12


@dataclass(frozen=True, slots=True)
class View:
    """One Compose service as the tree and the node tell it.

    `version` is that of Compose on the node, `existing` the containers of the project there.
    """

    project: Project
    seen: ProjectReading
    version: str
    service: str
    parts: Mapping[str, str]
    existing: tuple[Container, ...] = ()

    @property
    def digest(self) -> str:
        return self.seen.digests.get(self.service, "")

    @property
    def rendered(self) -> RenderedService:
        return self.seen.services[self.service]

    @property
    def is_applied(self) -> bool:
        seen, service = self.seen, self.service
        same = self.digest != "" and seen.applied.get(service) == self.digest
        return same and (service not in seen.services or seen.counts.get(service, 1) == self.rendered.count)

    @property
    def containers(self) -> tuple[Container, ...]:
        return tuple(found for found in self.existing if found.service == self.service)


def displace(blank: Change, container: Container, view: View) -> Change:
    undo = Undo.BY_BACKUP
    notes = [
        "takes the place of a container that was started by itself: that one is stopped and kept under another name",
        *_image(container, view),
    ]
    if container.image != view.rendered.image and _is_at_stake(view):
        undo = Undo.NO
        notes.append(_FOR_GOOD)
    return replace(blank, action="recreate", risk=Risk.DESTRUCTIVE, undo=undo, note="; ".join(notes))


def take_over(blank: Change, container: Container, view: View) -> Change:
    notes = ["takes over a running container; its volumes and mounts stay what they are", *_image(container, view)]
    blank = replace(blank, by_hand=view.is_applied, note="; ".join([*notes, "stops first"]))
    return replace(blank, action="recreate", risk=Risk.DESTRUCTIVE, undo=Undo.NO)


def recreate(blank: Change, container: Container, view: View) -> Change:
    undo, notes = Undo.BY_REPLAY, []
    if changed := _changed_parts(view):
        notes.append("changed: " + ", ".join(changed))
    moved = list(_image(container, view))
    notes += moved
    is_built = any(name == "build" or name.startswith("build ") for name in changed)
    if (moved or is_built) and _is_at_stake(view):
        undo = Undo.NO
        notes.append(_FOR_GOOD)
    notes.append(order(view))
    return replace(blank, action="recreate", by_hand=view.is_applied, undo=undo, note="; ".join(notes))


def _image(container: Container, view: View) -> Iterator[str]:
    """Before and after, each with the digest that it has on the node: one name may stand for another image by now."""
    image = view.rendered.image
    now = view.seen.images.get(image, container.image_id)
    if container.image != image or container.image_id not in {"", now}:
        was = _named(_name_before(container, view), container.image_id)
        yield f"image {was} becomes {_named(image, now)}"


def _name_before(container: Container, view: View) -> str:
    """Docker forgets the name that an image had when another one gets it."""
    if not container.image.startswith("sha256:"):
        return container.image
    changed = _changed_parts(view)
    is_same = view.service in view.seen.parts and not any(
        name.split(" ")[0] in {"image", "variable"} for name in changed
    )
    return view.rendered.image if is_same else ""


def _named(image: str, identity: str) -> str:
    digest = identity.removeprefix("sha256:")[:_SHORT]
    return f"{image} ({digest})" if image and digest else image or digest


def _is_at_stake(view: View) -> bool:
    return view.project.service.keeps_data and not view.project.service.rollback_safe


def _changed_parts(view: View) -> list[str]:
    was = view.seen.parts.get(view.service, {})
    now = {**view.parts, **keyed_part(view.seen.keyed.get(view.service, "-"))}
    return sorted(name for name in {*now, *was} if now.get(name) != was.get(name)) if was else []


def keyed_part(digest: str) -> dict[str, str]:
    """The part of a service that only the node knows: values of its `.env` and files that Git does not track."""
    return {} if digest == "-" else {"values of the node": digest}


def other_compose(container: Container, seen: ProjectReading, version: str) -> bool:
    """Compose hashes its own model, so that a new version of it would recreate what is the same."""
    return container.compose_version.removeprefix("v") != version and container.image_id in seen.images.values()


def only_compose_changed(seen: ProjectReading, containers: Iterable[Container], version: str) -> bool:
    """Whether plain `up` would recreate containers of a project that have not changed."""
    return any(
        found.digest == seen.digests.get(found.service)
        and RECREATED & set(seen.events.get(f"container:{found.name}", ()))
        and other_compose(found, seen, version)
        for found in containers
    )


def order(view: View) -> str:
    reasons = list(dict.fromkeys(in_the_way(view)))
    return f"stops first ({', '.join(reasons)})" if reasons else "starts first"


def in_the_way(view: View) -> Iterator[str]:
    """Why a second container of a service cannot run beside those that are there."""
    yield from _held(view)
    yield from _said(view)
    here, seen = view.containers, view.seen
    if len(here) != view.rendered.count or any(not found.is_up or not found.cluster for found in here):
        yield "it does not run as it was deployed"
    if only_compose_changed(seen, view.existing, view.version):
        yield "Compose itself changed"
    if any(name.startswith("network:") and REMOVED & set(told) for name, told in seen.events.items()):
        yield "a network is made anew"
    for name in sorted(_needed(view.project, view.service)):
        if name in seen.services and seen.applied.get(name) != seen.digests.get(name):
            yield f"{name} changes too"


def _said(view: View) -> Iterator[str]:
    """What its files say of it."""
    if view.service in view.project.jobs():
        yield "it is a job"
    deploys = [as_section(text.body.get("deploy")) for text in view.project.all_services.get(view.service, ())]
    orders = [as_section(each.get("update_config")).get("order") for each in deploys]
    if "stop-first" in orders:
        yield "its update_config"


def _held(view: View) -> Iterator[str]:
    """What only one container can have."""
    rendered = view.rendered
    yield from (f"port {port['published']}" for port in rendered.ports if port.get("published"))
    yield from _mounts(view)
    if rendered.container:
        yield f"name {rendered.container}"
    if rendered.network_mode:
        yield f"network mode {rendered.network_mode}"
    yield from (key.replace("_", " ") for key in rendered.alone)
    yield from (
        f"{name} is part of it" for name in view.seen.services if view.service in _shared_by(view.project, name)
    )


def _mounts(view: View) -> Iterator[str]:
    """What it may write to, and the volumes that its image asks for by itself."""
    for mount in view.rendered.mounts:
        if mount.get("type") in {"volume", "bind"} and not mount.get("read_only"):
            yield f"{'volume' if mount['type'] == 'volume' else 'folder'} {mount.get('source') or mount['target']}"
    declared = {str(mount.get("target")) for mount in view.rendered.mounts}
    for found in view.containers:
        for mount in view.seen.running_mounts.get(found.identity, ()):
            if mount.get("Type") == "volume" and str(mount.get("Destination")) not in declared:
                yield f"volume {mount['Destination']}"


def _shared_by(project: Project, name: str) -> set[str]:
    """The services whose processes or volumes a service has a part in."""
    bodies = [text.body for text in project.all_services.get(name, ())]
    modes = [str(body.get(key) or "").partition(":") for body in bodies for key in ("ipc", "pid", "network_mode")]
    return {service for kind, _, service in modes if kind == "service"}


def _needed(project: Project, service: str) -> set[str]:
    """All services that one depends on, over others too."""
    found: set[str] = set()
    waiting = [service]
    while waiting:
        new = project.needs(waiting.pop()) - found
        found |= new
        waiting += new
    return found - {service}
