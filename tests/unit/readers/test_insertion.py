"""An entry is added to a section, and whatever somebody wrote around it stays as it was."""

from __future__ import annotations

import pytest

from stems.readers.insertion import with_entry

ENTRY = {"node": "one", "reason": "TO BE WRITTEN"}


def added(text: str) -> str | None:
    return with_entry(text, path="c.yml", section="services", name="new", entry=ENTRY)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "version: 1\nservices:\n  old: {node: one}  # mine\n\n# slowly\nrollout: {}\n",
            "version: 1\nservices:\n  old: {node: one}  # mine\n{new}\n# slowly\nrollout: {}\n",
        ),
        (
            "services:\n    old:\n        node: one\n    # about it\n",
            "services:\n    old:\n        node: one\n    # about it\n    new:\n      node: one\n"
            "      reason: TO BE WRITTEN\n",
        ),
        ("version: 1\n", "version: 1\n\nservices:\n{new}"),
        ("services: {}  # none yet\nversion: 1\n", "services:  # none yet\n{new}version: 1\n"),
        ("services:\nversion: 1\n", "services:\n{new}version: 1\n"),
        ("services:\n  old: {a: 1}\n...\n", "services:\n  old: {a: 1}\n{new}...\n"),
        ("services:\n  old: {a: 1}", "services:\n  old: {a: 1}\n{new}"),
    ],
    ids=["between", "indented", "no section", "empty", "nothing", "end of document", "no end of line"],
)
def test_an_entry_comes_last_in_its_section(before: str, after: str) -> None:
    lines = "  new:\n    node: one\n    reason: TO BE WRITTEN\n"

    assert added(before) == after.replace("{new}", lines)


@pytest.mark.parametrize(
    "text",
    [
        '{"version": 1, "services": {"old": {}}}',
        "services: {old: {node: one}}\n",
        "services: {\n  old: {node: one}\n}\n",
        "services:\n  new: {node: two}\n",
    ],
    ids=["JSON", "flow", "flow over lines", "there already"],
)
def test_what_cannot_be_added_for_sure_is_not(text: str) -> None:
    assert added(text) is None
