"""An assessment as a Markdown page, for a forge or a wiki."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from stems.cli.render.assessment import parts_of
from stems.model.names import printable

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>&#|~!])")
_LIST = re.compile(r"^(\s*)(?:([-+])|(\d+)([.)]))(?=\s|$)")
_CELL = re.compile(r"(?<!\\)\|")


def render_markdown(document: Mapping[str, Any]) -> Iterator[str]:
    about = document["repository"]
    yield f"# Assessment of {_text(about['name'])}"
    yield ""
    yield f"{_text(about['source'])}, {about['files']} files."
    yield from _listed("", [_text(note) for note in about["notes"]])
    yield from _nodes(document["nodes"])
    yield from _domains(document["domains"])
    yield from _services(document["services"])
    for title in ("templates", "variables", "validation", "documentation"):
        yield from _listed(
            title.capitalize(), [f"{_text(one['what'])}: {one['count']}{_places(one)}" for one in document[title]]
        )
    if document["live"] is not None:
        yield from _listed("On the nodes", map(_live, document["live"]))
    yield from _pillars(document["pillars"])
    yield from _questions(document["questions"])
    yield from _findings(document["findings"])
    yield from _steps(document["steps"])


def _text(text: object) -> str:
    """Words as they stand there, with what is in backticks as code."""
    parts = parts_of(_one_line(text))
    told = "".join(_code(part) if is_code else _SPECIAL.sub(r"\\\1", part) for part, is_code in parts)
    # A mark at the start would begin a list.
    return _LIST.sub(lambda found: f"{found[1]}{found[3] or ''}\\{found[2] or found[4]}", told)


def _code(text: object) -> str:
    return f"`{_one_line(text).replace('`', chr(39))}`"


def _one_line(text: object) -> str:
    return printable(str(text)).replace("\n", " ")


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if rows:
        yield from ("", f"## {title}", "", f"| {' | '.join(head)} |", f"|{'---|' * len(head)}")
        # Also in code a bar ends a cell.
        yield from (f"| {' | '.join(_CELL.sub(chr(92) + '|', cell) for cell in row)} |" for row in rows)


def _listed(title: str, lines: Iterable[str]) -> Iterator[str]:
    every = list(lines)
    if every:
        yield from ("", f"## {title}", "") if title else ("",)
        yield from (f"* {line}" for line in every)


def _places(one: Mapping[str, Any]) -> str:
    places = ", ".join(_code(each["place"]) for each in one["evidence"])
    return f" ({places})" if places else ""


def _nodes(nodes: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    rows = [
        (_text(one["name"]), _text(one["role"] or ""), _text(one["address"] or ""), one["certainty"],
         ", ".join(_code(each["place"]) for each in one["evidence"][:4]))
        for one in nodes
    ]  # fmt: skip
    return _table("Nodes", ("node", "role", "address", "certainty", "evidence"), rows)


def _domains(domains: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    rows = [(one["domain"], _text(one["tool"]), _code(one["root"]), _text(one["about"])) for one in domains]
    return _table("Domains", ("domain", "tool", "root", "what"), rows)


def _services(services: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    rows = [
        (_text(one["name"]), _text(", ".join(one["nodes"]) or "not known"), _text(one["tool"]), _code(one["place"]))
        for one in services
    ]
    return _table("Services", ("service", "node", "tool", "place"), rows)


def _live(node: Mapping[str, Any]) -> str:
    if not node["known"]:
        return f"{_text(node['node'])}: unknown: {_text(node['reason'])}"
    told = [f"{node[key]} {key}" for key in ("dotfiles", "containers") if node[key] is not None]
    told += [f"not declared: {', '.join(map(_code, node['undeclared']))}"] if node["undeclared"] else []
    told += [f"units: {', '.join(map(_code, node['units']))}"] if node["units"] else []
    return f"{_text(node['node'])}: {'; '.join(told) or 'nothing to tell'}"


def _pillars(pillars: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    rows = [
        (_text(one["pillar"]), one["rating"], _text(", ".join(part["what"] for part in one["there"])),
         _text("; ".join(gap["message"] for gap in one["missing"])))
        for one in pillars
    ]  # fmt: skip
    return _table("Pillars", ("pillar", "how far", "what is there", "what is missing"), rows)


def _questions(questions: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for one in questions:
        yield from ("", f"## {_text(one['question'])}", "", f"{_text(one['answer']).capitalize()}.")
        yield from _listed("", [f"{_text(gap['message'])}{_places(gap)}" for gap in one["gaps"]])


def _findings(stages: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    rows = [
        (one["stage"], str(one["errors"]), str(one["warnings"]), str(one["notes"]),
         f"{_code(one['worst']['place'])} {_text(one['worst']['message'])} ({one['worst']['code']})")
        for one in stages
    ]  # fmt: skip
    return _table("What the rules say", ("stage", "errors", "warnings", "notes", "the worst"), rows)


def _steps(steps: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if steps:
        yield from ("", "## Next, smallest first", "")
        yield from (
            f"{number}. **{_text(one['title'])}** ({one['effort']}): {_text(one['how'])}"
            for number, one in enumerate(steps, 1)
        )
