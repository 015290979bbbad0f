"""An assessment as one HTML page that needs nothing else: no script, no font, no network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from typing import Any

import jinja2
from markupsafe import Markup, escape

from stems.cli.render.assessment import parts_of
from stems.model.names import printable

_COLUMNS, _WIDTH, _GAP, _LINE, _HEAD = 3, 300, 20, 18, 52
_MOST_NODES, _MOST_SERVICES = 9, 10
_LONGEST = 34


def render_html(document: Mapping[str, Any]) -> str:
    template = files("stems.cli.render").joinpath("assessment.html.j2").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # What a control character would do depends on who looks.
        finalize=lambda value: printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value,
    )
    environment.filters["told"] = _told
    return environment.from_string(template).render(**document, drawing=_drawing(document))


def _told(text: str) -> Markup:
    """What stands in backticks as code."""
    parts = parts_of(printable(text))
    return Markup().join(Markup("<code>{}</code>").format(part) if is_code else escape(part) for part, is_code in parts)


def _drawing(document: Mapping[str, Any]) -> dict[str, Any]:
    """Where each node stands in the picture, with the services that run there."""
    nodes = [one for one in document["nodes"] if one["certainty"] != "mentioned"][:_MOST_NODES]
    boxes = [(one["name"], one["address"] or "", _on(document["services"], one["name"])) for one in nodes]
    homeless = _names(one for one in document["services"] if not one["nodes"])
    if homeless:
        boxes.append(("node not known", "", homeless))
    placed, top = [], 0
    for start in range(0, len(boxes), _COLUMNS):
        row = boxes[start : start + _COLUMNS]
        tallest = max(_height(services) for _, _, services in row)
        placed += [_box(column, top, tallest, *box) for column, box in enumerate(row)]
        top += tallest + _GAP
    return {"width": _COLUMNS * (_WIDTH + _GAP) - _GAP, "height": max(top - _GAP, 0), "boxes": placed}


def _on(services: Sequence[Mapping[str, Any]], node: str) -> list[str]:
    return _names(one for one in services if node in one["nodes"])


def _names(services: Iterable[Mapping[str, Any]]) -> list[str]:
    """Each once: what is written in two places is one thing in a picture."""
    return list(dict.fromkeys(one["name"] for one in services))


def _height(services: Sequence[str]) -> int:
    return _HEAD + _LINE * (min(len(services), _MOST_SERVICES) + (len(services) > _MOST_SERVICES)) + 10


def _box(column: int, top: int, height: int, name: str, address: str, services: Sequence[str]) -> dict[str, Any]:
    shown = [_short(service) for service in services[:_MOST_SERVICES]]
    more = len(services) - len(shown)
    lines = [*shown, *([f"and {more} more"] if more else [])]
    left = column * (_WIDTH + _GAP)
    return {
        "x": left, "y": top, "width": _WIDTH, "height": height, "name": _short(name), "address": _short(address),
        "lines": [(line, top + _HEAD + _LINE * number + 6) for number, line in enumerate(lines)],
    }  # fmt: skip


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
