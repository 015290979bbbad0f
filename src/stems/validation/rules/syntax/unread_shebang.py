"""A first line that was meant to name the interpreter, and that the system does not read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.files import File
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM138"
_MEANT = re.compile(
    r"(?:#[ \t]+!|#|!#|!|#1|\\#!)[ \t]*/(?:usr/)?(?:local/)?bin/(?:env[ \t]+)?[\w.-]+[ \t]*(?:-\w+)?\r?$", re.MULTILINE
)
_SECOND = re.compile(r"\s+#![ \t]*/(?:usr/)?(?:local/)?bin/")

PAGE = Page(
    checks="""Scripts that begin with something like `# !/bin/bash` or `#/bin/sh`, with an empty line before the
`#!`, or with a byte order mark before it. Templates are not meant.""",
    why="""The system looks at the first two bytes only. Without them a shell runs the script as `sh`, where arrays
and `[[` of bash fail half-way, and systemd refuses it with `Exec format error`.""",
    instead="Let the file begin with `#!`, saved as UTF-8 without a byte order mark.",
    bad={
        "bin/backup.sh": """
            # !/bin/bash
            echo backup
            """,
    },
    good={
        "bin/backup.sh": """
            #!/bin/bash
            echo backup
            """,
    },
    also_bad=(
        {"bin/backup.sh": b"\xef\xbb\xbf#!/bin/bash\necho backup\n"},
        {"bin/backup.sh": b"\n#!/bin/bash\necho backup\n"},
        {"bin/backup": "#/bin/sh\necho backup\n"},
        {"bin/backup": "!#/usr/bin/env bash\necho backup\n"},
    ),
    also_good=(
        {"bin/backup.sh": "# shellcheck shell=bash\nf() { :; }\n"},
        {"bin/note.txt": "#/etc/hosts is ours\n"},
        {"bin/backup.sh.j2": b"\n#!/bin/bash\n"},
        {"bin/run_once_a.sh.tmpl": '{{ if eq .chezmoi.os "linux" -}}\n#!/bin/bash\n{{ end -}}\n'},
        {"bin/paths": "# /usr/bin/env is used by all of these\n"},
        {"bin/backup.sh": "#!/bin/sh\n#!/bin/bash\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for file in subject.files:
        text = file.text
        if (
            text[:1] in ("#", "!", "\\", "\n", "\r", " ", "\ufeff")
            and not text.startswith("#!")
            and "bin/" in text[:200]
        ):
            message = "" if file.is_aside or file.is_documentation or file.is_template else _message(file)
            if message:
                remedy = "let the file begin with `#!`"
                yield Finding(CODE, file.place(1, 1), message, remedy, Severity.WARNING)


def _message(file: File) -> str:
    start = file.text[:200]
    if start.startswith("\ufeff#!"):
        return "a byte order mark stands before `#!`, so that the line is not read"
    if _SECOND.match(start):
        return "an empty line or a space stands before `#!`, so that the line is not read"
    return "meant to name the interpreter, but does not begin with `#!`" if _MEANT.match(start) else ""


RULE = Rule(CODE, "unread-shebang", Stage.SYNTAX, Principle.O1, PAGE, check, Severity.WARNING)
