"""What is wrong with a chezmoi source, seen without a node and without chezmoi."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from posixpath import basename, join, splitext

from stems.model.finding import Finding, Place, Severity
from stems.model.names import printable
from stems.readers.globs import is_valid, matches
from stems.tools.base import Job, Tree
from stems.tools.chezmoi.attributes import Kind
from stems.tools.chezmoi.node import NAME
from stems.tools.chezmoi.source import (
    ROOT,
    SCRIPTS,
    SPECIAL_FOLDERS,
    VERSION,
    Entry,
    Source,
    read_source,
    read_text,
    top_of,
)
from stems.tools.chezmoi.source_path import paths
from stems.tools.chezmoi.templated import Ignored

EMPTY, TWICE, NAMES, PATTERN, SCRIPT = (f"STM31{number}" for number in range(5))
DATA, SPECIAL, EMPTIED = "STM316", "STM317", "STM319"
_VERSION = re.compile(r"\d+\.\d+\.\d+(?:[-+].*)?")

_BEFORE_EMPTY = re.compile(r"(?:private_)?(?:readonly_)?")


def check(job: Job) -> Iterable[Finding]:
    source = read_source(job)
    return [*_data(job), *_empty(source), *paths(job), *check_source(job.tree, top_of(job), source)]


def check_source(tree: Tree, top: str, source: Source) -> Iterator[Finding]:
    """What is wrong with the source of the folder `top`, whether or not somebody declares it."""
    yield from _names(source)
    yield from _twice(source)
    yield from _scripts(source)
    yield from _patterns(source)
    yield from _removed(source)
    yield from _special(tree, top, source)
    yield from _emptied(source)


def check_pointer(tree: Tree, top: str, source: Source) -> Iterator[Finding]:
    """A `.chezmoiroot` that leads nowhere. Of a declared source it is told that it has no file."""
    pointer = join(top, ROOT)
    if pointer in tree.tracked and not any(path.startswith(f"{source.root}/") for path in tree.tracked):
        message = f"{ROOT} names {printable(source.root)}, where no tracked file is"
        yield Finding(SPECIAL, Place(pointer, 1), message, "correct it, or commit that folder")


def _data(job: Job) -> Iterator[Finding]:
    named = sorted(name for name, variables in job.variables.items() if NAME in variables)
    if named:
        message = f"a variable is called {NAME}, which is where chezmoi keeps its own data (on {', '.join(named)})"
        yield Finding(DATA, job.cluster.written.place("variables"), message, "give it another name")


def _empty(source: Source) -> Iterator[Finding]:
    if not source.entries:
        message = "no tracked file here that chezmoi would make a target of"
        yield Finding(EMPTY, Place(source.root or "."), message, "commit the dotfiles, or correct `source`")


def _names(source: Source) -> Iterator[Finding]:
    for entry in source.entries:
        shown = Place(printable(entry.place.path).replace("\n", "�"))
        if printable(entry.target) != entry.target or set("\n\r\t") & set(entry.target):
            yield Finding(NAMES, shown, "a control character in a name", "rename it with `git mv`")
        elif not entry.attributes.name:
            yield Finding(NAMES, shown, "nothing is left of the name without its attributes", "rename it with `git mv`")


def _twice(source: Source) -> Iterator[Finding]:
    first: dict[str, Entry] = {}
    for entry in source.entries:
        if entry.ignored is not Ignored.NO:
            continue
        other = first.setdefault(entry.target, entry)
        if other is not entry and not _is_same_folder(other, entry) and not _is_older_secret(other, entry):
            message = f"~/{entry.target} would also be made by {other.place}"
            yield Finding(TWICE, entry.place, message, "keep one of the two")


def _is_same_folder(one: Entry, other: Entry) -> bool:
    """Two folders of the source for one target are one to chezmoi, when their attributes are the same."""
    return one.kind is Kind.DIR and one.attributes == other.attributes


def _is_older_secret(one: Entry, other: Entry) -> bool:
    """One encrypted with age and one with gpg: chezmoi is set to one of them, and the other keeps its ending."""
    endings = {splitext(entry.place.path)[1] for entry in (one, other) if "encrypted" in entry.attributes.flags}
    return len(endings) > 1


def _scripts(source: Source) -> Iterator[Finding]:
    for entry in source.entries:
        if f"{SCRIPTS}/" in f"{entry.target}" and entry.kind not in (Kind.SCRIPT, Kind.DIR):
            yield Finding(
                SCRIPT, entry.place, f"not a script, though it is in {SCRIPTS}", "let its name begin with run_"
            )


def _patterns(source: Source) -> Iterator[Finding]:
    for path, line in (*source.patterns, *source.removed):
        if not is_valid(line.pattern):
            message = f"{printable(line.pattern)!r} is no pattern"
            yield Finding(PATTERN, Place(path, line.number), message, "close its bracket or brace")


def _removed(source: Source) -> Iterator[Finding]:
    """chezmoi stops at a target that it would make and remove, once the target is there."""
    if any(line.is_exception or not line.is_certain for _, line in source.removed):
        return
    for path, line in source.removed:
        for entry in source.entries:
            if entry.ignored is Ignored.NO and is_valid(line.pattern) and matches(line.pattern, entry.target):
                message = f"~/{entry.target} is made by {entry.place}, and removed here"
                yield Finding(TWICE, Place(path, line.number), message, "keep one of the two")


def _emptied(source: Source) -> Iterator[Finding]:
    for entry in source.at(Kind.REMOVE):
        name = basename(entry.place.path)
        if not name.startswith("remove_") and entry.ignored is not Ignored.YES:
            message = f"it has no content, so chezmoi removes ~/{printable(entry.target)}"
            kept = _BEFORE_EMPTY.sub(r"\g<0>empty_", printable(name), count=1)
            remedy = f"rename it to {kept}, or let its name begin with remove_ where that is meant"
            yield Finding(EMPTIED, entry.place, message, remedy, Severity.WARNING)


def _special(tree: Tree, top: str, source: Source) -> Iterator[Finding]:
    pointer = join(top, ROOT)
    if pointer in tree.tracked and ".." in read_text(tree.root / pointer).strip().split("/"):
        message = f"{ROOT} leads out of the source, which chezmoi refuses"
        yield Finding(SPECIAL, Place(pointer, 1), message, "name a folder below the source")
    for path in sorted({join(top, VERSION), join(source.root, VERSION)} & tree.tracked):
        said = read_text(tree.root / path).strip()
        if not _VERSION.fullmatch(said):
            yield Finding(
                SPECIAL, Place(path, 1), f"{printable(said)!r} is no version", "write three numbers, as in 2.71.0"
            )
    for path in sorted(tree.tracked):
        if path.startswith(f"{source.root}/" if source.root else "") and _is_misplaced(path.split("/")):
            yield Finding(SPECIAL, Place(printable(path)), "chezmoi refuses this name here", "move it, or rename it")


def _is_misplaced(parts: list[str]) -> bool:
    first = next((number for number, part in enumerate(parts) if part in SPECIAL_FOLDERS), len(parts))
    return any(part.startswith(".chezmoi") for part in parts[first + 1 :])
