"""Jinja2 for texts that nobody has read yet: sandboxed, and no expression makes more than a file may hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Template
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

MOST = 8 * 1024 * 1024
"""Characters of one rendered file, and of each text that it is made from."""
_BITS = 4096
_WIDE = ("center", "format", "indent", "wordwrap")


class TooMuchError(Exception):
    """A template that would fill the memory of the machine that renders it."""


class BoundedEnvironment(ImmutableSandboxedEnvironment):
    """The sandbox of Jinja2, which already bounds `range`, with a bound on whatever else makes much of little."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        for name in _WIDE:
            self.filters[name] = _bounded(self.filters[name])

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator == "*":
            _require_small(left, right)
        elif operator == "**" and isinstance(left, int) and isinstance(right, int):
            _require(left.bit_length() * right <= _BITS)
        elif operator == "%" and isinstance(left, str):
            _require(not any(len(word) > 6 for word in _numbers(left)))
            _require_narrow(right if isinstance(right, tuple) else (right,))
        return super().call_binop(context, operator, left, right)

    def call(self, context: Context, obj: Any, *arguments: Any, **named: Any) -> Any:  # as in the sandbox
        owner = getattr(obj, "__self__", None)
        if isinstance(owner, str | bytes):
            _require_narrow(arguments)
            _require(not any(len(word) > 6 for word in _numbers(str(owner))))
        return super().call(context, obj, *arguments, **named)


def render(template: Template, variables: Mapping[str, object]) -> str:
    """What the template makes. Raises `TooMuchError` as soon as it is more than a file may hold."""
    pieces: list[str] = []
    length = 0
    for piece in template.generate(variables):
        length += len(piece)
        _require(length <= MOST)
        pieces.append(piece)
    return "".join(pieces)


def _require_small(left: Any, right: Any) -> None:
    for many, times in ((left, right), (right, left)):
        if isinstance(times, int) and hasattr(many, "__len__"):
            _require(len(many) * times <= MOST)
    if isinstance(left, int) and isinstance(right, int):
        _require(left.bit_length() + right.bit_length() <= _BITS)


def _require_narrow(arguments: tuple[Any, ...]) -> None:
    _require(not any(isinstance(argument, int) and argument > MOST for argument in arguments))


def _numbers(text: str) -> list[str]:
    """The numbers of a format, which may be widths."""
    return (
        "".join(character if character.isdigit() else " " for character in text).split()
        if "%" in text or "{" in text
        else []
    )


def _bounded(filter_: Callable[..., Any]) -> Callable[..., Any]:
    def bounded(*arguments: Any, **named: Any) -> Any:
        _require_narrow((*arguments, *named.values()))
        _require(not any(len(word) > 6 for each in arguments if isinstance(each, str) for word in _numbers(each)))
        return filter_(*arguments, **named)

    # Jinja2 asks a filter whether it wants the environment or the context as well.
    for name, value in vars(filter_).items():
        setattr(bounded, name, value)
    return bounded


def _require(condition: bool) -> None:  # noqa: FBT001  # reads as a sentence
    if not condition:
        raise TooMuchError(f"makes more than {MOST // 1024 // 1024} MiB")
