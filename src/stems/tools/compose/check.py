"""What is wrong with the services of a tree, seen without any node."""

from __future__ import annotations

import difflib
import posixpath
import re
from collections.abc import Iterator, Set
from pathlib import Path

from stems.errors import ConfigurationError
from stems.model.finding import Finding, Place, Severity
from stems.model.suggestion import did_you_mean, one_of
from stems.tools.base import Job
from stems.tools.compose.declared import Declared, declared_projects
from stems.tools.compose.files import TreeFiles, files_of
from stems.tools.compose.model.consistency import needed
from stems.tools.compose.model.files import COMPOSE_FILES, OVERRIDE_FILES
from stems.tools.compose.model.project import EnvFile
from stems.tools.compose.model.reading import REFUSED, UNREADABLE, VALUELESS, joined
from stems.tools.compose.project import PROJECT
from stems.tools.compose.tree import ENV, EXAMPLES, TEMPLATE

_PLACE = re.compile(r"(?P<path>[^:]+)(?::(?P<line>\d+))?(?::(?P<column>\d+))?: (?P<message>.*)", re.DOTALL)


def check(job: Job) -> Iterator[Finding]:
    """Every finding once, whatever the number of projects that it is true of."""
    seen: set[Finding] = set()
    for finding in _all(job):
        if finding not in seen:
            seen.add(finding)
            yield finding


def _all(job: Job) -> Iterator[Finding]:
    yield from _undeclared(job)
    files = job.once(files_of)
    for declared in job.once(declared_projects):
        unusable = list(_unusable(job, declared, files))
        yield from unusable
        if not unusable:
            yield from _of_project(job, declared)


def _undeclared(job: Job) -> Iterator[Finding]:
    """Folders of services that nobody runs, beside those that somebody does."""
    declared = {service.where for service in job.cluster.services.values()}
    for folder in _folders(job, declared):
        below = folder.relative_to(job.source).as_posix()
        files = (path.name for path in folder.glob("*compose*.y*ml"))
        # What is only laid over a project of another folder is no service.
        if below in declared or all(".override." in name for name in files):
            continue
        place = Place(job.named(below))
        yield Finding(
            "STM502",
            place,
            "no service of config/cluster.yml has this name",
            "declare it under `services`, or move it to archive/",
            Severity.NOTE,
        )


def _folders(job: Job, declared: Set[str]) -> Iterator[Path]:
    # What lies in the folder of a service belongs to it.
    above = {"", *map(posixpath.dirname, declared)} - declared
    for each in sorted(above):
        folder = job.source / each
        yield from sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else ()


def _unusable(job: Job, declared: Declared, files: TreeFiles) -> Iterator[Finding]:
    """What keeps the files of a project from being found at all."""
    folder = declared.folder
    for error in declared.errors:
        yield _unreadable(error, folder)
    for index, name in enumerate(declared.named):
        path = joined(folder, name)
        if files.read(path) is None:
            message = f"COMPOSE_FILE names {name}, which is not a file of this repository"
            yield Finding(UNREADABLE, Place(folder), message, f"name files in it, relative to {folder}")
        # Compose takes the folder of the first one for that of the project.
        elif index == 0 and posixpath.dirname(path) != folder:
            message = f"COMPOSE_FILE begins with {name}, which does not lie in the folder itself"
            yield Finding(UNREADABLE, Place(folder), message, f"begin with a file that lies in {folder}")
    if declared.named:
        return
    paths = [joined(folder, name) for name in (*COMPOSE_FILES, *OVERRIDE_FILES)]
    unread = [path for path in paths if files.is_tracked(path) and files.read(path) is None]
    for path in unread:
        message = "not UTF-8 text of this repository, or larger than 2 MiB"
        yield Finding(UNREADABLE, Place(path), message, f"save {path} as UTF-8, or split it")
    if not unread and not any(files.read(joined(folder, name)) is not None for name in COMPOSE_FILES):
        yield _without_file(job, declared)


def _unreadable(error: ConfigurationError, folder: str) -> Finding:
    match = _PLACE.fullmatch(error.problem)
    if match is None:
        return Finding(UNREADABLE, Place(folder), error.problem, error.remedy)
    place = Place(match["path"], int(match["line"] or 0), int(match["column"] or 0))
    return Finding(UNREADABLE, place, match["message"], error.remedy)


def _without_file(job: Job, declared: Declared) -> Finding:
    service, place, wanted = declared.service, Place(declared.folder), joined(declared.folder, COMPOSE_FILES[1])
    if (job.source / service.where).is_dir() or not job.source.is_dir():
        return Finding(UNREADABLE, place, f"no {COMPOSE_FILES[1]}", f"write {wanted}")
    above = next(one for one in (job.source / service.where).parents if one.is_dir())
    there = [path.relative_to(job.source).as_posix() for path in above.iterdir() if path.is_dir()]
    close = difflib.get_close_matches(service.where, there, n=1)
    remedy = f"did you mean `{close[0]}`?" if close else f"write {wanted}"
    return Finding(UNREADABLE, place, f"the service {service.name} has no folder", remedy)


def _of_project(job: Job, declared: Declared) -> Iterator[Finding]:
    yield from _refused(declared)
    yield from _name(declared)
    yield from _split(job, declared)
    yield from _values(declared)
    for one in declared.services.values():
        for file in one.env_files:
            if file.is_required and file.is_found is False and not _is_promised(job, declared, file):
                message = f"{file.path} is not in Git, and the node has to have it"
                remedy = f"add it if it holds no secret, or write {file.path}.example with its keys"
                yield Finding("STM505", file.place, message, remedy, Severity.WARNING)


def _is_promised(job: Job, declared: Declared, file: EnvFile) -> bool:
    """Whether a file beside it says which names it has on the node. Every project may have an `.env`."""
    folder, _, name = str(file.path).rpartition("/")
    if name == ENV and folder in {posixpath.dirname(path) for path in declared.paths}:
        return True
    return any(job.once(files_of).is_tracked(f"{file.path}{suffix}") for suffix in EXAMPLES)


def _refused(declared: Declared) -> Iterator[Finding]:
    """What Compose refuses, without what is said of environment files and of variables elsewhere here."""
    project = declared.project
    env_files = {file.place for one in project.services.values() for file in one.env_files if file.is_found is not True}
    for finding in project.findings:
        is_for_want_of_a_value = finding.code == VALUELESS or bool(project.absent.get(finding.place))
        if not is_for_want_of_a_value and finding.place not in env_files:
            yield finding
    for place, name in project.unseen.items():
        message = f"{name} is not a file of this repository"
        yield Finding(UNREADABLE, place, message, "name files of this repository only")
    if not project.services and project.is_complete and not project.findings:
        place = project.place or Place(declared.folder)
        yield Finding(REFUSED, place, "no file of the project has `services`", "write what is to run under `services`")


def _name(declared: Declared) -> Iterator[Finding]:
    name, written, place = declared.name, declared.project.written_name, declared.project.place
    if not isinstance(name, str) and written is not None and written.written:
        message = f"`{written.written}` gives no project name on {_nodes(declared)}"
        remedy = "use lower-case letters, digits, - and _, and variables of the cluster only"
        yield Finding(UNREADABLE, written.place, message, remedy)
    elif isinstance(name, str) and not PROJECT.fullmatch(name) and place is not None:
        yield Finding(REFUSED, place, f"`{name}` is no project name", "set `project` of the service")


def _split(job: Job, declared: Declared) -> Iterator[Finding]:
    """What `only` names is there, and needs nothing that it leaves out."""
    service, all_services = declared.service, declared.project.services
    for index, wanted in enumerate(service.only if all_services else ()):
        if wanted not in all_services:
            place = job.cluster.written.place("services", service.name, "only", index)
            meant = did_you_mean(wanted, all_services)
            message = f"services.{service.name}.only: {declared.folder} has no service `{wanted}`{meant}"
            yield Finding(UNREADABLE, place, message, f"its services are {one_of(all_services)}")
    for name, one in declared.services.items():
        left = sorted({need.name for need in needed(one.value)} & all_services.keys() - declared.services.keys())
        if left:
            message = f"{name} needs {left[0]}, which `only` of services.{service.name} leaves out"
            remedy = f"name {left[0]} in `only` too, or remove the dependency"
            yield Finding(UNREADABLE, one.place, message, remedy)


def _values(declared: Declared) -> Iterator[Finding]:
    """Variables that nothing in the repository promises. A template says that the node's `.env` has them."""
    for name, place in declared.project.unset.items():
        remedy = f"set it under `variables`, or name it in {declared.folder}/{TEMPLATE} and in the `.env` of the node"
        yield Finding(VALUELESS, place, f"{name} has no value on {_nodes(declared)}", remedy)


def _nodes(declared: Declared) -> str:
    return ", ".join(node.name for node in declared.nodes)
