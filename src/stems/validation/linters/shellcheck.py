"""ShellCheck: scripts that do something else than they seem to."""

from __future__ import annotations

from collections.abc import Iterator

from stems.infrastructure.command import Command, Effect, Result
from stems.model.finding import Finding, Place, Severity
from stems.validation.codes import SHELLCHECK
from stems.validation.linters.chosen import scripts
from stems.validation.linters.linter import Linter, Question
from stems.validation.linters.said import document, entries, mapping, number, text
from stems.validation.subject import Subject

# A file that is sourced from elsewhere cannot be followed, and a part of a script needs no first line.
_UNKNOWABLE = "SC1090,SC1091,SC2148"
# What may be used by who sources the file, and a habit that only hides an exit status.
_NOTES = frozenset({"SC2034", "SC2154", "SC2155", "SC2164"})
# What cannot be parsed is told where it begins; where it stops, and what it was in, is the same once more.
_STOPPED, _AFTER_IT = 1073, frozenset({1009, 1072})
_SEVERITIES = {"error": Severity.WARNING, "warning": Severity.WARNING, "info": Severity.NOTE, "style": Severity.NOTE}


def questions(subject: Subject) -> Iterator[Question]:
    paths = tuple(file.path for file in scripts(subject.files))
    if paths:
        yield Question(paths)


def shellcheck_command(question: Question) -> Command:
    """It finds a `.shellcheckrc` above each script by itself."""
    options = ("--format=json1", "--severity=warning", f"--exclude={_UNKNOWABLE}", "--color=never")
    return Command((question.program, *options, "--", *question.names), Effect.READS, cwd=question.cwd, timeout=60)


def parse_shellcheck(question: Question, result: Result) -> Iterator[Finding]:
    if result.status not in (0, 1):
        raise ValueError("it could not read all of them")
    found = list(entries(mapping(document(result.stdout)).get("comments")))
    stopped = {_path(entry) for entry in found if number(entry, "code") == _STOPPED}
    for entry in found:
        if number(entry, "code") in _AFTER_IT and _path(entry) in stopped:
            continue
        code, level = f"SC{number(entry, 'code')}", text(entry, "level")
        place = Place(question.path(_path(entry)), number(entry, "line"), number(entry, "column"))
        severity = Severity.NOTE if code in _NOTES else _SEVERITIES.get(level, Severity.NOTE)
        remedy = f"see https://www.shellcheck.net/wiki/{code}"
        yield Finding(SHELLCHECK, place, f"{text(entry, 'message')} ({code})", remedy, severity, linter_code=code)


def _path(entry: dict[str, object] | object) -> str:
    found = mapping(entry).get("file")
    if not isinstance(found, str):
        raise ValueError("no `file` in what it printed")  # noqa: TRY004  # one kind of error for all that is unexpected
    return found


LINTER = Linter("shellcheck", SHELLCHECK, ("shellcheck",), questions, (shellcheck_command,), parse_shellcheck)
