"""What the services of each node would become, asked of all nodes at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from stems.errors import ToolError
from stems.infrastructure.parallel import ask_each
from stems.model.node import Node, Privilege
from stems.model.observation import Answer
from stems.model.service import Service, in_order
from stems.tools.base import Job, Preview, Site
from stems.tools.compose.adoption import displaced, mount_differences
from stems.tools.compose.changes import CREATED, orphans, project_changes, unmanaged
from stems.tools.compose.container import Container
from stems.tools.compose.env_command import env_command
from stems.tools.compose.naming import NAME
from stems.tools.compose.observe import observe_command
from stems.tools.compose.project import Project, read_project
from stems.tools.compose.reading import ProjectReading, Reading, parse_reading
from stems.tools.compose.render import Rendering, rendering
from stems.tools.compose.shell import NO_DOCKER
from stems.tools.redact import redacted

LEAST = (2, 29)
"""The first Compose that tells its progress as JSON (docker/compose#11478)."""


@dataclass(frozen=True)
class Observed:
    """A node's projects, what it said about them, and as whom it had to be asked."""

    renderings: tuple[Rendering, ...]
    reading: Reading
    account: str

    @property
    def projects(self) -> dict[str, Project]:
        return {one.project.name: one.project for one in self.renderings}


def preview(job: Job, sites: Sequence[Site]) -> Mapping[str, Answer[Preview]]:
    by_name = {site.node.name: site for site in sites}
    return ask_each(by_name, lambda name: preview_node(job, by_name[name]))


def preview_node(job: Job, site: Site) -> Preview:
    observed = observe(job, site)
    reading = observed.reading
    if reading.blocked == NO_DOCKER and not observed.renderings:
        return Preview()
    if reading.blocked:
        return Preview(version=reading.version, blocked=reading.blocked)
    name, cluster = site.node.name, job.cluster.name
    changes = [
        change
        for one in observed.renderings
        for change in project_changes(
            name, one.project, reading=reading, parts={service: parts.digests for service, parts in one.parts.items()}
        )
    ]
    changes += orphans(name, reading, cluster=cluster, declared=frozenset(observed.projects))
    others = tuple(sorted(unmanaged(reading, cluster=cluster, declared=observed.projects)))
    return Preview(tuple(changes), version=reading.version, unmanaged=others, notes=tuple(_notes(site, reading)))


def observe(job: Job, site: Site) -> Observed:
    """Render every project on the node and ask Compose for its dry run. Raises when anything cannot be known."""
    projects = [read_project(job, service, site.node) for service in compose_services(job, site.node)]
    renderings = tuple(rendering(job, site, project) for project in projects)
    reading, account = _ask(job, site, renderings)
    if not reading.blocked:
        _require_whole(site, reading, renderings, cluster=job.cluster.name)
    return Observed(renderings, reading, account)


def compose_services(job: Job, node: Node) -> tuple[Service, ...]:
    """The services of a node that are projects, each after those that it names in `after`."""
    return in_order(service for service in job.cluster.services_on(node.name) if service.tool == NAME)


def is_supported(version: str) -> bool:
    found = re.match(r"(\d+)\.(\d+)", version)
    return found is not None and (int(found[1]), int(found[2])) >= LEAST


def _ask(job: Job, site: Site, renderings: tuple[Rendering, ...]) -> tuple[Reading, str]:
    reading = _read(job, site, renderings, account="")
    if not reading.denied:
        return reading, ""
    if site.node.privilege is Privilege.NONE:
        raise ToolError(
            f"{site.node.name}: the SSH user may not talk to Docker",
            said=redacted("\n".join(reading.said)),
            remedy="add it to the group docker there, or set `privilege` of the node to sudo",
        )
    return _read(job, site, renderings, account="root"), "root"


def _read(job: Job, site: Site, renderings: tuple[Rendering, ...], *, account: str) -> Reading:
    result = site.runner.run(observe_command(job, site, renderings, account=account))
    try:
        reading = parse_reading(result.text)
    except (ValueError, KeyError, TypeError) as error:
        raise ToolError(
            f"{site.node.name}: what it said about its services cannot be read: {error}",
            said=redacted(result.errors),
            remedy="see whether the disk there is full and `docker compose` works by hand",
        ) from None
    if reading.failed:
        raise ToolError(
            f"{site.node.name}: {reading.failed}",
            said=redacted("\n".join(reading.said)),
            remedy="see `systemctl status docker` there",
        )
    if renderings and reading.version and not is_supported(reading.version):
        reading.blocked = f"Docker Compose {reading.version} is older than {LEAST[0]}.{LEAST[1]}"
    return reading


def _require_whole(site: Site, reading: Reading, renderings: tuple[Rendering, ...], *, cluster: str) -> None:
    if reading.denied:
        raise ToolError(f"{site.node.name}: root may not talk to Docker either", said=redacted("\n".join(reading.said)))
    for one in renderings:
        seen = reading.projects.get(one.project.name)
        if seen is None:
            raise ToolError(f"{site.node.name}: nothing was said about {one.project.folder}")
        _require_values(site, one.project, seen)
        if seen.failed or seen.dry_status or not (seen.builds_first or seen.dry_status == 0):
            raise ToolError(
                f"{site.node.name}: {one.project.folder}: {seen.failed or 'the dry run of Compose failed'}",
                ran="docker compose --dry-run up",
                said=redacted("\n".join(seen.said)),
                remedy=f"see `docker compose config` in {site.checkout}/{one.project.folder} there",
            )
        _require_free_names(site, one.project, reading, cluster=cluster)
        _require_same_mounts(site, one.project, reading)


def _require_values(site: Site, project: Project, seen: ProjectReading) -> None:
    if not seen.missing:
        return
    folder = f"{site.checkout}/{project.folder}"
    keys = ", ".join(seen.missing)
    many = "values" if len(seen.missing) > 1 else "a value"
    raise ToolError(
        f"{site.node.name}: {folder}/.env: {many} missing for {keys}",
        remedy=f"on {site.node.name}, write {keys} as KEY=value: `{env_command(folder)}`",
    )


def _require_free_names(site: Site, project: Project, reading: Reading, *, cluster: str) -> None:
    """A name that a new container gets is nobody else's. What this cluster made makes way by itself."""
    seen = reading.projects[project.name]
    named = {resource.partition(":")[2] for resource, told in seen.events.items() if CREATED & set(told)}
    named |= {service.container for service in seen.services.values()}
    for found in reading.containers:
        is_another = found.project != project.name and found.cluster != cluster
        if is_another and found.name in named and found not in displaced(seen, reading.containers).values():
            whose = f"of the project {found.project}" if found.project else "that was started by itself"
            raise ToolError(
                f"{site.node.name}: {project.folder} needs the name {found.name}, which a container {whose} has",
                remedy=f"rename or remove that container, or give the one in {project.folder} another `container_name`",
            )


def _require_same_mounts(site: Site, project: Project, reading: Reading) -> None:
    seen = reading.projects[project.name]
    for name, found in _taken_over(project, reading):
        if differences := list(mount_differences(seen, found, name)):
            raise ToolError(
                f"{site.node.name}: {found.name} runs already and would get other mounts, so it is not taken over",
                said="\n".join(differences),
                remedy=f"write the mounts that it has into {project.folder}, or remove the container",
            )
        if found.identity in seen.fleeting and not found.project:
            raise ToolError(
                f"{site.node.name}: {found.name} was started with --rm: stopping it removes it and anonymous volumes",
                remedy="copy what it keeps and stop it yourself, then plan again",
            )


def _taken_over(project: Project, reading: Reading) -> Iterator[tuple[str, Container]]:
    """What runs without labels of stems in the place of a service of the project."""
    seen = reading.projects[project.name]
    for found in reading.containers:
        if found.project == project.name and not found.cluster and found.service in seen.services:
            yield found.service, found
    yield from displaced(seen, reading.containers).items()


def _notes(site: Site, reading: Reading) -> Iterator[str]:
    for seen in reading.projects.values():
        for line in seen.said:
            if "doesn't match configuration" in line:
                yield f"{site.node.name}: {line.split('. Recreate')[0]}; it is kept as it is"
