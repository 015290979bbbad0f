"""Asks every linter that is here about the files, all at the same time."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from stems.errors import StemsError
from stems.infrastructure.command import Result
from stems.infrastructure.parallel import ask_each
from stems.infrastructure.runner import Runner
from stems.model.finding import Finding, Place, Severity
from stems.model.observation import Answer, Unknown
from stems.validation.codes import FAILED_LINTER
from stems.validation.linters import ansible_lint, compose_lint, secret_scanner, shellcheck, yamllint
from stems.validation.linters.linted import Linted, Missing
from stems.validation.linters.linter import Linter, Question
from stems.validation.linters.said import line, told
from stems.validation.subject import Subject

LINTERS: tuple[Linter, ...] = (
    yamllint.LINTER,
    shellcheck.LINTER,
    ansible_lint.LINTER,
    compose_lint.LINTER,
    secret_scanner.LINTER,
)
_UNKNOWN = "unknown flag"
"""What programs in Go say of an option that they do not have."""
MOST_PATHS = 500
"""In one run: a command line has an end."""


@dataclass(frozen=True)
class Asking:
    """Who is asked, about what, and how. `only` are the paths that count, all without it."""

    subject: Subject
    root: Path
    runner: Runner
    private: Path
    only: frozenset[str] | None = None
    linters: Sequence[Linter] = LINTERS


def ask_linters(asking: Asking) -> Linted:
    """What all linters say. What one of them cannot answer is a finding, and one that is not here is named."""
    asked, missing = list[tuple[Linter, Question]](), list[Missing]()
    for linter in asking.linters:
        questions = list(_questions(asking, linter))
        program = program_of(linter) if questions else ""
        if program:
            asked += [(linter, replace(each, program=program)) for each in questions]
        elif questions:
            missing.append(Missing(linter.name, linter.how_to_get))
    numbers = range(len(asked))
    answers = ask_each(numbers, lambda number: _answer(asking, *asked[number]))
    return _linted([(*asked[number], answer) for number, answer in answers.items()], tuple(missing))


def _linted(
    told: Sequence[tuple[Linter, Question, Answer[tuple[Finding, ...]]]], missing: tuple[Missing, ...]
) -> Linted:
    findings, answered, failed = list[Finding](), list[str](), set[str]()
    for _, question, answer in told:
        name = Path(question.program).name
        if isinstance(answer, Unknown):
            failed.add(name)
            findings.append(_failed(name, question, answer.error))
        else:
            answered.append(name)
            findings += answer.value
    return Linted(tuple(findings), tuple(name for name in dict.fromkeys(answered) if name not in failed), missing)


def program_of(linter: Linter) -> str:
    """Where a linter is: on PATH, else where it was installed with stems; empty where it is not."""
    for name in linter.programs:
        beside = Path(sys.executable).parent / name
        found = shutil.which(name) or (str(beside) if os.access(beside, os.X_OK) else "")
        if found:
            return found
    return ""


def _questions(asking: Asking, linter: Linter) -> Iterator[Question]:
    for whole in linter.questions(asking.subject):
        paths = _wanted(linter, whole, asking.only)
        for start in range(0, len(paths), MOST_PATHS):
            part = paths[start : start + MOST_PATHS]
            yield replace(whole, paths=part, root=asking.root, files=asking.subject.files)


def _wanted(linter: Linter, question: Question, only: frozenset[str] | None) -> tuple[str, ...]:
    if only is None:
        return question.paths
    if linter.follows:
        start = f"{question.folder}/" if question.folder else ""
        return question.paths if any(path.startswith(start) for path in only) else ()
    return tuple(path for path in question.paths if path in only)


def _answer(asking: Asking, linter: Linter, question: Question) -> tuple[Finding, ...]:
    question = replace(question, private=Path(tempfile.mkdtemp(dir=asking.private)))
    try:
        linter.prepare(question)
        result = _run(asking.runner, linter, question)
        return _read(asking, linter, question, result)
    except OSError as error:
        raise StemsError(f"{error.strerror or error}") from None


def _read(asking: Asking, linter: Linter, question: Question, result: Result) -> tuple[Finding, ...]:
    try:
        return tuple(_kept(asking, linter.answer(question, result)))
    except ValueError as error:
        raise StemsError(f"{error}: {told((result.errors, result.text))}") from None


def _run(runner: Runner, linter: Linter, question: Question) -> Result:
    # What a linter starts itself is mostly installed beside it.
    path = f"{Path(question.program).parent}:{os.environ.get('PATH', os.defpath)}"
    for ask in linter.commands:
        command = ask(question)
        result = runner.run(replace(command, env={"LC_ALL": "C.UTF-8", "PATH": path, **command.env}))
        if result.ok or _UNKNOWN not in result.errors:
            break
    return result


def _kept(asking: Asking, findings: Iterable[Finding]) -> Iterator[Finding]:
    """What is about files of the repository that count: a linter also reads ignored ones."""
    for finding in findings:
        path = finding.place.path
        if path in asking.subject.files and (asking.only is None or path in asking.only):
            yield finding


def _failed(name: str, question: Question, error: StemsError) -> Finding:
    others = len(question.paths) - 1
    files = "this file" if not others else f"this file and {others} more"
    message = f"{name} could not judge {files}: {line(error.problem)}"
    remedy = f"run `{name}` there by hand to see why, or leave linters out with `--no-linters`"
    return Finding(FAILED_LINTER, Place(question.paths[0]), message, remedy, Severity.WARNING, linter_code=name)
