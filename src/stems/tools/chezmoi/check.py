"""What is wrong with a chezmoi source, seen without a node and without chezmoi."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stems.model.cluster import UserDomain
from stems.model.finding import Finding, Place
from stems.model.names import printable
from stems.readers.globs import is_valid
from stems.tools.base import Job
from stems.tools.chezmoi.attributes import Kind
from stems.tools.chezmoi.node import NAME
from stems.tools.chezmoi.source import SCRIPTS, Entry, Source, read_source
from stems.tools.chezmoi.templated import Ignored

EMPTY, TWICE, NAMES, PATTERN, SCRIPT, ACCOUNT, DATA = (f"STM31{number}" for number in range(7))


def check(job: Job) -> Iterable[Finding]:
    source = read_source(job)
    return [
        *_account(job),
        *_data(job),
        *_empty(source),
        *_names(source),
        *_twice(source),
        *_scripts(source),
        *_patterns(source),
    ]


def _account(job: Job) -> Iterator[Finding]:
    if isinstance(job.settings, UserDomain) and job.settings.account:
        message = f"chezmoi runs as the SSH user, not as {job.settings.account}"
        place = job.cluster.written.place("domains", "user")
        yield Finding(ACCOUNT, place, message, "use tool `files` for another account, or leave `account` out")


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
        if other is not entry:
            message = f"~/{entry.target} would also be made by {other.place}"
            yield Finding(TWICE, entry.place, message, "keep one of the two")


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
