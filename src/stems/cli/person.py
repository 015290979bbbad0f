"""Who runs this, and on which machine."""

from __future__ import annotations

import getpass
from socket import gethostname

from stems.model.person import Person


def person() -> Person:
    """Who runs this, and where, as locks and records name them."""
    return Person(getpass.getuser(), gethostname())


def me() -> str:
    return str(person())
