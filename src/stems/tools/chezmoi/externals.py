"""What externals bring, as one change each: an archive may hold thousands of files."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from posixpath import dirname

from stems.model.change import Change, Risk, Undo
from stems.tools.homes import shown


def tops(externals: tuple[str, ...]) -> list[str]:
    """The targets of externals, without what they hold."""
    known = set(externals)
    return sorted(path for path in known if known.isdisjoint(_above(path)))


def _above(path: str) -> Iterator[str]:
    while path := dirname(path):
        yield path


def folded(changes: Mapping[str, Change], externals: tuple[str, ...], account: str) -> Iterator[Change]:
    """The changes, those of what an external brings as one."""
    roots = tops(externals)
    parts: dict[str, list[Change]] = defaultdict(list)
    for path, change in changes.items():
        top = next((top for top in roots if path == top or path.startswith(f"{top}/")), "")
        if top:
            parts[top].append(change)
        else:
            yield change
    for top, held in sorted(parts.items()):
        yield _external(shown(top, account), held)


def _external(path: str, held: list[Change]) -> Change:
    surest = (Risk.UNKNOWN, Risk.NETWORK, Risk.DESTRUCTIVE, Risk.USER)
    first = held[0]
    sides = [hashlib.sha256("\n".join(part).encode()).hexdigest() for part in zip(*_sides(held), strict=True)]
    return replace(
        first,
        resource=f"external:{path}",
        action=first.action if len(held) == 1 else "change",
        risk=min((change.risk for change in held), key=surest.index),
        before=sides[0],
        after=sides[1],
        diff="",
        undo=Undo.BY_BACKUP,
        by_hand=any(change.by_hand for change in held),
        note=f"{len(held)} of what it holds" if len(held) > 1 else first.note,
    )


def _sides(held: list[Change]) -> Iterator[tuple[str, str]]:
    for change in held:
        yield f"{change.resource} {change.before}", f"{change.resource} {change.action} {change.after}"
