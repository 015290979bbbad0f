"""What is wrong with the services of a tree, seen without any node."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from stems.errors import ConfigurationError
from stems.model.finding import Finding, Place, Severity
from stems.model.names import COMPOSE_SERVICE
from stems.model.node import Node
from stems.model.service import Service
from stems.tools.base import Job
from stems.tools.compose.parts import env_files
from stems.tools.compose.preview import compose_services
from stems.tools.compose.project import PROJECT, Project, read_project
from stems.tools.compose.required import supplied, template, unresolved
from stems.tools.compose.tree import inside, is_tracked
from stems.tools.compose.written import as_section

TOP_LEVEL = frozenset({"name", "version", "services", "networks", "volumes", "configs", "secrets", "include", "models"})
_PLACE = re.compile(r"(?P<path>[^:]+)(?::(?P<line>\d+))?(?::(?P<column>\d+))?: (?P<message>.*)", re.DOTALL)


def check(job: Job) -> Iterator[Finding]:
    """Every finding once, whatever the number of nodes that it is true on."""
    seen: set[Finding] = set()
    for finding in _all(job):
        if finding not in seen:
            seen.add(finding)
            yield finding


def _all(job: Job) -> Iterator[Finding]:
    yield from _undeclared(job)
    for node in job.cluster.nodes.values():
        for service in compose_services(job, node):
            try:
                project = read_project(job, service, node)
                yield from _of_project(job, node, project)
            except ConfigurationError as error:
                yield _unreadable(job, service, error)


def _unreadable(job: Job, service: Service, error: ConfigurationError) -> Finding:
    match = _PLACE.fullmatch(error.problem)
    if match is None:
        return Finding("STM501", Place(job.settings.source), error.problem, error.remedy)
    place = Place(match["path"], int(match["line"] or 0), int(match["column"] or 0))
    folder = job.source / service.where
    if folder.is_dir() or not job.source.is_dir():
        return Finding("STM501", place, match["message"], error.remedy)
    close = difflib.get_close_matches(service.where, [path.name for path in job.source.iterdir() if path.is_dir()], n=1)
    remedy = f"did you mean `{close[0]}`?" if close else error.remedy
    return Finding("STM501", place, f"the service {service.name} has no folder", remedy)


def _undeclared(job: Job) -> Iterator[Finding]:
    """Folders of services that nobody runs."""
    if not job.source.is_dir():
        return
    declared = {service.where for service in job.cluster.services.values()}
    for folder in sorted(path for path in job.source.iterdir() if path.is_dir()):
        files = (path.name for path in folder.glob("*compose*.y*ml"))
        # An override alone belongs to a project that lies elsewhere.
        if folder.name in declared or all(".override." in name for name in files):
            continue
        place = Place(job.named(folder.name))
        yield Finding(
            "STM502",
            place,
            "no service of config/cluster.yml has this name",
            "declare it under `services`, or remove the folder",
            Severity.NOTE,
        )


def _of_project(job: Job, node: Node, project: Project) -> Iterator[Finding]:
    yield from _shape(project)
    yield from _values(job, node, project)
    for name, texts in project.services.items():
        for (folder, path), required in env_files(texts):
            found = inside(job, folder, path)
            promised = bool(template(job, project)) or found is None or _is_ignored_env(path)
            if required and found is not None and not promised and not (found.is_file() and is_tracked(job, found)):
                yield Finding(
                    "STM505",
                    project.place(name, "env_file"),
                    f"{path} is not in Git, and the node has to have it",
                    f"add it, or write {project.folder}/env.template with its keys",
                    Severity.WARNING,
                )


def _is_ignored_env(path: str) -> bool:
    return path in {".env", "./.env"}


def _shape(project: Project) -> Iterator[Finding]:
    for document in project.documents:
        body = as_section(document.value)
        for key in body:
            if key not in TOP_LEVEL and not key.startswith("x-"):
                close = difflib.get_close_matches(key, TOP_LEVEL, n=1)
                remedy = f"did you mean `{close[0]}`?" if close else "remove it, or start it with x-"
                yield Finding("STM503", document.key_place(key), f"{key}: Compose has no such key", remedy)
        services = body.get("services")
        if not isinstance(services, dict) and "include" not in body:
            yield Finding("STM503", document.place("services"), "`services` is missing or no mapping")
    if not PROJECT.fullmatch(project.name):
        place = project.documents[0].place("name")
        yield Finding("STM503", place, f"`{project.name}` is no project name", "set `project` of the service")
    for name, texts in project.services.items():
        if not COMPOSE_SERVICE.fullmatch(name):
            yield Finding("STM503", project.place(name), f"`{name}` is no name for a service")
        elif not any({"image", "build", "extends", "provider"} & text.body.keys() for text in texts):
            remedy = f"name an image for {name}"
            yield Finding("STM503", project.place(name), f"{name} has neither image nor build", remedy)


def _values(job: Job, node: Node, project: Project) -> Iterator[Finding]:
    """Variables that nothing in the repository promises. A template says that the node's `.env` has them."""
    promised = supplied(job, project)
    for reference in unresolved(job, node, project):
        if reference.name not in promised:
            yield Finding(
                "STM504",
                _place_of(project, reference.name),
                f"{reference.name} has no value on {node.name}",
                f"set it under `variables`, or name it in {project.folder}/env.template and in the `.env` of the node",
            )


def _place_of(project: Project, variable: str) -> Place:
    for document in project.documents:
        for place in _places(document.value, variable, document.place, ()):
            return place
    return Place(project.folder)


def _places(value: object, variable: str, place: Callable[..., Place], keys: tuple[str | int, ...]) -> Iterator[Place]:
    inner: Iterable[tuple[str | int, object]] = ()
    is_content = keys[-1:] == ("environment",) and value == variable
    if isinstance(value, str) and (is_content or re.search(rf"\$\{{?{re.escape(variable)}\b", value)):
        yield place(*keys)
    elif isinstance(value, Mapping):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    for key, one in inner:
        yield from _places(one, variable, place, (*keys, key))
