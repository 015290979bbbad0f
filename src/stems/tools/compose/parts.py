"""What a Compose service is made of, part by part, so that a change of any of them recreates exactly that service."""

from __future__ import annotations

import hashlib
import json
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from stems.model.names import VARIABLE, is_name
from stems.model.node import Node
from stems.readers.interpolation import interpolate, references
from stems.tools.base import Job
from stems.tools.compose.project import Project
from stems.tools.compose.tree import inside, is_tracked
from stems.tools.compose.variables import GIVEN, environment
from stems.tools.compose.written import Definition, Section, as_list, as_section

Where = tuple[str, str]
"""A path of a Compose file: the folder of the repository that it starts from, and the path as it is written."""

_FOR_THE_PROJECT = frozenset({"scale", "profiles"})
"""What says whether there is a container and how many, and nothing of any one of them. So does `replicas`."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one Compose service.

    `digests` are those of the tree, by name. `from_env` are variables that only the node's `.env` can give, `untracked`
    environment files that only the node has, and `handed` such files of configs and secrets, relative to the project's
    folder: their digests are made there, with a key that stays there.
    """

    digests: Mapping[str, str]
    from_env: tuple[str, ...]
    untracked: tuple[str, ...]
    handed: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        lines = [f"{digest} {name}" for name, digest in sorted(self.digests.items())]
        return _sha256("\n".join(lines).encode())


def read_parts(job: Job, node: Node, *, project: Project, name: str) -> Parts:
    definitions, given = project.services[name], environment(job, node)
    bodies = [_lasting(text.body) for text in definitions]
    digests: dict[str, str] = {}
    for index, body in enumerate(bodies):
        for key, value in body.items():
            digests[f"{key}{'' if index == 0 else f' ({index + 1})'}"] = _canonical(value)
    used = _used_sections(project, bodies)
    digests |= {f"{kind} {key}": _canonical(value) for (kind, key), (value, _) in used.items()}
    env = list(_env_paths(definitions))
    tracked = _tracked(job, [*env, *_mounted(definitions), *_of_sections(used)], given)
    digests |= {f"file {path}": digest for path, digest in tracked.items()}
    digests |= {f"build {path}": digest for path, digest in _tracked(job, _built(definitions), given).items()}
    names = set(referred(*bodies, *(value for value, _ in used.values())))
    names |= {found.name for where in env for found in references(_env_text(job, *where))}
    digests |= {f"variable {variable}": _canonical(given[variable]) for variable in names & given.keys()}
    untracked, handed = (_untracked(job, project, paths, given) for paths in (env, list(_of_sections(used))))
    return Parts(digests, tuple(sorted(names - given.keys() - GIVEN)), untracked, handed)


def _lasting(body: Section) -> Section:
    kept = {key: value for key, value in body.items() if key not in _FOR_THE_PROJECT}
    if isinstance(deploy := body.get("deploy"), dict) and "replicas" in deploy:
        kept["deploy"] = {key: value for key, value in deploy.items() if key != "replicas"}
    return {key: value for key, value in kept.items() if key != "deploy" or value}


def referred(*values: object) -> Iterator[str]:
    """Every variable that Compose replaces or passes on in these values."""
    for value in values:
        yield from (reference.name for text in texts(value) for reference in references(text))
        environment_section = as_section(value).get("environment")
        yield from (key for key, given in as_section(environment_section).items() if given is None)
        entries = environment_section if isinstance(environment_section, list) else []
        yield from (entry for entry in entries if isinstance(entry, str) and "=" not in entry)
        yield from _content_of(value)


def contents(project: Project) -> Iterator[str]:
    """The variables that are the content of configs and secrets that some service uses."""
    for texts_of_one in project.services.values():
        used = _used_sections(project, [text.body for text in texts_of_one])
        yield from (name for value, _ in used.values() for name in _content_of(value))


def _content_of(value: object) -> Iterator[str]:
    name = as_section(value).get("environment")
    if isinstance(name, str) and is_name(VARIABLE, name):
        yield name


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def env_files(definitions: list[Definition]) -> Iterator[tuple[Where, bool]]:
    """Each `env_file` of a service and whether it must exist."""
    for text in definitions:
        for entry in as_list(text.body.get("env_file")):
            path = as_section(entry).get("path", entry)
            if isinstance(path, str):
                yield (text.folder, path), as_section(entry).get("required", True) is not False


def _env_paths(definitions: list[Definition]) -> Iterator[Where]:
    yield from (where for where, _ in env_files(definitions))


def _env_text(job: Job, folder: str, path: str) -> str:
    found = inside(job, folder, path)
    if found is None or not found.is_file() or not is_tracked(job, found):
        return ""
    return found.read_text(encoding="utf-8", errors="replace")


def _untracked(job: Job, project: Project, paths: list[Where], given: Mapping[str, str]) -> tuple[str, ...]:
    """Those of these files that Git does not track."""
    missing = [(folder, path) for folder, path in paths if not _tracked(job, [(folder, path)], given)]
    named = [(folder, interpolate(path, given) or "/") for folder, path in missing]
    found = (project.from_folder(posixpath.join(folder, path)) for folder, path in named if inside(job, folder, path))
    return tuple(dict.fromkeys(found))


def _used_sections(project: Project, bodies: list[Section]) -> dict[tuple[str, str], tuple[object, str]]:
    """The networks, configs and secrets that a service uses. A volume is never made anew, so it is none of them."""
    used: dict[tuple[str, str], tuple[object, str]] = {}
    for kind in ("networks", "configs", "secrets"):
        top = project.top(kind)
        for body in bodies:
            entries = body.get(kind) or (["default"] if kind == "networks" and "network_mode" not in body else [])
            names = entries if isinstance(entries, dict) else [as_section(e).get("source", e) for e in as_list(entries)]
            used |= {(kind, str(name)): top[str(name)] for name in names if str(name) in top}
    return used


def _tracked(job: Job, paths: Iterable[Where], given: Mapping[str, str]) -> dict[str, str]:
    """The digest of each tracked file that these paths of Compose files lead to."""
    found = (inside(job, folder, interpolate(path, given) or "/") for folder, path in paths)
    files = {file for path in found if path for file in _below(path) if is_tracked(job, file)}
    root = job.tree.root.resolve()
    return {file.relative_to(root).as_posix(): _sha256(_content(file)) for file in sorted(files)}


def _mounted(definitions: list[Definition]) -> Iterator[Where]:
    """Paths of the repository that a service mounts."""
    for text in definitions:
        for entry in as_list(text.body.get("volumes")):
            mount = as_section(entry)
            source = entry.split(":")[0] if isinstance(entry, str) else mount.get("source")
            if isinstance(source, str) and (source.startswith((".", "$")) or mount.get("type") == "bind"):
                yield text.folder, source


def _built(definitions: list[Definition]) -> Iterator[Where]:
    for text in definitions:
        build = text.body.get("build")
        context = build if isinstance(build, str) else as_section(build).get("context", "." if build else None)
        if isinstance(context, str) and "://" not in context:
            yield text.folder, context


def _of_sections(used: Mapping[tuple[str, str], tuple[object, str]]) -> Iterator[Where]:
    for value, folder in used.values():
        path = as_section(value).get("file")
        if isinstance(path, str):
            yield folder, path


def _below(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.rglob("*") if file.is_file() or file.is_symlink())
    return [path] if path.is_file() else []


def _content(path: Path) -> bytes:
    if path.is_symlink():
        return b"link " + str(path.readlink()).encode()
    mode = b"x" if path.stat().st_mode & 0o111 else b"-"
    return mode + path.read_bytes()


def _canonical(value: object) -> str:
    return _sha256(json.dumps(value, sort_keys=True, separators=(",", ":"), default=str).encode())


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
