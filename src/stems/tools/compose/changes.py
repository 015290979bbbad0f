"""What Compose's dry run means: changes, with what they replace and whether they can be taken back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from stems.model.change import Change, Domain, Risk, Undo
from stems.tools.compose.adoption import displaced
from stems.tools.compose.container import Container
from stems.tools.compose.naming import NAME
from stems.tools.compose.project import PROJECT, Project
from stems.tools.compose.reading import ProjectReading, Reading

CREATED = {"Creating", "Created"}
RECREATED = {"Recreate", "Recreated"}
REMOVED = {"Removing", "Removed"}
_FOR_GOOD = "it keeps data, which the new image may change for good"


def project_changes(
    node: str, project: Project, *, reading: Reading, parts: Mapping[str, Mapping[str, str]]
) -> Iterator[Change]:
    """`parts` are the digests of what each Compose service is made of, to say what of it changed."""
    seen = reading.projects[project.name]
    existing = {f"container:{found.name}": found for found in reading.containers if found.project == project.name}
    blank = Change(node, Domain.SERVICES, NAME, "", "", Risk.SERVICE, source=str(project.place("")))
    blank = replace(blank, service=project.service.name)
    for image, identity in sorted(seen.images.items()):
        if not identity:
            builds = any(service.builds for service in seen.services.values() if service.image == image)
            yield replace(blank, resource=f"image:{image}", action="build" if builds else "pull", after=_named(image))
    events = _without_dry_run(project, seen, existing) if seen.builds_first else seen.events
    for resource, statuses in events.items():
        if not resource.startswith("container:"):
            yield from _of_part(blank, resource, set(statuses))
    named = {resource: set(events.get(resource, ())) for resource in sorted({*events, *existing})}
    alone = {f"container:{found.name}": found for found in displaced(seen, reading.containers).values()}
    for resource, found in named.items():
        if resource.startswith("container:"):
            container = existing.get(resource)
            service = container.service if container else _service_of(resource, project=project, seen=seen)
            yield from _of_container(
                replace(blank, resource=resource, source=str(project.place(service))),
                found,
                container=container or alone.get(resource),
                view=_View(project, seen, reading.version, service, parts.get(service, {})),
            )


@dataclass(frozen=True, slots=True)
class _View:
    """One Compose service as the tree and the node tell it. `version` is that of Compose on the node."""

    project: Project
    seen: ProjectReading
    version: str
    service: str
    parts: Mapping[str, str]

    @property
    def digest(self) -> str:
        return self.seen.digests.get(self.service, "")

    @property
    def is_applied(self) -> bool:
        return self.digest != "" and self.seen.applied.get(self.service) == self.digest


def _of_container(blank: Change, found: set[str], *, container: Container | None, view: _View) -> Iterator[Change]:
    if container is None:
        if found & CREATED:
            image = f"image {view.seen.services[view.service].image}" if view.service in view.seen.services else ""
            yield replace(blank, action="create", after=view.digest, by_hand=view.is_applied, note=image)
        return
    blank = replace(blank, before=container.before, after=view.digest)
    if not container.project:
        yield _displace(blank, container, view)
    elif view.service not in view.seen.services or found & REMOVED:
        if container.cluster:
            note = "its volumes are kept"
            yield replace(blank, action="remove", after="", risk=Risk.DESTRUCTIVE, note=note)
    elif not container.cluster:
        note = "takes over a running container; its volumes and mounts stay what they are"
        by_hand = view.is_applied
        yield replace(blank, action="recreate", risk=Risk.DESTRUCTIVE, undo=Undo.NO, by_hand=by_hand, note=note)
    elif container.digest != view.digest or (
        found & RECREATED and not _other_compose(container, view.seen, view.version)
    ):
        yield _recreate(replace(blank, by_hand=view.is_applied), container, view)
    elif not container.is_up and not (view.service in view.project.jobs() and container.is_done):
        yield replace(blank, action="start", by_hand=view.is_applied, note=container.state)


def _displace(blank: Change, container: Container, view: _View) -> Change:
    image, undo = view.seen.services[view.service].image, Undo.BY_BACKUP
    notes = [
        "takes the place of a container that was started by itself: that one is stopped and kept under another name"
    ]
    if container.image != image:
        notes.append(f"image {container.image} becomes {image}")
        if _is_at_stake(view):
            undo = Undo.NO
            notes.append(_FOR_GOOD)
    return replace(blank, action="recreate", risk=Risk.DESTRUCTIVE, undo=undo, note="; ".join(notes))


def _recreate(blank: Change, container: Container, view: _View) -> Change:
    image, undo, notes = view.seen.services[view.service].image, Undo.BY_REPLAY, []
    if changed := _changed_parts(view):
        notes.append("changed: " + ", ".join(changed))
    moved = container.image != image or container.image_id != view.seen.images.get(image, container.image_id)
    if moved:
        notes.append(f"image {container.image} becomes {image}")
    is_built = any(name == "build" or name.startswith("build ") for name in changed)
    if (moved or is_built) and _is_at_stake(view):
        undo = Undo.NO
        notes.append(_FOR_GOOD)
    return replace(blank, action="recreate", undo=undo, note="; ".join(notes))


def _is_at_stake(view: _View) -> bool:
    return view.project.service.keeps_data and not view.project.service.rollback_safe


def _changed_parts(view: _View) -> list[str]:
    was = view.seen.parts.get(view.service, {})
    now = {**view.parts, **keyed_part(view.seen.keyed.get(view.service, "-"))}
    return sorted(name for name in {*now, *was} if now.get(name) != was.get(name)) if was else []


def keyed_part(digest: str) -> dict[str, str]:
    """The part of a service that only the node knows: values of its `.env` and files that Git does not track."""
    return {} if digest == "-" else {"values of the node": digest}


def _other_compose(container: Container, seen: ProjectReading, version: str) -> bool:
    """Compose hashes its own model, so that a new version of it would recreate what is the same."""
    return container.compose_version.removeprefix("v") != version and container.image_id in seen.images.values()


def only_compose_changed(project: str, reading: Reading) -> bool:
    """Whether plain `up` would recreate containers of a project that have not changed."""
    seen = reading.projects[project]
    return any(
        found.digest == seen.digests.get(found.service)
        and set(seen.events.get(f"container:{found.name}", ())) & RECREATED
        and _other_compose(found, seen, reading.version)
        for found in reading.containers
        if found.project == project
    )


def _of_part(blank: Change, resource: str, statuses: set[str]) -> Iterator[Change]:
    """A network or a volume."""
    if statuses & REMOVED:
        yield replace(blank, resource=resource, action="recreate", before=_named("present"), after=_named(resource))
    elif statuses & CREATED:
        yield replace(blank, resource=resource, action="create", after=_named(resource))


def _without_dry_run(project: Project, seen: ProjectReading, existing: Mapping[str, Container]) -> dict[str, list[str]]:
    """Before an image is built Compose has no dry run: what the labels say then."""
    present = {container.service for container in existing.values()}
    return {
        f"container:{service.container or f'{project.name}-{name}-1'}": ["Creating"]
        for name, service in seen.services.items()
        if name not in present
    }


def _service_of(resource: str, *, project: Project, seen: ProjectReading) -> str:
    name = resource.removeprefix("container:")
    for service, rendered in seen.services.items():
        if name == rendered.container:
            return service
        if name.startswith(f"{project.name}-{service}-") and name.rpartition("-")[2].isdigit():
            found = name.removeprefix(f"{project.name}-{service}-")
            if found.isdigit():
                return service
    return ""


def orphans(node: str, reading: Reading, *, cluster: str, declared: frozenset[str]) -> Iterator[Change]:
    """Containers with the label of this cluster whose project is no longer declared on the node."""
    for found in reading.containers:
        if _is_ours(found, cluster) and found.project not in declared:
            yield Change(
                node,
                Domain.SERVICES,
                NAME,
                f"container:{found.name}",
                "remove",
                Risk.DESTRUCTIVE,
                before=found.before,
                source="config/cluster.yml",
                service=found.declared,
                note=f"{found.declared or found.project} is not declared on {node}; volumes stay, networks go",
            )


def unmanaged(reading: Reading, *, cluster: str, declared: Mapping[str, Project]) -> Iterator[str]:
    # What the plan replaces is not left alone.
    known = (seen for name, seen in reading.projects.items() if name in declared)
    replaced = {found.name for seen in known for found in displaced(seen, reading.containers).values()}
    for found in (*reading.containers, *reading.one_offs):
        project = declared.get(found.project)
        is_managed = (
            _is_ours(found, cluster) or (project and found.service in project.services) or found.name in replaced
        )
        if is_managed and not found.is_one_off:
            continue
        yield f"container:{found.name}" + (f" (project {found.project})" if found.project else "")
    # Those of a project with containers belong to them.
    running = {found.project for found in (*reading.containers, *reading.one_offs)}
    for name, of in reading.volumes.items():
        if of not in declared and of not in running:
            yield f"volume:{name} (left by {of})"


def _is_ours(container: Container, cluster: str) -> bool:
    # Labels are what somebody wrote: a project is a folder in the state of stems, so it is one name.
    return container.cluster == cluster and PROJECT.fullmatch(container.project) is not None


def _named(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
