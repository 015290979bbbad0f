"""What was made at some cost, as long as there is room for it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """The things that were asked for last, up to a weight; the rest is made again when somebody asks.

    Nodes are asked at the same time, so several threads may keep and ask.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._weight = 0
        self._things: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> T | None:
        with self._lock:
            found = self._things.get(key)
            if found is None:
                return None
            self._things.move_to_end(key)
            return found[0]

    def keep(self, key: Hashable, thing: T, *, weight: int) -> None:
        """What is too heavy for all of the room is not kept."""
        if weight > self._most:
            return
        with self._lock:
            self._weight += weight - self._things.pop(key, (thing, 0))[1]
            self._things[key] = thing, weight
            while self._weight > self._most:
                self._weight -= self._things.popitem(last=False)[1][1]
