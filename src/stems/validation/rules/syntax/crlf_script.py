"""A script whose first line ends as on Windows."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.edit import Edit
from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.validation.files import File
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM150"
# Jinja ends every line that it renders in the same way, whatever the template has.
_RENDERED = (".j2", ".jinja", ".jinja2")

PAGE = Page(
    checks="""Scripts whose first line, `#!` and a program, ends with a carriage return before the line feed, as
editors on Windows write it. `--fix` takes the carriage returns out of the file.""",
    why="""Linux takes the carriage return for a part of the name: it looks for a program `bash` with an invisible
letter behind it, and says "no such file or directory" about a script that is plainly there. As the entry point of a
container or the program of a unit it never starts.""",
    instead="""Let the file have line feeds alone: `stems validate --fix`, or `sed -i 's/\\r$//' FILE`. With `*.sh
text eol=lf` in `.gitattributes` it stays so on every machine.""",
    bad={"scripts/backup.sh": b"#!/bin/bash\r\nset -e\r\nrestic backup /srv\r\n"},
    good={"scripts/backup.sh": b"#!/bin/bash\nset -e\nrestic backup /srv\n"},
    also_bad=(
        {"services/web/entrypoint": b'#!/usr/bin/env bash\r\nexec "$@"\r\n'},
        {"bin/report.py": b"#!/usr/bin/env python3\r\nprint('well')\r\n"},
        {"ansible/roles/web/files/check.sh": b"#!/bin/sh\r\nexit 0\r\n"},
        # Only the first line counts for the kernel.
        {"dotfiles/bin/up": b"#!/bin/sh\r\ntrue\n"},
        {"hosts/gate/setup.sh": b"#!/bin/bash -e\r\n# no newline at the end"},
    ),
    also_good=(
        {"scripts/setup.bat": b"@echo off\r\necho well\r\n"},
        {"files/data.csv": b"a,b\r\n1,2\r\n"},
        {"scripts/notes.txt": b"Begin with\r\n#!/bin/sh\r\n"},
        # Inside of a text that goes to a printer they may be wanted.
        {"scripts/print.sh": b"#!/bin/sh\nprintf 'a\r\n'\n"},
        {"templates/run.sh.j2": b"#!/bin/sh\r\n{{ command }}\r\n"},
        {"archive/old.sh": b"#!/bin/sh\r\ntrue\r\n"},
        {"docs/example.sh": b"#!/bin/sh\r\ntrue\r\n"},
        {"files/logo.png": b"#!\r\n\x00\x01"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for file in subject.files:
        if file.text.startswith("#!") and not (file.is_aside or file.is_documentation or _is_rendered(file)):
            yield from _of(file)


def _of(file: File) -> Iterator[Finding]:
    first = file.text.partition("\n")[0]
    if len(first) > len("#!\r") and first.endswith("\r"):
        message = "the first line ends with a carriage return, which becomes a part of the program's name"
        fix = (Edit(file.path, 0, file.text, file.text.replace("\r\n", "\n")),)
        yield Finding(CODE, file.place(1, len(first)), message, "end lines with a line feed alone", fix=fix)


def _is_rendered(file: File) -> bool:
    return file.name.endswith(_RENDERED)


RULE = Rule(CODE, "crlf-script", Stage.SYNTAX, Principle.O1, PAGE, check)
