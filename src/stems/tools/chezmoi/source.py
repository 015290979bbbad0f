"""A chezmoi source tree as chezmoi reads it: each target with its kind and attributes, known without a node."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from posixpath import basename, dirname, join, normpath

from stems.model.finding import Place
from stems.tools.base import Job
from stems.tools.chezmoi.attributes import Attributes, Kind, directory_attributes, file_attributes
from stems.tools.chezmoi.templated import Ignored, Line, ignored, pattern_lines

ROOT, IGNORE, REMOVE, SCRIPTS = ".chezmoiroot", ".chezmoiignore", ".chezmoiremove", ".chezmoiscripts"
_TEXT = 1 << 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One file, symlink, script or directory of the source: its target is a path below the destination directory."""

    target: str
    attributes: Attributes
    place: Place
    ignored: Ignored = Ignored.NO

    @property
    def kind(self) -> Kind:
        return self.attributes.kind


@dataclass(frozen=True, slots=True)
class Source:
    """The source state of one domain entry.

    `root` is where it begins, from the root of the repository. `patterns` are those of `.chezmoiignore` below the
    destination, `removed` those of `.chezmoiremove`, each with the file that names it.
    """

    root: str
    entries: tuple[Entry, ...]
    patterns: tuple[tuple[str, Line], ...] = ()
    removed: tuple[tuple[str, Line], ...] = ()

    def at(self, *kinds: Kind) -> Iterator[Entry]:
        return (entry for entry in self.entries if entry.kind in kinds)


def top_of(job: Job) -> str:
    """The folder that the cluster file names, empty for the root of the repository."""
    named = job.settings.source.strip("/")
    return "" if named == "." else named


def source_root(job: Job) -> str:
    """Where the source state begins: `.chezmoiroot` may say a folder below the source."""
    top = top_of(job)
    pointer = join(top, ROOT)
    if pointer not in job.tree.tracked:
        return top
    below = _read(job.tree.root / pointer).strip()
    return normpath(join(top, below)) if below and not below.startswith("/") else top


def read_source(job: Job) -> Source:
    root = source_root(job)
    prefix = f"{root}/" if root else ""
    names = sorted(path.removeprefix(prefix) for path in job.tree.tracked if path.startswith(prefix))
    entries: dict[str, Entry] = {}
    patterns: list[tuple[str, Line]] = []
    removed: list[tuple[str, Line]] = []
    for name in names:
        local = job.tree.root / prefix / name
        folder = _folder(name, prefix, entries)
        last = basename(name).removesuffix(".tmpl")
        if folder is None:
            continue
        if last in (IGNORE, REMOVE):
            found = patterns if last == IGNORE else removed
            found += [(prefix + name, line) for line in _below(folder, pattern_lines(_read(local)))]
        elif not last.startswith("."):
            entries[name] = _file(name, folder, prefix, entries)
    lines = [line for _, line in patterns]
    return Source(root, _judged(entries, lines), tuple(patterns), tuple(removed))


def _folder(name: str, prefix: str, entries: dict[str, Entry]) -> str | None:
    """The target of the folder that a name is in, noting the folders on the way; None where chezmoi does not look."""
    target, path = "", ""
    parts = name.split("/")[:-1]
    for index, part in enumerate(parts):
        path = join(path, part)
        if part == SCRIPTS and index == len(parts) - 1 - parts[::-1].index(SCRIPTS):
            target = join(target, part)
            continue
        if part.startswith("."):
            return None
        if path not in entries:
            attributes = _attributes(path, entries, is_folder=True)
            entries[path] = Entry(join(target, attributes.name), attributes, Place(prefix + path))
        target = entries[path].target
    return target


def _file(name: str, folder: str, prefix: str, entries: Mapping[str, Entry]) -> Entry:
    attributes = _attributes(name, entries, is_folder=False)
    return Entry(join(folder, attributes.name), attributes, Place(prefix + name))


def _attributes(path: str, entries: Mapping[str, Entry], *, is_folder: bool) -> Attributes:
    """Below a folder with `external_` names are taken as they are."""
    above = path
    while above := dirname(above):
        if above in entries and "external" in entries[above].attributes.flags:
            return Attributes(basename(path), Kind.DIR if is_folder else Kind.FILE)
    return directory_attributes(basename(path)) if is_folder else file_attributes(basename(path))


def _below(folder: str, lines: list[Line]) -> list[Line]:
    """The patterns of a folder mean what is below its target."""
    return [replace(line, pattern=normpath(join(folder, line.pattern))) for line in lines]


def _judged(entries: Mapping[str, Entry], lines: list[Line]) -> tuple[Entry, ...]:
    """Each entry with whether it is ignored: with its folder, or by itself."""
    found: dict[str, Ignored] = {}
    for name, entry in entries.items():
        above = found.get(dirname(name), Ignored.NO)
        found[name] = max(above, ignored(lines, entry.target))
    return tuple(replace(entry, ignored=found[name]) for name, entry in entries.items())


def _read(path: Path) -> str:
    try:
        return path.read_bytes()[:_TEXT].decode("utf-8", "replace")
    except OSError:
        # A submodule, or a symlink to nothing: chezmoi reads no line there either.
        return ""
