"""A TOML file that is none."""

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

CODE = "STM134"
_MOST = 256 * 1024
"""Characters of a file that is read: the reader is slow, and nobody writes more by hand."""
_DEEP = re.compile(r"(?:\w{1,40}\.){40}")
_AT = re.compile(r"(?P<message>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)", re.DOTALL)

PAGE = Page(
    checks="Files called `*.toml` that TOML cannot read. Templates and encrypted files are not meant.",
    why="""Prompts, editors and proxies fall back to their defaults when their file cannot be read, or do not start: the
mistake shows on the machine where it was deployed, and not in the commit.""",
    instead="Correct the place that the finding names.",
    bad={
        "dotfiles/.config/starship.toml": """
            add_newline = false
            [character]
            success_symbol = >
            """,
    },
    good={
        "dotfiles/.config/starship.toml": """
            add_newline = false
            [character]
            success_symbol = ">"
            """,
    },
    also_bad=(
        {"app/settings.toml": "a = 1\na = 2\n"},
        {"app/settings.toml": "[server\nport = 80\n"},
        {"app/settings.toml": "names = ['a', 'b'\n"},
        {"app/settings.toml": "port: 80\n"},
    ),
    also_good=(
        {"app/settings.toml.j2": "port = {{ port }}\n"},
        {"app/settings.toml": "port = {{ port }}\n"},
        {"home/.chezmoi.toml.tmpl": '{{ $email := promptString "email" -}}\n[data]\nemail = {{ $email | quote }}\n'},
        {"home/.chezmoiexternal.toml": '{{ if eq .chezmoi.os "linux" }}\n[".x"]\ntype = "file"\n{{ end }}\n'},
        {"app/settings.toml": "a = '''\n{{ not this }}\n'''\n[b.c]\nd = 2026-01-01\n"},
        {"old/settings.toml": "a = \n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for file in subject.files.named("*.toml"):
        if not (file.is_aside or file.is_documentation or file.is_template or file.is_encrypted):
            yield from _of(file)


def _of(file: File) -> Iterator[Finding]:
    import tomllib  # noqa: PLC0415  # most repositories have no such file, and pay for none

    try:
        if len(file.text) <= _MOST and not _DEEP.search(file.text):
            tomllib.loads(file.text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        found = _AT.fullmatch(str(error))
        line, column = (int(found["line"] or len(file.lines)), int(found["column"] or 0)) if found else (1, 0)
        message = found["message"] if found else str(error)
        remedy = "correct this line or the one above it"
        yield Finding(CODE, file.place(line, column), f"no TOML: {message[:1].lower()}{message[1:200]}", remedy,
                      Severity.WARNING)  # fmt: skip
    except (RecursionError, ValueError):
        # Too deep, or a number that is too long: not what this rule is about.
        return


RULE = Rule(CODE, "broken-toml", Stage.SYNTAX, Principle.P2, PAGE, check, Severity.WARNING)
