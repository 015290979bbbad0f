"""What `requirements.yml` brings: roles and collections that are not in the repository."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import basename
from typing import Any

from stems.model.finding import Place
from stems.tools.ansible.repository.content import Content

NAMES = ("requirements.yml", "requirements.yaml")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One role or collection that galaxy installs."""

    name: str
    kind: str
    """`role` or `collection`."""
    source: str
    version: str
    place: Place

    @property
    def is_pinned(self) -> bool:
        return bool(self.version) and self.version not in ("*", "latest", "master", "main", "HEAD", "devel")


def requirements_in(content: Content, path: str) -> Iterator[Requirement]:
    document = content.document(path)
    value = document.value if document else None
    if document is None:
        return
    if isinstance(value, list):
        kinds: list[tuple[str, tuple[str | int, ...], Any]] = [("role", (), value)]
    elif isinstance(value, dict):
        kinds = [(kind, (f"{kind}s",), value.get(f"{kind}s")) for kind in ("role", "collection")]
    else:
        return
    for kind, at, entries in kinds:
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            is_written = isinstance(entry, dict) and "version" in entry
            where = document.key_place(*at, index, "version") if is_written else document.place(*at, index)
            found = _of(kind, entry, where)
            if found:
                yield found


def _of(kind: str, entry: object, place: Place) -> Requirement | None:
    if isinstance(entry, str):
        parts = [part.strip() for part in entry.split(",")]
        name, colon, version = (
            parts[0].partition(":") if "://" not in parts[0] and "@" not in parts[0] else (parts[0], "", "")
        )
        given = parts[1] if len(parts) > 1 else version if colon else ""
        return Requirement(parts[2] if len(parts) > 2 else _named(name), kind, parts[0], given, place)
    if not isinstance(entry, dict) or "include" in entry:
        return None
    source = str(entry.get("src") or entry.get("source") or "")
    name = str(entry.get("name") or entry.get("role") or _named(source))
    wanted = entry.get("version")
    return Requirement(name, kind, source, "" if wanted is None else str(wanted), place) if name else None


def _named(source: str) -> str:
    return (
        basename(source.removeprefix("git+")).removesuffix(".git").removesuffix(".tar.gz") if "/" in source else source
    )


def submodules(content: Content) -> tuple[str, ...]:
    """The paths that `.gitmodules` gives to other repositories."""
    lines = (line.strip() for line in content.text(".gitmodules").split("\n"))
    pairs = (line.partition("=") for line in lines)
    return tuple(value.strip().strip("/") for key, _, value in pairs if key.strip() == "path" and value.strip())


def names_of(entries: Iterator[Requirement]) -> frozenset[str]:
    return frozenset(name for entry in entries for name in (entry.name, basename(entry.name), _named(entry.source)))
