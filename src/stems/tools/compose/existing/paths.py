"""Paths of a Compose file that are relative to its folder, as absolute ones."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from stems.tools.compose.existing.values import Path
from stems.tools.compose.project import as_list, as_section


@dataclass(frozen=True, slots=True)
class Led:
    """A relative path of a file: where in it, where on the node it leads to, and what is to be written instead.

    `written` is None where an absolute path cannot stand. `is_unseen` says that stems would see changes of a relative
    one, and not of this.
    """

    keys: Path
    path: str
    what: str
    written: str | None
    is_mount: bool = False
    is_unseen: bool = False


def absolute_paths(value: object, folder: str) -> Iterator[Led]:
    """Every relative path but that of the `.env`, which every service has beside its own files."""
    body = as_section(value)
    for name, service in as_section(body.get("services")).items():
        keys: Path = ("services", name)
        section = as_section(service)
        yield from _volumes(section.get("volumes"), (*keys, "volumes"), folder, name)
        for key in ("env_file", "label_file"):
            for path_keys, path in _files(section.get(key), (*keys, key)):
                if posixpath.normpath(path) != ".env":
                    yield from _file(path_keys, path, folder, f"{key} of {name}")
        yield from _build(section.get("build"), (*keys, "build"), folder, name)
    for kind in ("configs", "secrets"):
        for name, entry in as_section(body.get(kind)).items():
            file = as_section(entry).get("file")
            if isinstance(file, str):
                yield from _file((kind, name, "file"), file, folder, f"{kind[:-1]} {name}")


def _volumes(value: object, keys: Path, folder: str, service: str) -> Iterator[Led]:
    for index, entry in enumerate(as_list(value)):
        if isinstance(entry, str) and entry.startswith(".") and ":" in entry:
            source, _, rest = entry.partition(":")
            path = _joined(folder, source)
            written = None if ":" in path else f"{_escaped(path)}:{rest}"
            yield Led((*keys, index), path, f"mount of {service}", written, is_mount=True, is_unseen=True)
        elif as_section(entry).get("type") == "bind":
            source = str(as_section(entry).get("source", ""))
            if _is_relative(source):
                path = _joined(folder, source)
                what = f"mount of {service}"
                yield Led((*keys, index, "source"), path, what, _escaped(path), is_mount=True, is_unseen=True)


def _files(value: object, keys: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield keys, value
    for index, entry in enumerate(value if isinstance(value, list) else []):
        path = as_section(entry).get("path", entry)
        if isinstance(path, str):
            yield (*keys, index, "path") if isinstance(entry, dict) else (*keys, index), path


def _file(keys: Path, path: str, folder: str, what: str) -> Iterator[Led]:
    if _is_relative(path):
        there = _joined(folder, path)
        yield Led(keys, there, what, _escaped(there), is_unseen=True)


def _build(value: object, keys: Path, folder: str, service: str) -> Iterator[Led]:
    context = value if isinstance(value, str) else as_section(value).get("context")
    if isinstance(value, dict) and context is None:
        yield Led(keys, folder, f"built for {service}", None)
    if isinstance(context, str) and _is_relative(context) and "://" not in context and not context.startswith("git@"):
        yield from _file(
            keys if isinstance(value, str) else (*keys, "context"), context, folder, f"built for {service}"
        )


def _is_relative(path: str) -> bool:
    return bool(path) and not path.startswith(("/", "~", "$"))


def _joined(folder: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(folder, path))


def _escaped(path: str) -> str:
    return path.replace("$", "$$")
