"""A question to a person, asked again while the answer cannot be."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import click

from stems.cli import output
from stems.errors import UsageError
from stems.model.names import printable

_TRIES = 5


def asked(question: str, default: str | None = None, *, check: Callable[[str], None] = lambda _: None) -> str:
    """The answer that `check` does not raise for. What is wrong with another one is said in between."""
    for _ in range(_TRIES - 1):
        answer = _answer(question, default)
        try:
            check(answer)
        except UsageError as error:
            output.show_error(error)
        else:
            return answer
    # Somebody does not know: what is wrong with the last one ends the command.
    answer = _answer(question, default)
    check(answer)
    return answer


def _answer(question: str, default: str | None) -> str:
    return str(click.prompt(question, default=default, show_default=bool(default), err=True)).strip()


def asked_of(question: str, choices: Sequence[str], default: str | None = None) -> str:
    """One of some words, which are shown."""

    def check(answer: str) -> None:
        if answer not in choices:
            raise UsageError(f"{printable(answer)}: not one of them", remedy=f"write {' or '.join(choices)}")

    return asked(f"{question} ({', '.join(choices)})", default, check=check)
