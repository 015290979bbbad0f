"""The tracked files of the source, and where in the home each goes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import dirname, join, normpath

from stems.errors import ConfigurationError
from stems.model.finding import Finding, Place
from stems.model.names import printable
from stems.tools.base import Job
from stems.tools.files import options
from stems.tools.files.options import Options, parse_options
from stems.tools.files.state import Kind

SUFFIX = ".j2"
RESERVED = ".local/state/stems/"
_UNUSABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_AT = re.compile(r":(\d+)(?::(\d+))?: (.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Item:
    """One tracked file or symlink: its name in the source, where it lies, and its path in the home."""

    name: str
    target: str
    local: Path
    place: Place
    kind: Kind
    mode: str = ""

    @property
    def is_template(self) -> bool:
        return self.kind is Kind.FILE and self.name.endswith(SUFFIX)


@dataclass(frozen=True, slots=True)
class Source:
    """The dotfiles tree: what goes to the home, every tracked file by name (templates include them), what is wrong."""

    items: tuple[Item, ...]
    files: Mapping[str, Path]
    prefix: str
    options: Options = field(default_factory=Options)
    findings: tuple[Finding, ...] = ()

    @property
    def modes(self) -> Mapping[str, str]:
        return self.options.modes

    def folders(self) -> dict[str, Item]:
        """Every directory on the way to an item, with the first item in it."""
        return {folder: item for item in reversed(self.items) for folder in parents(item.target)}

    def place(self, name: str, line: int = 0) -> Place:
        return Place(join(self.prefix, name), line)


def parents(path: str) -> Iterator[str]:
    while path := dirname(path):
        yield path


def read_source(job: Job) -> Source:
    """The tree of one domain entry; what is wrong with it comes as findings."""
    prefix = "" if job.settings.source.strip("/") == "." else job.settings.source.strip("/")
    root = f"{prefix}/" if prefix else ""
    names = sorted(path.removeprefix(root) for path in job.tree.tracked if path.startswith(root))
    files = {name: job.source / name for name in names}
    try:
        chosen = _options(files, root + options.NAME)
    except ConfigurationError as error:
        return Source((), files, prefix, findings=(_as_finding(error, root + options.NAME),))
    items = [_item(name, files[name], root, chosen) for name in names if not chosen.ignores(name)]
    source = Source(tuple(items), files, prefix, chosen)
    findings = [*_empty(source), *_names(source), *_collisions(source), *_links(source), *_modes(source, chosen)]
    return Source(source.items, files, prefix, chosen, tuple(findings))


def _options(files: Mapping[str, Path], path: str) -> Options:
    local = files.get(options.NAME)
    if local is None:
        return Options()
    try:
        return parse_options(local.read_text("utf-8"), path)
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(f"{path}: not a readable UTF-8 file", remedy=f"edit {path}") from None


def _as_finding(error: ConfigurationError, path: str) -> Finding:
    found = _AT.fullmatch(error.problem.removeprefix(path))
    if not found:
        return Finding("STM305", Place(path), error.problem.removeprefix(f"{path}: "), error.remedy)
    line, column, message = found.groups()
    return Finding("STM305", Place(path, int(line), int(column or 0)), message, error.remedy)


def _item(name: str, local: Path, root: str, chosen: Options) -> Item:
    place = Place(root + name)
    if local.is_symlink():
        return Item(name, name, local, place, Kind.LINK)
    target = name.removesuffix(SUFFIX)
    executable = local.is_file() and local.stat().st_mode & 0o100
    mode = chosen.modes.get(target) or ("0755" if executable else "0644")
    return Item(name, target, local, place, Kind.FILE, mode)


def _empty(source: Source) -> Iterator[Finding]:
    if not source.items:
        message = "no tracked file here, so every file that was deployed from here would be removed"
        yield Finding("STM300", Place(source.prefix or "."), message, "commit the dotfiles, or correct `source`")


def _names(source: Source) -> Iterator[Finding]:
    for item in source.items:
        shown = Place(printable(item.place.path).replace("\n", "�"))
        if _UNUSABLE.search(item.target) or printable(item.target) != item.target:
            yield Finding("STM303", shown, "a control character in a name", "rename it with `git mv`")
        elif not item.target or item.target.endswith("/"):
            yield Finding("STM303", shown, f"nothing is left of the name without {SUFFIX}", "rename it with `git mv`")
        elif item.target.startswith(RESERVED):
            yield Finding("STM303", shown, f"~/{RESERVED} is where stems keeps its own state", "take it out of Git")
        elif not item.local.is_symlink() and not item.local.is_file():
            yield Finding("STM303", shown, "neither a file nor a symlink", "a submodule cannot be deployed as dotfiles")


def _collisions(source: Source) -> Iterator[Finding]:
    first: dict[str, Item] = {}
    folders = source.folders()
    for item in source.items:
        other = first.setdefault(item.target, item)
        if other is item:
            other = folders.get(item.target, item)
        if other is not item:
            message = f"~/{item.target} would also be written by {other.place}"
            yield Finding("STM302", item.place, message, "keep one of the two, or list one under `ignore`")


def _links(source: Source) -> Iterator[Finding]:
    for item in source.items:
        if item.kind is not Kind.LINK:
            continue
        text = str(item.local.readlink())
        if text.startswith("/") or normpath(join(dirname(item.target), text)).split("/")[0] == "..":
            message = f"the symlink leads out of the home, to {printable(text)}"
            yield Finding("STM304", item.place, message, "let it point, relative, to something in the home")


def _modes(source: Source, chosen: Options) -> Iterator[Finding]:
    known = {item.target for item in source.items if item.kind is Kind.FILE}
    known |= {f"{folder}/" for folder in source.folders()}
    for path in chosen.modes:
        if path not in known:
            yield Finding("STM305", chosen.places[path], f"{path!r} is no file or directory/ of the tree", "correct it")
