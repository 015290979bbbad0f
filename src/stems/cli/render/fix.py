"""What `stems validate --fix` wrote, as lines and as a part of its document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stems.cli.render.text import bold, dim, marked, one_line
from stems.lifecycle.fix import Fixed, Fixes, NotFixed

_MOST_LINES = 12
"""Of one diff: `git diff` shows all of it."""


def render_fixes(fixes: Fixes) -> Iterator[str]:
    for each in fixes.fixed:
        yield f"{marked('good', 'fixed')} {bold(one_line(each.path))}: {_about(each)}"
        yield from _diff(each)
    for left in fixes.not_fixed:
        place = bold(one_line(str(left.finding.place)))
        yield f"{marked('warn', 'not fixed')} {place}: {one_line(left.why)} {dim(f'({left.finding.code})')}"
    if fixes.fixed:
        yield f"   {dim('next:')} review it with `git diff`, then commit it"


def _about(each: Fixed) -> str:
    said = ((one_line(finding.message), finding.code) for finding in each.findings)
    return "; ".join(f"{message} {dim(f'({code})')}" for message, code in dict.fromkeys(said))


def _diff(each: Fixed) -> Iterator[str]:
    # Two lines name the file, which stands above them.
    lines = each.diff.splitlines()[2:]
    for line in lines[:_MOST_LINES]:
        yield f"   {dim('|')} {one_line(line)}"
    if len(lines) > _MOST_LINES:
        yield f"   {dim(f'| … {len(lines) - _MOST_LINES} more lines')}"


def fixes_document(fixes: Fixes) -> dict[str, Any]:
    return {
        "fixed": [
            {"path": each.path, "codes": [finding.code for finding in each.findings], "diff": each.diff}
            for each in fixes.fixed
        ],
        "not_fixed": [_left(left) for left in fixes.not_fixed],
    }


def _left(left: NotFixed) -> dict[str, Any]:
    return {"code": left.finding.code, "path": left.finding.place.path, "why": left.why}
