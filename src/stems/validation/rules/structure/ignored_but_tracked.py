"""A file that Git ignores and tracks."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import join

from stems.model.finding import Finding, Place, Severity
from stems.model.names import printable
from stems.model.principle import Principle
from stems.readers.gitignore import IgnoreLine
from stems.validation.gitignored import ignores_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM806"

PAGE = Page(
    checks="Tracked files that a `.gitignore` of the repository is about. Each such line is named once.",
    why="""The line has no effect on them: what was committed stays tracked, and each `git commit -a` takes its
changes along. With an `.env` it gives the feeling that it stays here.""",
    instead="`git rm --cached FILE`, or write an exception: `!FILE`.",
    bad={".gitignore": "*.log\n", "app/run.log": "started\n"},
    good={".gitignore": "*.log\n", "app/run.sh": "#!/bin/sh\n"},
    also_bad=(
        {".gitignore": "# data\n/data/\n", "data/a/b.txt": "x\n"},
        {"app/.gitignore": "secret.*\n", "app/secret.txt": "x\n"},
        {".gitignore": "data/\n!data/keep.txt\n", "data/keep.txt": "x\n"},
    ),
    also_good=(
        {".gitignore": "data/*\n!data/.gitkeep\n", "data/.gitkeep": ""},
        {".gitignore": "*.log\n!important.log\n", "important.log": "x\n"},
        {".gitignore": "/build\n", "app/build": "x\n"},
        {"app/.gitignore": "x.txt\n", "x.txt": "x\n"},
        {".gitignore": "build/\n", "build": "a file\n"},
        {".gitignore": "a/*/c\n**/d/e\nf/**\n[!x].md\n", "a/b/d/c": "x\n", "d/f": "x\n", "x.md": "x\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    ignores = subject.once(ignores_of)
    found: dict[tuple[str, int], tuple[IgnoreLine, list[str]]] = {}
    for file in subject.files if ignores else ():
        line = ignores.line_for(file.path)
        if line:
            found.setdefault((line.folder, line.number), (line, []))[1].append(file.path)
    for line, paths in found.values():
        more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        message = f"`{printable(line.pattern)}` is about {printable(paths[0])}{more}, which is tracked"
        place = Place(join(line.folder, ".gitignore"), line.number)
        yield Finding(CODE, place, message, "`git rm --cached` it, or write an exception", Severity.NOTE)


RULE = Rule(CODE, "ignored-but-tracked", Stage.STRUCTURE, Principle.D2, PAGE, check, Severity.NOTE)
