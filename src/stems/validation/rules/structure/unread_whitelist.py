"""A whitelist, or a part of one, that stems does not understand."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject
from stems.validation.whitelists import whitelists_of

CODE = "STM802"

PAGE = Page(
    checks="""Parts of `.meta/whitelists/*.yml` in a shape that is not understood: `not-on-whitelist` does not know
them.""",
    why="A list that nobody reads looks like one that is kept.",
    instead="Write a mapping of folders to lists of names and patterns; `root` is the top.",
    bad={".meta/whitelists/root.yml": "root: 4\n"},
    good={".meta/whitelists/root.yml": "root: ['*']\n"},
    also_bad=(
        {".meta/whitelists/root.yml": "root:\n  - {because: of it}\n"},
        {".meta/whitelists/root.yml": "docs: {colour: blue}\n"},
        {".meta/whitelists/other.yml": "just a text\n"},
    ),
    also_good=(
        {".meta/whitelists/root.yml": "version: 2\ndescription: what may be where\nroot: ['*']\n"},
        {".meta/whitelists/root.yml": ""},
        {".meta/whitelists/README.md": "# Lists\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for place in subject.once(whitelists_of).unread:
        message = "this part of the whitelist is in a shape that stems does not know"
        yield Finding(CODE, place, message, "write folders with lists of names", Severity.NOTE)


RULE = Rule(CODE, "unread-whitelist", Stage.STRUCTURE, Principle.P3, PAGE, check, Severity.NOTE)
