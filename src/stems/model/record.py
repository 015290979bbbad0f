"""The names under which the ledger keeps how deployments began and ended."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

FOLDER = "deployments/"
_NAME = re.compile(r"deployments/([^/]+?)-(begin|end)(?:-([1-9][0-9]{0,8})-([0-9]{8}T[0-9]{6}Z-[0-9a-f]+))?\.json")


def begin_name(identity: str) -> str:
    return f"{FOLDER}{identity}-begin.json"


def end_name(identity: str, when: datetime, token: str, *, known: Iterable[str]) -> str:
    """A name of its own for each end: a deployment that is resumed ends again, perhaps from another clone.

    Its number is after those of the `known` names, so that clocks decide only between ends that did not know of one
    another.
    """
    ages = [_age(match) for name in known if (match := _NAME.fullmatch(name))]
    number = 1 + max((number for whose, _, number, _ in ages if whose == identity), default=0)
    return f"{FOLDER}{identity}-end-{number}-{when.astimezone(UTC):%Y%m%dT%H%M%SZ}-{token}.json"


def last_of_each(names: Iterable[str]) -> dict[str, str]:
    """The file that counts of each deployment, newest deployment first; other names are left out."""
    found = sorted((_age(match), name) for name in names if (match := _NAME.fullmatch(name)))
    last = {age[0]: name for age, name in found}
    return dict(sorted(last.items(), reverse=True))


def _age(match: re.Match[str]) -> tuple[str, str, int, str]:
    # An end without a number is of an earlier version, which wrote only one.
    return match[1], match[2], int(match[3] or 0), match[4] or ""
