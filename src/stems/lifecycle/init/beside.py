"""What lies in a `.meta/` and what of `.stems/` goes with it: the rows of the page that says so."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from stems.lifecycle.init.manifest import FOLDER
from stems.lifecycle.template import methodology_files

META = ".meta"
_PAGE = "README.md"
_ROW = re.compile(r"^\| `(?P<part>[\w/]+/)` \|[^|\n]*\| \[[^\]\n]*\]\((?P<page>[^)\n]+)\) \|(?P<says>[^|\n]+)\|$", re.M)


class Beside(NamedTuple):
    """A folder of `.meta/`, what of `.stems/` goes with it, and the command between them with what it does."""

    meta: str
    stems: str
    command: str


def beside(has: Callable[[str], bool]) -> tuple[Beside, ...]:
    """Of those folders that are there."""
    text = next(file.text for file in methodology_files() if file.path == _PAGE)
    rows = (_row(found) for found in _ROW.finditer(text))
    return tuple(row for row in rows if has(row.meta.removesuffix("/")))


def _row(found: re.Match[str]) -> Beside:
    page = found["page"].partition("#")[0]
    return Beside(f"{META}/{found['part']}", f"{FOLDER}/{page}", found["says"].strip())
