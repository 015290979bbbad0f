"""A JSON file that is none."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.readers.json_text import JsonProblem, is_relaxed_json, json_problem
from stems.validation.files import File
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM133"
_STRICT = ("daemon.json", "package.json", "package-lock.json", "composer.json", "manifest.json", ".chezmoidata.json")

PAGE = Page(
    checks="""Files called `*.json` that are neither JSON nor JSON with comments and spare commas, which editors and
many programs allow. Where it is known that a program takes JSON only, as Docker does with `daemon.json`, comments
count too. Templates are not meant.""",
    why="Docker does not start with a `daemon.json` that has one comma too many, and with it no service of the node.",
    instead="Correct the place that the finding names; `python3 -m json.tool FILE` says whether it is good.",
    bad={
        "ansible/files/daemon.json": """
            {
              "log-driver": "json-file",
              "log-opts": {"max-size": "10m"},
            }
            """,
    },
    good={
        "ansible/files/daemon.json": """
            {
              "log-driver": "json-file",
              "log-opts": {"max-size": "10m"}
            }
            """,
    },
    also_bad=(
        {"app/settings.json": '{"a": 1 "b": 2}\n'},
        {"app/settings.json": '{"a": [1, 2}\n'},
        {"app/settings.json": "{'a': 1}\n"},
        {"app/settings.json": '{"a": 1}\n}\n'},
        {"docker/daemon.json": '{\n  // logs\n  "log-driver": "local"\n}\n'},
    ),
    also_good=(
        {"dotfiles/.vscode/settings.json": '{\n  // fonts\n  "a": 1,\n}\n'},
        {"app/tsconfig.json": '{"a": [1, 2,], /* more */ "b": "http://x"}\n'},
        {"app/settings.jsonc": '{"a": 1,}\n'},
        {"app/settings.json5": "{a: 1}\n"},
        {"app/settings.json.j2": '{"a": {{ a }}}\n'},
        {"app/settings.json": '{"a": {{ a | to_json }},\n{% if b %}\n"b": 1\n{% endif %}\n}\n'},
        {"app/events.json": '{"a": 1}\n{"a": 2}\n'},
        {"app/empty.json": ""},
        {"app/settings.json": '\ufeff{"a": 123456789012345678901234567890}\n'},
        {"tests/data.json": "{\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for file in subject.files.named("*.json"):
        if file.is_aside or file.is_documentation or file.is_template or file.is_encrypted:
            continue
        problem = _problem(file)
        if problem:
            place = file.place(problem.line, problem.column)
            yield Finding(CODE, place, f"no JSON: {problem.message}", "correct this line or the one above it",
                          Severity.WARNING)  # fmt: skip


def _problem(file: File) -> JsonProblem | None:
    problem = json_problem(file.text) if file.text.strip() else None
    if problem and file.name not in _STRICT and (is_relaxed_json(file.text) or _is_one_a_line(file)):
        return None
    return problem


def _is_one_a_line(file: File) -> bool:
    """Whether it is a stream: a document in each line."""
    lines = [line for line in file.lines if line.strip()]
    return len(lines) > 1 and lines[0].startswith("{") and all(json_problem(line) is None for line in lines)


RULE = Rule(CODE, "broken-json", Stage.SYNTAX, Principle.P2, PAGE, check, Severity.WARNING)
