"""Accounts of people, and root."""

from __future__ import annotations

from stems.infrastructure.discovery.said import number, tidy
from stems.model.truth import UNKNOWN, Account, Fact

SNIPPET = """
while IFS=: read -r name _ uid _ _ home shell; do
  printf '%s\\t%s\\t%s\\t%s\\n' "$name" "$uid" "$home" "$shell"
done </etc/passwd
"""

_FIRST = 1000
_NO_LOGIN = ("nologin", "false", "sync", "halt", "shutdown", "true")
_SHELL = "/bin/sh"
"""What an account without one gets."""


def accounts(text: str) -> Fact[tuple[Account, ...]]:
    """Those that can log in, from uid 1000, and root whether it can or not."""
    rows = (line.split("\t") for line in text.splitlines())
    every = [_account(row) for row in rows if len(row) == 4]
    found = sorted({one for one in every if one is not None and _is_person(one)})
    # A machine without root was not understood.
    return tuple(found) if any(one.uid == 0 for one in found) else UNKNOWN


def _account(row: list[str]) -> Account | None:
    name, uid, home, shell = tidy(row[0]), number(row[1]), tidy(row[2]), tidy(row[3]) or _SHELL
    return None if uid is UNKNOWN or not name else Account(name, uid, home or "/", shell)


def _is_person(one: Account) -> bool:
    return one.uid == 0 or (one.uid >= _FIRST and one.shell.rpartition("/")[2] not in _NO_LOGIN)
