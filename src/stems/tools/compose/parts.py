"""What a Compose service is made of, part by part, so that a change of any of them recreates exactly that service."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from stems.model.names import VARIABLE, is_name
from stems.model.node import Node
from stems.readers.interpolation import interpolate, references
from stems.tools.base import Job
from stems.tools.compose.project import Project, Section, as_list, as_section, inside
from stems.tools.compose.variables import GIVEN, environment

_PASSED_ON = ("environment", "build.args")


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one Compose service.

    `digests` are those of the tree, by name. `from_env` are variables that only the node's `.env` can give, and
    `untracked` environment files that only the node has: their digests are made there, with a key that stays there.
    """

    digests: Mapping[str, str]
    from_env: tuple[str, ...]
    untracked: tuple[str, ...]

    @property
    def digest(self) -> str:
        lines = [f"{digest} {name}" for name, digest in sorted(self.digests.items())]
        return _sha256("\n".join(lines).encode())


def read_parts(job: Job, node: Node, *, project: Project, name: str) -> Parts:
    bodies = project.services[name]
    given = environment(job, node)
    digests: dict[str, str] = {}
    for index, body in enumerate(bodies):
        for key, value in body.items():
            digests[f"{key}{'' if index == 0 else f' ({index + 1})'}"] = _canonical(value)
    used = _used_sections(project, bodies)
    digests |= {f"{kind} {key}": _canonical(value) for (kind, key), value in used.items()}
    tracked, untracked = _files(job, project, bodies=bodies, used=used, given=given)
    digests |= {f"file {path}": digest for path, digest in tracked.items()}
    digests |= {f"build {path}": digest for path, digest in _tracked(job, project, _built(bodies), given).items()}
    names = set(referred(*bodies, *used.values()))
    names |= {found.name for path in _env_paths(bodies) for found in references(_env_text(job, project, path))}
    digests |= {f"variable {variable}": _canonical(given[variable]) for variable in names & given.keys()}
    return Parts(digests, tuple(sorted(names - given.keys() - GIVEN)), untracked)


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
    for bodies in project.services.values():
        yield from (name for value in _used_sections(project, bodies).values() for name in _content_of(value))


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


def env_files(bodies: list[Section]) -> Iterator[tuple[str, bool]]:
    """Each `env_file` of a service and whether it must exist."""
    for body in bodies:
        for entry in as_list(body.get("env_file")):
            path = as_section(entry).get("path", entry)
            if isinstance(path, str):
                yield path, as_section(entry).get("required", True) is not False


def is_tracked(job: Job, path: Path) -> bool:
    shown = path.relative_to(job.tree.root.resolve()).as_posix()
    return shown in job.tree.tracked if job.tree.tracked else path.exists()


def _env_paths(bodies: list[Section]) -> Iterator[str]:
    yield from (path for path, _ in env_files(bodies))


def _env_text(job: Job, project: Project, path: str) -> str:
    found = inside(job, project.folder, path)
    if found is None or not found.is_file() or not is_tracked(job, found):
        return ""
    return found.read_text(encoding="utf-8", errors="replace")


def _used_sections(project: Project, bodies: list[Section]) -> dict[tuple[str, str], object]:
    """The networks, configs and secrets that a service uses. A volume is never made anew, so it is none of them."""
    used: dict[tuple[str, str], object] = {}
    for kind in ("networks", "configs", "secrets"):
        top = project.top(kind)
        for body in bodies:
            entries = body.get(kind) or (["default"] if kind == "networks" and "network_mode" not in body else [])
            names = entries if isinstance(entries, dict) else [as_section(e).get("source", e) for e in as_list(entries)]
            used |= {(kind, str(name)): top[str(name)] for name in names if str(name) in top}
    return used


def _files(
    job: Job,
    project: Project,
    *,
    bodies: list[Section],
    used: Mapping[tuple[str, str], object],
    given: Mapping[str, str],
) -> tuple[dict[str, str], tuple[str, ...]]:
    paths = dict.fromkeys([*_env_paths(bodies), *_mounted(bodies), *_of_sections(used)])
    env = [path for path in dict.fromkeys(_env_paths(bodies)) if not _tracked(job, project, [path], given)]
    untracked = [path for path in env if inside(job, project.folder, interpolate(path, given) or "/")]
    return _tracked(job, project, paths, given), tuple(untracked)


def _tracked(job: Job, project: Project, paths: Iterable[str], given: Mapping[str, str]) -> dict[str, str]:
    """The digest of each tracked file that these paths of a Compose file lead to."""
    found = (inside(job, project.folder, interpolate(path, given) or "/") for path in paths)
    files = {file for path in found if path for file in _below(path) if is_tracked(job, file)}
    root = job.tree.root.resolve()
    return {file.relative_to(root).as_posix(): _sha256(_content(file)) for file in sorted(files)}


def _mounted(bodies: list[Section]) -> Iterator[str]:
    """Paths of the repository that a service mounts or extends."""
    for body in bodies:
        for entry in as_list(body.get("volumes")):
            mount = as_section(entry)
            source = entry.split(":")[0] if isinstance(entry, str) else mount.get("source")
            if isinstance(source, str) and (source.startswith((".", "$")) or mount.get("type") == "bind"):
                yield source
        extended = as_section(body.get("extends")).get("file")
        yield from (extended,) if isinstance(extended, str) else ()


def _built(bodies: list[Section]) -> Iterator[str]:
    for body in bodies:
        build = body.get("build")
        context = build if isinstance(build, str) else as_section(build).get("context", "." if build else None)
        yield from (context,) if isinstance(context, str) and "://" not in context else ()


def _of_sections(used: Mapping[tuple[str, str], object]) -> Iterator[str]:
    paths = (as_section(value).get("file") for value in used.values())
    yield from (path for path in paths if isinstance(path, str))


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
