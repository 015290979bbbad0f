"""yamllint: what YAML means by itself. Style only where the repository has asked for it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.infrastructure.command import Command, Effect, Result
from stems.model.finding import Finding, Place, Severity
from stems.validation.codes import YAMLLINT
from stems.validation.linters.chosen import yaml_files
from stems.validation.linters.linter import Linter, Question, by_configuration
from stems.validation.linters.said import line
from stems.validation.subject import Subject

CONFIGURATIONS = (".yamllint", ".yamllint.yaml", ".yamllint.yml")
QUIET = (
    "{rules: {key-duplicates: enable, anchors: {forbid-undeclared-aliases: true, forbid-duplicated-anchors: true,"
    " forbid-unused-anchors: true}}}"
)
"""Without a configuration of its own a repository has asked for no style: only what changes the meaning is left."""

_LINE = re.compile(r"(?P<name>.+?):(?P<line>\d+):(?P<column>\d+): \[(?P<level>error|warning)\] (?P<said>.+)")
_RULE = re.compile(r"(?P<said>.*?)\s+\((?P<rule>[a-z-]+)\)")
_SEVERITIES = {"error": Severity.WARNING, "warning": Severity.NOTE}


def questions(subject: Subject) -> Iterator[Question]:
    paths = (file.path for file in yaml_files(subject.files))
    return by_configuration(subject.files, paths, CONFIGURATIONS)


def yamllint_command(question: Question) -> Command:
    chosen = () if question.is_configured else ("-d", QUIET)
    argv = (question.program, "--format", "parsable", *chosen, "--", *question.names)
    return Command(argv, Effect.READS, cwd=question.cwd, timeout=60)


def parse_yamllint(question: Question, result: Result) -> Iterator[Finding]:
    # Where Python tells where it broke, the status is that of findings.
    if result.status not in (0, 1, 2) or (result.stderr and not result.stdout):
        raise ValueError("it ended with an error of its own")
    for each in result.text.splitlines():
        match = _LINE.fullmatch(each)
        if match is None:
            raise ValueError(f"it printed a line that is no finding: {line(each)}")
        rule = _RULE.fullmatch(match["said"])
        said, name = (rule["said"], rule["rule"]) if rule else (match["said"], "syntax")
        place = Place(question.path(match["name"]), int(match["line"]), int(match["column"]))
        message = f"{line(said)} (yamllint: {name})"
        yield Finding(YAMLLINT, place, message, severity=_SEVERITIES[match["level"]], linter_code=name)


LINTER = Linter("yamllint", YAMLLINT, ("yamllint",), questions, (yamllint_command,), parse_yamllint)
