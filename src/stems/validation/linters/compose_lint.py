"""compose-lint: services that have more of their node than they need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from stems.infrastructure.command import Command, Effect, Result
from stems.model.finding import Finding, Place, Severity
from stems.tools.compose.model.files import COMPOSE_FILES
from stems.validation.codes import COMPOSE_LINT
from stems.validation.files import File
from stems.validation.linters.chosen import yaml_files
from stems.validation.linters.linter import Linter, Question, by_configuration
from stems.validation.linters.said import document, entries, mapping, number, text
from stems.validation.subject import Subject

CONFIGURATIONS = (".compose-lint.yml",)
_SEVERITIES = {
    "critical": Severity.WARNING,
    "high": Severity.WARNING,
    "medium": Severity.NOTE,
    "low": Severity.NOTE,
}
# A port for the whole home network is what most services are for, and a password in plain text is a rule of stems.
_NOTES = frozenset({"CL-0005"})


def questions(subject: Subject) -> Iterator[Question]:
    paths = (file.path for file in yaml_files(subject.files) if _is_project(file))
    return by_configuration(subject.files, paths, CONFIGURATIONS)


def _is_project(file: File) -> bool:
    if file.name not in COMPOSE_FILES:
        return False
    values = [document.value for document in file.documents]
    return any(isinstance(value, dict) and isinstance(value.get("services"), dict) for value in values)


def compose_lint_command(question: Question) -> Command:
    """Env files are those of this machine, so they say nothing about a node."""
    options = ("--format", "json", "--no-env", "--allow-partial-coverage", "--skip-suppressed")
    argv = (question.program, "check", *options, "--", *question.names)
    return Command(argv, Effect.READS, cwd=question.cwd, timeout=60)


def parse_compose_lint(question: Question, result: Result) -> Iterator[Finding]:
    answer = mapping(document(result.stdout))
    for entry in entries(answer.get("findings")):
        code, level = text(entry, "rule_id"), text(entry, "severity")
        severity = Severity.NOTE if code in _NOTES else _SEVERITIES.get(level, Severity.NOTE)
        is_asked_for = question.is_configured or level in ("critical", "high")
        if is_asked_for and entry.get("suppressed") is not True:
            name = entry.get("file")
            place = Place(question.path(name if isinstance(name, str) else text(entry, "file")), number(entry, "line"))
            message = f"{text(entry, 'service')}: {text(entry, 'message')} ({code})"
            remedy = f"see `compose-lint --explain {code}`"
            yield Finding(COMPOSE_LINT, place, message, remedy, severity, linter_code=code)
    for error in entries(answer.get("errors", [])):
        yield _unread(question, error)


def _unread(question: Question, error: Mapping[str, Any]) -> Finding:
    name = error.get("file")
    if not isinstance(name, str) or not name:
        raise ValueError(f"it failed: {text(error, 'message')}")
    message = f"compose-lint could not judge this file: {text(error, 'message')}"
    return Finding(COMPOSE_LINT, Place(question.path(name)), message, severity=Severity.WARNING, linter_code="syntax")


LINTER = Linter("compose-lint", COMPOSE_LINT, ("compose-lint",), questions, (compose_lint_command,), parse_compose_lint)
