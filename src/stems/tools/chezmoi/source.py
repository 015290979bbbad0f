"""A chezmoi source tree as chezmoi reads it: each target with its kind and attributes, known without a node."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from posixpath import basename, dirname, join, normpath

from stems.model.finding import Place
from stems.model.node import Node
from stems.tools.base import Job, Tree
from stems.tools.chezmoi.attributes import ENCRYPTED_SUFFIXES, Attributes, Kind, directory_attributes, file_attributes
from stems.tools.chezmoi.conditions import Known, known_of
from stems.tools.chezmoi.templated import Ignored, Line, ignored, pattern_lines

ROOT, IGNORE, REMOVE, SCRIPTS = ".chezmoiroot", ".chezmoiignore", ".chezmoiremove", ".chezmoiscripts"
VERSION, TEMPLATES = ".chezmoiversion", ".chezmoitemplates"
SPECIAL_FOLDERS = (SCRIPTS, TEMPLATES, ".chezmoidata", ".chezmoiexternals")
_TEXT, _BLANK = 1 << 20, 64
_MAY_BE_EMPTY = {"empty", "template", "encrypted"}
_CONFIG = re.compile(r"\.chezmoi\.\w+\.tmpl")
_ENCRYPTION = re.compile(r"^[ \t]*\"?encryption\"?[ \t]*[:=][ \t]*[\"']?(?P<program>age|gpg)\b", re.MULTILINE)
_SUFFIX = re.compile(r"^[ \t]*\"?suffix\"?[ \t]*[:=][ \t]*[\"'](?P<suffix>\.[\w.]+)[\"']", re.MULTILINE)
_SUFFIXES = dict(zip(("age", "gpg"), ENCRYPTED_SUFFIXES, strict=True))


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
    return root_in(job.tree, top_of(job))


def root_in(tree: Tree, top: str) -> str:
    pointer = join(top, ROOT)
    if pointer not in tree.tracked:
        return top
    below = read_text(tree.root / pointer).strip()
    return normpath(join(top, below)) if below and not below.startswith("/") else top


def has_externals(job: Job) -> bool:
    return any("/.chezmoiexternal" in f"/{path}" for path in job.tree.tracked)


def config_template(job: Job) -> str:
    """The template that `chezmoi init` makes a configuration of, empty where the source has none."""
    folder = source_root(job)
    found = (path for path in sorted(job.tree.tracked) if dirname(path) == folder and _CONFIG.fullmatch(basename(path)))
    return next(found, "")


def read_source(job: Job, node: Node | None = None) -> Source:
    """The source state, for one node as far as what is known of it decides."""
    known = known_of(node, job.variables.get(node.name, {})) if node else None
    return source_in(job.tree, top_of(job), known)


def source_in(tree: Tree, top: str, known: Known | None = None) -> Source:
    """The source state of the folder `top` of any tree, declared or not."""
    root = root_in(tree, top)
    prefix = f"{root}/" if root else ""
    names = sorted(path.removeprefix(prefix) for path in tree.tracked if path.startswith(prefix))
    entries: dict[str, Entry] = {}
    suffixes = encrypted_suffixes(*(read_text(tree.root / prefix / name) for name in names if _CONFIG.fullmatch(name)))
    lines: dict[str, list[tuple[str, Line]]] = {IGNORE: [], REMOVE: []}
    for name in names:
        local = tree.root / prefix / name
        folder = _folder(name, prefix, entries)
        if folder is None:
            continue
        last = basename(name).removesuffix(".tmpl")
        if last in lines and not (folder.is_plain or folder.is_scripts):
            lines[last] += [(name, line) for line in _below(folder.target, pattern_lines(read_text(local), known))]
        elif folder.is_plain or not last.startswith("."):
            entries[name] = _entry(name, folder, prefix, local, suffixes)
    return _judged(root, prefix, entries, lines)


@dataclass(frozen=True, slots=True)
class _Folder:
    """Where a file of the source is: the target of its folder, and what is special about what lies in it."""

    target: str = ""
    is_plain: bool = False
    """Below a folder with `external_`, where names are taken as they are."""
    is_scripts: bool = False
    """Below `.chezmoiscripts`, where folders only order scripts."""


def _folder(name: str, prefix: str, entries: dict[str, Entry]) -> _Folder | None:
    """The folder that a name is in, noting the folders on the way; None where chezmoi does not look."""
    found, path = _Folder(), ""
    for part in name.split("/")[:-1]:
        path = join(path, part)
        if part == SCRIPTS and not (found.is_plain or found.is_scripts):
            found = replace(found, target=join(found.target, part), is_scripts=True)
        elif part.startswith(".") and not found.is_plain:
            return None
        elif found.is_scripts:
            found = replace(found, target=join(found.target, directory_attributes(part).name))
        else:
            if path not in entries:
                attributes = _plain_folder(part) if found.is_plain else directory_attributes(part)
                entries[path] = Entry(join(found.target, attributes.name), attributes, Place(prefix + path))
            entry = entries[path]
            found = _Folder(entry.target, found.is_plain or "external" in entry.attributes.flags)
    return found


def encrypted_suffixes(*configurations: str) -> tuple[str, ...]:
    """Those that names lose: of the one program that the templates of the configuration name, or of both."""
    named = {found["program"] for text in configurations for found in _ENCRYPTION.finditer(text)}
    own = tuple(found["suffix"] for text in configurations for found in _SUFFIX.finditer(text))
    usual = [suffix for program, suffix in _SUFFIXES.items() if len(named) != 1 or program in named]
    return (*own, *usual)


def _entry(name: str, folder: _Folder, prefix: str, local: Path, suffixes: tuple[str, ...]) -> Entry:
    if folder.is_plain:
        attributes = _plain(local)
    elif local.is_symlink() and local.is_dir():
        # It follows the link, but does not look behind it.
        attributes = directory_attributes(local.name)
    else:
        attributes = file_attributes(local.name, suffixes)
        if attributes.kind is Kind.FILE and not attributes.flags & _MAY_BE_EMPTY and _is_empty(local):
            attributes = replace(attributes, kind=Kind.REMOVE)
    return Entry(join(folder.target, attributes.name), attributes, Place(prefix + name))


def _is_empty(local: Path) -> bool:
    """chezmoi removes the target of a file without content, blank text included, unless its name has `empty_`."""
    return local.is_file() and local.stat().st_size <= _BLANK and not local.read_bytes().strip()


def _plain_folder(name: str) -> Attributes:
    return Attributes(name, Kind.DIR, frozenset({"exact"}))


def _plain(local: Path) -> Attributes:
    if local.is_symlink():
        return Attributes(local.name, Kind.LINK)
    is_executable = local.is_file() and local.stat().st_mode & 0o111
    return Attributes(local.name, Kind.FILE, frozenset({"empty", "executable"} if is_executable else {"empty"}))


def _below(folder: str, lines: list[Line]) -> list[Line]:
    """The patterns of a folder mean what is below its target."""
    return [replace(line, pattern=_joined(folder, line.pattern)) for line in lines]


def _joined(folder: str, pattern: str) -> str:
    # A slash at the start means nothing below a folder; at the top it makes a pattern that no target has.
    return normpath(join(folder, pattern.lstrip("/"))) if folder else normpath(pattern)


def _judged(
    root: str, prefix: str, entries: Mapping[str, Entry], lines: Mapping[str, list[tuple[str, Line]]]
) -> Source:
    """Each entry with whether it is ignored: with its folder, or by itself. An ignored folder is not looked into."""
    all_lines = [line for _, line in lines[IGNORE]]
    out = {name for name, found in _ignored(entries, all_lines).items() if found is Ignored.YES}
    patterns, removed = ([(name, line) for name, line in lines[kind] if dirname(name) not in out] for kind in lines)
    found = _ignored(entries, [line for _, line in patterns])
    return Source(
        root,
        tuple(replace(entry, ignored=found[name]) for name, entry in entries.items()),
        tuple((prefix + name, line) for name, line in patterns),
        tuple((prefix + name, line) for name, line in removed),
    )


def _ignored(entries: Mapping[str, Entry], lines: list[Line]) -> dict[str, Ignored]:
    found: dict[str, Ignored] = {}
    for name, entry in entries.items():
        above = found.get(dirname(name), Ignored.NO)
        found[name] = max(above, ignored(lines, entry.target))
    return found


def read_text(path: Path) -> str:
    try:
        return path.read_bytes()[:_TEXT].decode("utf-8", "replace")
    except OSError:
        # A submodule, or a symlink to nothing: chezmoi reads no line there either.
        return ""
