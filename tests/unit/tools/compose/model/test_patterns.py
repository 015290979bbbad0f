"""Tables by path."""

from __future__ import annotations

import pytest

from stems.tools.compose.model.patterns import Table

TABLE = Table({"services.*.ports": 1, "services.*.ports.*.target": 2, "*.*.name": 3, "services.own.ports": 4, "a": 5})


@pytest.mark.parametrize(
    ("path", "entry", "goes_on"),
    [
        ("a", 5, True),
        ("services.x.ports", 1, True),
        ("services.own.ports", 4, True),
        ("services.own.ports.*.target", 2, False),
        ("services.own.name", 3, False),
        ("volumes.v.name", 3, False),
        ("volumes.v.other", None, False),
        ("services", None, True),
        ("services.x.ports.*.other", None, False),
    ],
)
def test_a_path_has_what_the_nearest_pattern_says(path: str, entry: int | None, goes_on: bool) -> None:
    keys = tuple(path.split("."))

    assert TABLE.look(keys) == (entry, goes_on)
    assert TABLE.get(keys, 0) == (entry or 0)
