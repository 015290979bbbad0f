"""A value inside an entry changes, and nothing else does."""

from __future__ import annotations

import pytest

from stems.readers.replacement import with_value


def changed(text: str, key: str, value: str) -> str | None:
    return with_value(text, path="c.yml", keys=("services", "web"), key=key, value=value, after="node")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("services:\n  web: {node: gate, data: none}  # x\n", "services:\n  web: {node: work, data: none}  # x\n"),
        ("services:\n  web: {data: none, node: gate}\n", "services:\n  web: {data: none, node: work}\n"),
        (
            "services:\n  web:\n    node: gate  # near\n    # y\n",
            "services:\n  web:\n    node: work  # near\n    # y\n",
        ),
        ("services:\n  web:\n    node: 'gate'\n", "services:\n  web:\n    node: work\n"),
        ("services:\n  web: {node: [gate, old]}\n", "services:\n  web: {node: work}\n"),
    ],
)
def test_a_node_changes_in_its_place(before: str, after: str) -> None:
    assert changed(before, "node", "work") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("services:\n  web: {node: gate}\n", 'services:\n  web: {node: gate, reason: "Big, and on: always"}\n'),
        (
            "services:\n  web:\n    node: gate  # near\n    data: none\n",
            'services:\n  web:\n    node: gate  # near\n    reason: "Big, and on: always"\n    data: none\n',
        ),
        (
            "services:\n  web:\n    node: gate\n    reason: Old, and long  # z\n",
            'services:\n  web:\n    node: gate\n    reason: "Big, and on: always"  # z\n',
        ),
        (
            "services:\n  web:\n    reason: >-  # y\n      Old, # so\n\n      and long\n    # z\n\n    node: gate\n",
            'services:\n  web:\n    reason: "Big, and on: always"  # y\n    # z\n\n    node: gate\n',
        ),
        (
            "services:\n  web:\n    node: gate\n    reason: Old\n      and long\n      # z\n",
            'services:\n  web:\n    node: gate\n    reason: "Big, and on: always"\n      # z\n',
        ),
    ],
)
def test_a_reason_is_added_or_changed(before: str, after: str) -> None:
    assert changed(before, "reason", "Big, and on: always") == after


def test_what_cannot_be_done_for_sure_is_not_done() -> None:
    assert changed("services:\n  web:\n    node: 'ga\n      te'  # x\n", "node", "work") is None
    assert changed("base: &b {node: gate}\nservices:\n  web: *b\n", "node", "work") is None
    assert changed("services: {}\n", "node", "work") is None
