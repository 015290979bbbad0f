"""What a source says of the path that it lies at: stems gives chezmoi a folder of each commit, which goes some day.

The checkout of the node stays, and holds what was deployed. Where templates only write the path, they are told that of
the checkout, so that their links lead there. One that also reads something could read it there, and would get another
commit: then they are told the truth, and it is a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename, join

from stems.model.finding import Finding, Place, Severity
from stems.readers.go_template import read_go_template
from stems.tools.base import Job, Site
from stems.tools.chezmoi.attributes import Kind
from stems.tools.chezmoi.secrets import ASKING
from stems.tools.chezmoi.source import Entry, config_template, read_source, read_text, source_root
from stems.tools.homes import account_of

CODE = "STM318"
_PATH = re.compile(r"\b(?:sourceDir|workingTree)\b")
_READING = re.compile(
    r"(?<![.$\w])(?:include|includeTemplate|template|stat|lstat|glob|lookPath|findExecutable|findOneExecutable|isExecutable)\b"
)
_LINKING = re.compile(r"\bln\b.*(?:CHEZMOI_(?:SOURCE_DIR|WORKING_TREE)\b|\.chezmoi\.(?:sourceDir|workingTree)\b)")
_WRITTEN = (Kind.FILE, Kind.CREATE, Kind.LINK)
_MOST = 5


def path_data(job: Job, site: Site) -> dict[str, object]:
    """Template data with the path of the checkout in place of the stage's, where that changes nothing else."""
    if not job.once(_only_writes):
        return {}
    return {"chezmoi": {"sourceDir": join(site.checkout, source_root(job)).rstrip("/"), "workingTree": site.checkout}}


def paths(job: Job) -> Iterator[Finding]:
    """Where the path of the stage would be written into a home."""
    if job.once(_only_writes):
        return
    for entry in read_source(job).entries:
        text = read_text(job.tree.root / entry.place.path)
        if entry.kind is Kind.SCRIPT:
            yield from _linked(entry, text)
        elif _is_written(entry):
            yield from _written(job, entry, text)


def _only_writes(job: Job) -> bool:
    """Whether templates of targets ask for the path, none of them reads anything, and nothing else asks for it."""
    # Another account cannot enter the checkout, which lies in the home of the SSH user.
    if account_of(job):
        return False
    asking = {path for path in _rendered(job) if _asks(read_text(job.tree.root / path))}
    written = {entry.place.path for entry in read_source(job).entries if _is_written(entry)}
    return bool(asking) and asking <= written and not any(_reads(read_text(job.tree.root / path)) for path in asking)


def _rendered(job: Job) -> set[str]:
    """What chezmoi may render, special files and what templates include among it; `init` alone does that of its own."""
    root, entries = source_root(job), read_source(job).entries
    inside = {path for path in job.tree.tracked if not root or path.startswith(f"{root}/")}
    plain = {
        each.place.path for each in entries if each.kind is not Kind.MODIFY and "template" not in each.attributes.flags
    }
    return inside - plain - {config_template(job)}


def _is_written(entry: Entry) -> bool:
    flags = entry.attributes.flags
    return entry.kind in _WRITTEN and "template" in flags and "encrypted" not in flags


def _asks(text: str) -> bool:
    if not _PATH.search(text):
        return False
    template = read_go_template(text)
    return template.problem is not None or any(_PATH.search(action.content) for action in template.actions)


def _reads(text: str) -> bool:
    template = read_go_template(text)
    return template.problem is not None or any(_is_reading(action.content) for action in template.actions)


def _is_reading(content: str) -> bool:
    return bool(_READING.search(content) or ASKING.search(content))


def _written(job: Job, entry: Entry, text: str) -> Iterator[Finding]:
    found = [
        action
        for action in read_go_template(text).actions
        if _PATH.search(action.content) and not _is_reading(action.content) and not _sets(action.content)
    ]
    for action in found[:_MOST]:
        yield _finding(entry, text.count("\n", 0, action.offset) + 1, _instead(job))


def _sets(content: str) -> bool:
    return re.match(r"\$\w*\s*:?=", content) is not None


def _instead(job: Job) -> str:
    if account_of(job):
        return "write a path that does not depend on where the source lies"
    below = join(job.cluster.checkout, source_root(job)).rstrip("/")
    return f"write the path of the checkout on the node, {below}"


def _linked(entry: Entry, text: str) -> Iterator[Finding]:
    lines = (number for number, line in enumerate(text.splitlines(), 1) if _LINKING.search(line))
    for number, _ in zip(lines, range(_MOST), strict=False):
        yield _finding(entry, number, "let chezmoi make the link: a file whose name begins with symlink_")


def _finding(entry: Entry, line: int, remedy: str) -> Finding:
    message = (
        f"the path of the source is written into {_target(entry)}, and leads to a folder of one commit, which goes"
    )
    return Finding(CODE, Place(entry.place.path, line), message, remedy, Severity.WARNING)


def _target(entry: Entry) -> str:
    return f"what {basename(entry.place.path)} links" if entry.kind is Kind.SCRIPT else f"~/{entry.target}"
