"""Parts of a template replaced by others: each is there exactly once, or the template is not what it was."""

from __future__ import annotations

from collections.abc import Mapping


def edited(text: str, edits: Mapping[str, str]) -> str:
    for before, after in edits.items():
        if text.count(before) != 1:
            raise AssertionError(f"the template has {text.count(before)} times {before!r}")
        text = text.replace(before, after)
    return text
