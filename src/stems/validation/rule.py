"""A rule: what it is called, why it matters, and how it is checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.stage import Stage
from stems.validation.subject import Subject

Check = Callable[[Subject], Iterable[Finding]]
Fold = Callable[[Subject, Sequence[Finding]], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `name` is the bad pattern, readable after "allow"; `page` explains it.

    `fold` makes fewer findings of what is left when exceptions are taken away. One that `needs_every_file` says that
    something is nowhere: while a file was not read, nobody knows that.
    """

    code: str
    name: str
    stage: Stage
    principle: Principle
    page: Page
    check: Check
    severity: Severity = Severity.ERROR
    fold: Fold | None = None
    needs_every_file: bool = False


def told(code: str) -> Check:
    """The check of a rule whose findings are made elsewhere: by a tool, or while a file of stems is read."""
    return lambda subject: subject.told.get(code, ())
