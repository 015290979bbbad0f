"""Which files nobody runs, by their paths: pages for people, and what people keep beside what they run."""

from __future__ import annotations

import re
from functools import lru_cache

_PAGES = (".md", ".markdown", ".rst", ".adoc")
_FOLDERS_OF_PAGES = frozenset({"doc", "docs", "documentation"})
# Not `templates` and not `backup`: roles have the first one, and services are called like the second one.
_ASIDE = re.compile(
    r"archived?|attic|deprecated|disabled|examples?|fixtures|legacy|molecule|node_modules|obsolete|old|samples?"
    r"|site-packages|stems|testdata|tests?|third_party|unused|vendor|venv"
)
# Every rule asks about every file, and many files share a folder.
_MOST_FOLDERS = 4096


def is_page(path: str) -> bool:
    return path.lower().endswith(_PAGES)


@lru_cache(maxsize=_MOST_FOLDERS)
def holds_pages(folder: str) -> bool:
    return not _FOLDERS_OF_PAGES.isdisjoint(folder.lower().split("/"))


@lru_cache(maxsize=_MOST_FOLDERS)
def lies_aside(folder: str) -> bool:
    return any(_ASIDE.fullmatch(part.lstrip("._")) for part in folder.lower().split("/"))
