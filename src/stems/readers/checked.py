"""Values of a document that was read, each checked to be what it must be, with the keys that lead to what is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

T = TypeVar("T")
Keys = tuple[str | int, ...]


class WrongError(ValueError):
    """A value is not what it must be; `keys` lead to it from the value that was to be read."""

    def __init__(self, message: str, keys: Keys = ()) -> None:
        super().__init__(message)
        self.keys = keys


def text(value: object) -> str:
    if isinstance(value, str) and value:
        return value
    raise WrongError("must be text")


def count(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise WrongError("must be a whole number")


def yes_or_no(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise WrongError("must be true or false")


def mapping(value: object) -> Mapping[str, object]:
    if isinstance(value, Mapping):
        return value
    raise WrongError("must be a mapping")


def list_of(read: Callable[[object], T]) -> Callable[[object], tuple[T, ...]]:
    def read_all(value: object) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise WrongError("must be a list")
        return tuple(inside(index, read, item) for index, item in enumerate(value))

    return read_all


def texts(value: object) -> tuple[str, ...]:
    return list_of(text)(value)


def part(value: object, key: str, read: Callable[[object], T]) -> T:
    entry = mapping(value)
    if key not in entry:
        raise WrongError(f"needs `{key}`")
    return inside(key, read, entry[key])


def part_or(value: object, key: str, read: Callable[[object], T], otherwise: T) -> T:
    return part(value, key, read) if key in mapping(value) else otherwise


def inside(key: str | int, read: Callable[[object], T], value: object) -> T:
    """What `read` makes of a value that stands under a key."""
    try:
        return read(value)
    except ValueError as error:
        below = error.keys if isinstance(error, WrongError) else ()
        subject = f"`{key}` " if isinstance(key, str) and not below else ""
        raise WrongError(f"{subject}{error}", (key, *below)) from None
