"""Services of a node are applied after those that they wait for."""

from __future__ import annotations

import pytest

from stems.model.service import Service, in_order


@pytest.mark.parametrize(
    ("after", "order"),
    [
        ({}, "a b c"),
        ({"a": ("b",)}, "b a c"),
        ({"a": ("b",), "b": ("c",)}, "c b a"),
        ({"a": ("c", "elsewhere")}, "c a b"),
        ({"a": ("b",), "b": ("a",)}, "b a c"),
    ],
)
def test_each_comes_after_its_own(after: dict[str, tuple[str, ...]], order: str) -> None:
    services = [Service(name, ("one",), "compose", after=after.get(name, ())) for name in "abc"]

    assert [service.name for service in in_order(services)] == order.split()
