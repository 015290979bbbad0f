"""What a value may be, and the words in which the tables of this folder say it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

NAME = re.compile(r"[a-zA-Z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Shape:
    """The kinds that a value may have, and for each kind what more there is to say.

    `keys` are those of a mapping that have a shape of their own. Any other key that `named` matches has the shape
    `others`; what is left over is refused when the mapping `is_closed`.
    """

    kinds: frozenset[str]
    words: tuple[str, ...] = ()
    pattern: str = ""
    least: int | None = None
    most: int | None = None
    item: Shape | None = None
    is_unique: bool = False
    keys: Mapping[str, Shape] | None = None
    others: Shape | None = None
    named: re.Pattern[str] | None = None
    required: tuple[str, ...] = ()
    is_closed: bool = True
    extends: bool = True
    """Whether keys that start with `x-` are left alone."""


def of(
    kinds: str, *, words: tuple[str, ...] = (), pattern: str = "", least: int | None = None, most: int | None = None
) -> Shape:
    """A scalar of some kinds: `text`, `whole`, `number`, `truth`, `nothing`."""
    return Shape(frozenset(kinds.split()), words, pattern, least, most)


def each(item: Shape, *, is_unique: bool = False) -> Shape:
    return Shape(frozenset({"list"}), item=item, is_unique=is_unique)


def fields(
    keys: Mapping[str, Shape], *, required: tuple[str, ...] = (), extends: bool = True, is_closed: bool = True
) -> Shape:
    return Shape(frozenset({"mapping"}), keys=keys, required=required, extends=extends, is_closed=is_closed)


def named(others: Shape, *, name: re.Pattern[str] | None = None, is_closed: bool = True) -> Shape:
    """A mapping whose keys somebody chose."""
    return Shape(frozenset({"mapping"}), others=others, named=name, extends=False, is_closed=is_closed)


def either(*shapes: Shape) -> Shape:
    """One of several shapes whose kinds differ."""
    found = shapes[0]
    for other in shapes[1:]:
        merged = {
            name: getattr(found, name) or getattr(other, name)
            for name in ("words", "pattern", "required", "item", "keys", "others", "named")
        }
        has_mapping = found if "mapping" in found.kinds else other
        found = replace(
            found,
            **merged,
            kinds=found.kinds | other.kinds,
            is_unique=found.is_unique or other.is_unique,
            extends=has_mapping.extends,
            is_closed=has_mapping.is_closed,
            least=other.least if found.least is None else found.least,
            most=other.most if found.most is None else found.most,
        )
    return found
