"""A repository inside of the repository that nobody can get."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.names import printable
from stems.model.principle import Principle
from stems.validation.content import Kind
from stems.validation.files import File
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM810"
_PATH = re.compile(r"^[ \t]*path[ \t]*=[ \t]*(?P<path>\S.*)$", re.MULTILINE)
_MODULES = ".gitmodules"

PAGE = Page(
    checks="""Folders that Git tracks as a commit of another repository without an entry in `.gitmodules`, and
entries in `.gitmodules` for a path where nothing is tracked.""",
    why="""`git add` of a folder that has a `.git` of its own records a number and no file, and only warns. On this
machine everything is there; a clone has an empty folder, and nothing says where its files were.""",
    instead="""`git rm --cached FOLDER`, then `git submodule add ADDRESS FOLDER`, or remove its `.git` and add the
files.""",
    bad={
        ".gitmodules": """
            [submodule "roles/base"]
                path = roles/base
                url = https://git.example/base
            """,
    },
    good={"roles/base/tasks/main.yml": "- debug: {msg: hello}\n"},
    also_bad=({".gitmodules": '[submodule "a"]\n\tpath = a/b\n\turl = ../b\n', "a/c.txt": "x\n"},),
    also_good=({".gitmodules": "# none any more\n"},),
)


def check(subject: Subject) -> Iterator[Finding]:
    modules = subject.files.get(_MODULES)
    named = {found["path"].rstrip(): found.start("path") for found in _PATH.finditer(modules.text)} if modules else {}
    for file in subject.files:
        # A folder in the list of files is the commit of another repository.
        if file.kind is Kind.UNREADABLE and file.path not in named and file.is_folder:
            message = f"{printable(file.path)} is a commit of another repository, and `.gitmodules` says of none"
            yield Finding(CODE, file.place(), message, "`git rm --cached` it, then add its files", Severity.WARNING)
    if modules:
        yield from _without_module(subject, modules, named)


def _without_module(subject: Subject, modules: File, named: dict[str, int]) -> Iterator[Finding]:
    for path, offset in named.items():
        file = subject.files.get(path)
        if file is None or file.text:
            message = f"nothing is tracked at {printable(path)}, so that the entry brings nothing"
            yield Finding(CODE, modules.at(offset), message, "`git submodule add` it, or remove the entry",
                          Severity.WARNING)  # fmt: skip


RULE = Rule(CODE, "lost-submodule", Stage.STRUCTURE, Principle.D2, PAGE, check, Severity.WARNING)
