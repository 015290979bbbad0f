"""How arrows run: between the columns and below the rows, so that no arrow crosses a card."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from stems.model.cluster import Cluster
from stems.model.service import Service

MOST_ARROWS = 400
_MOST_SLOTS = 14
Where = tuple[str, str]
"""A service and a node."""
Cell = tuple[int, int]
"""A column and a row."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """From a service to one that it runs after.

    It leaves and enters at a side (-1 left, 1 right) and a notch there, and runs down or up in a slot of a gutter, the
    space before column `gutter`. Where both have no gutter in common, it changes to another one in a slot of the lane
    below a row.
    """

    start: Where
    end: Where
    sides: tuple[int, int]
    notches: tuple[int, int]
    gutters: tuple[tuple[int, int], ...]
    lane: tuple[int, int] | None = None


def waits(cluster: Cluster) -> Iterator[tuple[Where, Where]]:
    """Which service on which node runs after which: on its own node where that runs there, else wherever it does."""
    for service in cluster.services.values():
        for node in service.nodes:
            for name in service.after:
                other = cluster.services.get(name)
                for there in _nodes_of(other, node) if other else ():
                    yield (service.name, node), (name, there)


def _nodes_of(service: Service, node: str) -> Sequence[str]:
    return (node,) if node in service.nodes else service.nodes


class Router:
    """Gives every arrow its way, and counts how wide gutters and how high lanes must be for them."""

    def __init__(self, cells: Mapping[str, Cell]) -> None:
        self._cells = cells
        self._notches: Counter[tuple[Where, int]] = Counter()
        self._gutters: Counter[int] = Counter()
        self._lanes: Counter[int] = Counter()

    def in_gutter(self, number: int) -> int:
        """How many slots are taken in a gutter."""
        return min(self._gutters[number], _MOST_SLOTS)

    def in_lane(self, row: int) -> int:
        return min(self._lanes[row], _MOST_SLOTS)

    def routed(self, cluster: Cluster) -> tuple[Arrow, ...]:
        return tuple(self._route(start, end) for start, end in islice(waits(cluster), MOST_ARROWS))

    def _route(self, start: Where, end: Where) -> Arrow:
        (column, row), (other, _) = self._cells[start[1]], self._cells[end[1]]
        sides = _sides(column, other)
        first, second = (at + (side > 0) for at, side in zip((column, other), sides, strict=True))
        notches = self._notch(start, sides[0]), self._notch(end, sides[1])
        if first == second:
            return Arrow(start, end, sides, notches, ((first, _slot(self._gutters, first)),))
        gutters = (first, _slot(self._gutters, first)), (second, _slot(self._gutters, second))
        return Arrow(start, end, sides, notches, gutters, (row, _slot(self._lanes, row)))

    def _notch(self, where: Where, side: int) -> int:
        self._notches[where, side] += 1
        return self._notches[where, side] - 1


def _sides(column: int, other: int) -> tuple[int, int]:
    """Towards each other; in one column both on the right."""
    if column == other:
        return 1, 1
    return (1, -1) if other > column else (-1, 1)


def _slot(counter: Counter[int], number: int) -> int:
    """The next slot; many arrows share those that there are."""
    counter[number] += 1
    return (counter[number] - 1) % _MOST_SLOTS
