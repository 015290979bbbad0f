"""The methodology to read: the pages of a repository, where it has them, or those of this program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stems.errors import StemsError
from stems.infrastructure.local import LocalRunner
from stems.lifecycle.guide.facts import Standing
from stems.lifecycle.guide.section import PAGES, Section, sections_of
from stems.lifecycle.guide.standing import standing_of
from stems.lifecycle.guide.topic import find
from stems.lifecycle.init.manifest import FOLDER
from stems.lifecycle.template import methodology_files
from stems.tools.git.repository import Repository

_LARGEST = 200_000
_LONGEST = 5000
"""Bytes of a page, and characters of a line, that are read: patterns take quadratic time at worst."""


@dataclass(frozen=True, slots=True)
class Guide:
    """Every section, and whose pages they are of: a repository's own, or nobody's."""

    sections: tuple[Section, ...]
    root: Path | None
    is_own: bool

    @property
    def start(self) -> Section:
        """What leads to the others."""
        return self.sections[0]


@dataclass(frozen=True, slots=True)
class Answer:
    """The section that was asked for, or several to choose from; what a repository has of it and lacks.

    `read_as` is the question as it was understood, where that is not how it was written.
    """

    sections: tuple[Section, ...]
    read_as: str = ""
    standing: tuple[Standing, ...] = ()


def open_guide(here: Path) -> Guide:
    root = _root(here)
    shipped = {file.path: file.text for file in methodology_files() if file.path in PAGES}
    own = {page: text for page in PAGES if root and (text := _own(root / FOLDER / page))}
    # A page that somebody removed still answers, with what is shipped.
    texts = {page: own.get(page) or shipped[page] for page in PAGES}
    sections = tuple(section for page, text in texts.items() for section in sections_of(page, text))
    return Guide(sections, root, bool(own))


def ask(guide: Guide, question: Sequence[str]) -> Answer:
    found = find(" ".join(question), guide.sections)
    one = found.sections[0] if len(found.sections) == 1 else None
    standing = standing_of(one, guide.root) if one and guide.root else ()
    return Answer(found.sections, found.read_as, standing)


def _root(here: Path) -> Path | None:
    try:
        return Repository.find(here, LocalRunner()).root
    except StemsError:
        return None


def _own(path: Path) -> str:
    try:
        if path.is_symlink() or path.stat().st_size > _LARGEST:
            return ""
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
    lines = text.splitlines()
    is_page = any(line.startswith("# ") for line in lines) and all(len(line) <= _LONGEST for line in lines)
    return text if is_page else ""
