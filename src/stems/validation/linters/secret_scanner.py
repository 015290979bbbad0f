"""betterleaks or gitleaks: keys and tokens of some hundred services, by their shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from posixpath import relpath
from typing import Any

from stems.infrastructure.command import Command, Effect, Result
from stems.model.finding import Finding, Place, Severity
from stems.validation.codes import SECRET_SCANNER
from stems.validation.linters.chosen import is_judged
from stems.validation.linters.linter import Linter, Question
from stems.validation.linters.said import document, entries, mapping, number, text
from stems.validation.subject import Subject

# Its guess by entropy is right about as often as not.
_GUESSES = frozenset({"generic-api-key"})
# gitleaks counts columns from 0 in the first line and from 1 in the others.
_OLDER = ("File", "StartLine", "")
_NEWER = ("path", "start_line", "start_column")
CONFIGURATIONS = (".betterleaks.toml", ".gitleaks.toml")
COPIES = "files"
"""The folder in the private one with copies of what is asked about: beside the repository's files lie ignored ones."""


def questions(subject: Subject) -> Iterator[Question]:
    paths = tuple(file.path for file in subject.files if is_judged(file))
    if paths:
        yield Question(paths)


def dir_command(question: Question) -> Command:
    """For gitleaks, and betterleaks before version 2."""
    return _command(question, "dir", "--report-format", "json", "--report-path", "-")


def auto_command(question: Question) -> Command:
    """For betterleaks 2."""
    return _command(question, "--output", "-")


def _command(question: Question, *words: str) -> Command:
    """Nothing is asked over the network: to try what was found is another option."""
    own = next((name for name in CONFIGURATIONS if name in question.files), "")
    config = ("--config", str(question.root / own)) if own else ()
    options = ("--exit-code", "0", "--no-banner", "--log-level", "error", *config)
    argv = (question.program, *words, *options, str(question.private / COPIES))
    return Command(argv, Effect.STAGES, cwd=str(question.private), timeout=60)


def copy_files(question: Question) -> None:
    for path in question.paths:
        target = question.private / COPIES / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(question.files[path].text, "utf-8", newline="")


def parse_secret_scanner(question: Question, result: Result) -> Iterator[Finding]:
    if result.status != 0:
        raise ValueError("it ended with an error of its own")
    said = document(result.stdout)
    if isinstance(said, list) or said is None:
        return (_finding(question, entry, "RuleID", entry, _OLDER) for entry in entries(said or []))
    if text(mapping(mapping(said).get("scan")), "state") != "complete":
        raise ValueError("it did not come to the end")
    found = entries(mapping(said).get("findings"))
    return (_finding(question, entry, "rule_id", mapping(entry.get("location")), _NEWER) for entry in found)


def _finding(
    question: Question, entry: Mapping[str, Any], rule: str, location: Mapping[str, Any], keys: tuple[str, str, str]
) -> Finding:
    """What was found is never repeated."""
    path, line, column = keys
    name = text(entry, rule)
    place = Place(
        _path(question, location.get(path)), number(location, line), number(location, column) if column else 0
    )
    is_guess = name in _GUESSES or entry.get("confidence") == "low"
    severity = Severity.NOTE if is_guess else Severity.WARNING
    remedy = "take it out of use first: Git keeps what was committed. Then keep it on the node, or encrypted"
    return Finding(SECRET_SCANNER, place, f"what looks like a secret ({name})", remedy, severity, linter_code=name)


def _path(question: Question, name: object) -> str:
    if not isinstance(name, str):
        raise ValueError("no path in what it printed")  # noqa: TRY004  # one kind of error for all that is unexpected
    return relpath(name, str(question.private / COPIES))


LINTER = Linter(
    "a secret scanner",
    SECRET_SCANNER,
    ("betterleaks", "gitleaks"),
    questions,
    (dir_command, auto_command),
    parse_secret_scanner,
    "put `betterleaks` or `gitleaks` on PATH",
    copy_files,
)
