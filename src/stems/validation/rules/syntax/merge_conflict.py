"""A merge that somebody committed before it was finished."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM136"
_OURS, _BETWEEN, _THEIRS = (
    re.compile(rf"^{sign * 7}{end}", re.MULTILINE) for sign, end in (("<", " "), ("=", r"\r?$"), (">", " "))
)

PAGE = Page(
    checks="""Files with the three marks of an unfinished merge at the starts of lines, in their order: `<<<<<<<`,
`=======` and `>>>>>>>`.""",
    why="""Git lets them be committed. A shell file with them breaks the login on every node, and in a list of
packages or hosts both sides count.""",
    instead="Choose one side or write what both want, and remove the marks.",
    bad={
        "dotfiles/.bashrc": """
            alias ll='ls -l'
            <<<<<<< HEAD
            export EDITOR=vim
            =======
            export EDITOR=nano
            >>>>>>> laptop
            """,
    },
    good={
        "dotfiles/.bashrc": """
            alias ll='ls -l'
            export EDITOR=vim
            """,
    },
    also_bad=(
        {"app/hosts.txt": "a\r\n<<<<<<< HEAD\r\nb\r\n=======\r\nc\r\n>>>>>>> x\r\n"},
        {"app/hosts.yml": "<<<<<<< ours\na: 1\n||||||| base\na: 0\n=======\na: 2\n>>>>>>> theirs\n"},
    ),
    also_good=(
        {"docs/merge.md": "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n"},
        {"app/notes.txt": "Heading\n=======\n\ntext\n"},
        {"app/check.sh": "grep -n '^<<<<<<< ' \"$1\"\n# =======\ngrep -n '^>>>>>>> ' \"$1\"\n"},
        {"app/change.patch": "+<<<<<<< HEAD\n+a\n+=======\n+b\n+>>>>>>> x\n"},
        {"tests/conflict.txt": "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n"},
        {"app/line.txt": "<<<<<<<<<<<<<<<<\n=======\n>>>>>>>>>>>>>>>>\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for file in subject.files:
        text = file.text
        if "<<<<<<< " not in text or file.is_documentation or file.is_aside:
            continue
        ours = _OURS.search(text)
        between = _BETWEEN.search(text, ours.end()) if ours else None
        if ours and between and _THEIRS.search(text, between.end()):
            message = "a merge was committed before it was finished"
            yield Finding(CODE, file.at(ours.start()), message, "choose a side, and remove the three marks")


RULE = Rule(CODE, "merge-conflict", Stage.SYNTAX, Principle.O1, PAGE, check)
