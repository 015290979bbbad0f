"""What Compose's dry run means: changes, with what they replace and whether they can be taken back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace

from stems.model.change import Change, Domain, Risk, Undo
from stems.tools.compose.adoption import displaced
from stems.tools.compose.container import Container
from stems.tools.compose.naming import NAME
from stems.tools.compose.profiles import profiles_of
from stems.tools.compose.project import PROJECT, Project
from stems.tools.compose.reading import ProjectReading, Reading
from stems.tools.compose.recreation import RECREATED, REMOVED, View, displace, other_compose, recreate, take_over

CREATED = {"Creating", "Created"}


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
                view=View(project, seen, reading.version, service, parts.get(service, {}), tuple(existing.values())),
            )


def _of_container(blank: Change, found: set[str], *, container: Container | None, view: View) -> Iterator[Change]:
    if container is None:
        if found & CREATED:
            image = f"image {view.rendered.image}" if view.service in view.seen.services else ""
            yield replace(blank, action="create", after=view.digest, by_hand=view.is_applied, note=image)
        return
    blank = replace(blank, before=container.before, after=view.digest)
    if not container.project:
        yield displace(blank, container, view)
    elif view.service not in view.seen.services or found & REMOVED:
        yield from _remove(blank, container, view)
    elif not container.cluster:
        yield take_over(blank, container, view)
    elif container.digest != view.digest or (
        found & RECREATED and not other_compose(container, view.seen, view.version)
    ):
        yield recreate(blank, container, view)
    elif not container.is_up and not (view.service in view.project.jobs() and container.is_done):
        yield replace(blank, action="start", by_hand=view.is_applied, note=container.state)


def _remove(blank: Change, container: Container, view: View) -> Iterator[Change]:
    blank = replace(blank, action="remove", after="", risk=Risk.DESTRUCTIVE)
    kept = "its volumes are kept"
    if view.service in view.seen.services:
        count = view.rendered.count
        note = f"{view.service} has {count} container{'s' * (count != 1)}; {kept}"
        # Compose would remove it without a word, whoever made it.
        undo = Undo.BY_REPLAY if container.cluster else Undo.NO
        yield replace(blank, by_hand=view.is_applied, undo=undo, note=note)
    elif container.cluster:
        profiles = ", ".join(sorted(profiles_of(view.project, view.service)))
        yield replace(blank, note=f"no profile of it is active ({profiles}); {kept}" if profiles else kept)


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
        f"container:{service.container or f'{project.name}-{name}-{number}'}": ["Creating"]
        for name, service in seen.services.items()
        if name not in present
        for number in range(1, service.count + 1)
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
        project = reading.projects.get(found.project) if found.project in declared else None
        # What no profile activates is not part of a project.
        is_part = project is not None and found.service in project.services
        is_managed = _is_ours(found, cluster) or is_part or found.name in replaced
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
