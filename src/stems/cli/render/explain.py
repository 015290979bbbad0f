"""Rules as pages and lists, and as a document."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from stems.cli.render.text import bold, columns, dim
from stems.validation.asked import Asked
from stems.validation.page import Example, shown
from stems.validation.rule import Rule
from stems.validation.stage import Stage

_WIDTH = 100


def explanation_document(asked: Asked) -> dict[str, Any]:
    document: dict[str, Any] = {"schema": "stems.explain/1"}
    if asked.principle:
        document["principle"] = {"name": asked.principle.name, "says": asked.principle.value}
    if asked.stage:
        document["stage"] = {"name": asked.stage.value, "asks": asked.stage.about}
    return {**document, "rules": [_in_json(rule) for rule in asked.rules]}


def _in_json(rule: Rule) -> dict[str, Any]:
    page = rule.page
    return {
        "code": rule.code,
        "name": rule.name,
        "stage": rule.stage.value,
        "severity": rule.severity.value,
        "principle": rule.principle.name,
        "checks": _flat(page.checks),
        "why": _flat(page.why),
        "instead": _flat(page.instead),
        "bad": {path: shown(content) for path, content in page.bad.items()},
        "good": {path: shown(content) for path, content in page.good.items()},
    }


def render_explanation(asked: Asked) -> Iterator[str]:
    if asked.principle:
        yield f"{bold(asked.principle.name)}  {asked.principle.value}"
    if asked.stage:
        yield f"{bold(asked.stage.value)}  {asked.stage.about}"
    if len(asked.rules) == 1 and not asked.principle and not asked.stage:
        yield from _page(asked.rules[0])
    else:
        yield from _list(asked.rules)


def _list(rules: Sequence[Rule]) -> Iterator[str]:
    if not rules:
        yield dim("no rule yet")
        return
    by_stage = {stage: [rule for rule in rules if rule.stage is stage] for stage in Stage}
    rows = [
        (rule.code, rule.severity.value, rule.principle.name, rule.name)
        for stage in Stage
        for rule in sorted(by_stage[stage], key=lambda rule: rule.code)
    ]
    lines = iter(columns(rows, indent="  "))
    for stage, found in by_stage.items():
        if found:
            yield dim(stage.value)
            yield from (next(lines) for _ in found)


def _page(rule: Rule) -> Iterator[str]:
    page = rule.page
    yield f"{bold(rule.code)} {bold(rule.name)}"
    yield f"{rule.severity.value} · stage {rule.stage.value} · serves {rule.principle.name}: {rule.principle.value}"
    yield from _section("what it checks", page.checks)
    yield from _section("why it matters", page.why)
    yield from _files("what is found", page.bad)
    yield from _files("what is not", page.good)
    yield from _section("what to do instead", page.instead)


def _section(title: str, text: str) -> Iterator[str]:
    yield ""
    yield dim(title)
    yield from textwrap.wrap(_flat(text), _WIDTH, initial_indent="  ", subsequent_indent="  ")


def _files(title: str, example: Example) -> Iterator[str]:
    yield ""
    yield dim(title)
    for path, content in example.items():
        yield f"  {bold(path)}"
        yield from (f"    {line}".rstrip() for line in shown(content).rstrip().splitlines())


def _flat(text: str) -> str:
    return " ".join(text.split())
