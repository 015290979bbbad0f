"""Names that another system cannot hold beside one another, or that nobody can type."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from stems.model.finding import Finding, Place, Severity
from stems.model.names import printable
from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM808"

PAGE = Page(
    checks="""Two paths that differ in upper and lower case only, or in how an accent is written, names with control
characters and names that are not UTF-8.""",
    why="""A checkout on a Mac, on Windows or on a shared drive has one of the two, and shows it as changed for
ever. A line break in a name ends the list of every script that reads lines.""",
    instead="Rename one of them with `git mv`.",
    bad={"stacks/Web/notes.txt": "x\n", "stacks/web/notes.txt": "x\n"},
    good={"stacks/web/notes.txt": "x\n", "stacks/wiki/notes.txt": "x\n"},
    also_bad=(
        {"README.txt": "x\n", "Readme.txt": "x\n"},
        {"a/caf\u00e9.txt": "x\n", "a/cafe\u0301.txt": "x\n"},
        {"a/b\tc.txt": "x\n"},
    ),
    also_good=(
        {"a/README.txt": "x\n", "b/readme.txt": "x\n"},
        {"a/name with spaces, ümlauts and 名.txt": "x\n"},
        {"units/dev-disk-by\\x2dlabel.swap.txt": "x\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    first: dict[str, str] = {}
    seen: set[str] = set()
    for file in subject.files:
        shown = printable(file.path).replace("\n", "�").replace("\t", "�").encode("utf-8", "replace").decode()
        if shown != file.path:
            message = "a name with a control character, or in another encoding than UTF-8"
            yield Finding(CODE, Place(shown), message, "rename it with `git mv`", Severity.WARNING)
            continue
        for path in _prefixes(file.path):
            if path in seen:
                continue
            seen.add(path)
            other = first.setdefault(unicodedata.normalize("NFC", path).casefold(), path)
            if other != path:
                message = f"{path} and {other} are one name on other systems"
                yield Finding(CODE, file.place(), message, "rename one of them with `git mv`", Severity.WARNING)
                break


def _prefixes(path: str) -> Iterator[str]:
    """The folders on the way to a path, outermost first, and the path."""
    at = path.find("/")
    while at >= 0:
        yield path[:at]
        at = path.find("/", at + 1)
    yield path


RULE = Rule(CODE, "clashing-names", Stage.STRUCTURE, Principle.P1, PAGE, check, Severity.WARNING)
