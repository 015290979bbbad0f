"""ansible-lint: playbooks, roles and tasks that Ansible refuses, or reads otherwise than they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname

from stems.infrastructure.command import Command, Effect, Result
from stems.model.finding import Finding, Place, Severity
from stems.validation.codes import ANSIBLE_LINT
from stems.validation.files import File, Files
from stems.validation.linters.chosen import yaml_files
from stems.validation.linters.linter import Linter, Question
from stems.validation.linters.said import document, entries, mapping, number, text
from stems.validation.subject import Subject

CONFIGURATIONS = (
    ".ansible-lint", ".ansible-lint.yml", ".ansible-lint.yaml", ".config/ansible-lint.yml", ".config/ansible-lint.yaml",
)  # fmt: skip
# How things are called and spaced is for a repository to ask for.
_STYLE = (
    "yaml", "name", "key-order", "fqcn", "var-naming", "role-name", "jinja[spacing]", "no-free-form", "no-changed-when",
    "playbook-extension", "schema[meta]", "meta-no-info", "meta-incorrect", "package-latest",
)  # fmt: skip
# Collections and roles that are not installed here may well be where the playbook runs. Nothing behind them is judged.
_UNKNOWABLE = ("syntax-check[unknown-module]", "syntax-check[specific]", "load-failure[not-found]")
_WHERE = re.compile(r" in /\S+$")
_MEND = ("syntax-check", "parser-error", "load-failure", "no-jinja-when", "partial-become", "deprecated")
_TIMEOUT = 180


def questions(subject: Subject) -> Iterator[Question]:
    """One for each folder that playbooks are run from."""
    found: dict[str, list[str]] = {}
    for file in yaml_files(subject.files):
        if _is_playbook(file):
            found.setdefault(_home(subject.files, file), []).append(file.path)
    for folder, paths in found.items():
        own = any((f"{folder}/{name}" if folder else name) in subject.files for name in CONFIGURATIONS)
        yield Question(tuple(paths), folder, is_configured=own)


def _is_playbook(file: File) -> bool:
    if not ("hosts:" in file.text or "import_playbook:" in file.text):
        return False
    plays = [play for document in file.documents[:1] for play in _list(document.value)]
    return bool(plays) and all(isinstance(play, dict) and _is_play(play) for play in plays)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _is_play(play: dict[str, object]) -> bool:
    return "hosts" in play or any(key.rpartition(".")[2] == "import_playbook" for key in play)


def _home(files: Files, file: File) -> str:
    """The nearest folder above that Ansible or its linter is configured in, else the one of the playbook."""
    folder = file.folder
    while True:
        start = f"{folder}/" if folder else ""
        if any(start + name in files for name in ("ansible.cfg", *CONFIGURATIONS)):
            return folder
        if not folder:
            return file.folder.removesuffix("/playbooks").removesuffix("playbooks")
        folder = dirname(folder)


def ansible_lint_command(question: Question) -> Command:
    """It keeps what it computes in a folder that is removed afterwards, and installs nothing."""
    quiet = () if question.is_configured else ("--profile=basic", f"--skip-list={','.join(_STYLE)}")
    options = ("--offline", "--nocolor", "-q", "-f", "json", *quiet)
    env = {"VIRTUAL_ENV": str(question.private), "ANSIBLE_HOME": str(question.private), "NO_COLOR": "1"}
    argv = (question.program, *options, "--", *question.names)
    return Command(argv, Effect.STAGES, cwd=question.cwd, timeout=_TIMEOUT, env=env)


def parse_ansible_lint(question: Question, result: Result) -> Iterator[Finding]:
    if result.status not in (0, 2):
        raise ValueError("it ended with an error of its own")
    for entry in entries(document(result.stdout)):
        name, said = text(entry, "check_name"), _WHERE.sub("", text(entry, "description"))
        severity = Severity.WARNING if name.startswith(_MEND) else Severity.NOTE
        if name.startswith(_UNKNOWABLE):
            severity, said = Severity.NOTE, f"{said}, so ansible-lint went no further here"
        place = _place(question, entry)
        yield Finding(ANSIBLE_LINT, place, f"{said} ({name})", severity=severity, linter_code=name)


def _place(question: Question, entry: object) -> Place:
    location = mapping(mapping(entry).get("location"))
    path = location.get("path")
    if not isinstance(path, str):
        raise ValueError("no `path` in what it printed")  # noqa: TRY004  # one kind of error for all that is unexpected
    if "positions" in location:
        begin = mapping(mapping(location["positions"]).get("begin"))
        return Place(question.path(path), number(begin, "line"), number(begin, "column"))
    return Place(question.path(path), number(mapping(location.get("lines")), "begin"))


LINTER = Linter(
    "ansible-lint",
    ANSIBLE_LINT,
    ("ansible-lint",),
    questions,
    (ansible_lint_command,),
    parse_ansible_lint,
    follows=True,
)
