"""Which section somebody means who asks: by a principle, a stage, a heading, or words of a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from stems.errors import UsageError
from stems.lifecycle.guide.search import Questions, Search
from stems.lifecycle.guide.section import PAGES, Section
from stems.lifecycle.guide.words import raw_words, words
from stems.model.names import printable
from stems.readers.markdown import simple

_ROW = re.compile(r"\|(?P<question>[^|]+)\|[^|]*\]\((?P<target>[^)\s]+)\)[^|]*\|.*")
_FIRST = "README.md"
"""The page of questions."""
_LONGEST = 200
_SHOWN = 60
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Found:
    """One section, or those to choose from. `read_as` is the question as it was understood, if that is another one."""

    sections: tuple[Section, ...]
    read_as: str = ""


def find(question: str, sections: Sequence[Section]) -> Found:
    asked = question[:_LONGEST]
    questions = _questions(sections)
    exact = _exact(asked, sections, questions)
    if exact:
        return Found((exact,))
    search = Search(_read(sections), questions)
    read_as = search.spelt(asked)
    again = _exact(read_as, sections, questions) if read_as else None
    # What is left of a question is less than what was meant.
    is_whole = not read_as or len(read_as.split()) == len(raw_words(asked))
    found = (again,) if again and is_whole else search.ask(read_as or asked, is_whole=is_whole)
    if not found:
        raise UsageError(
            f"nothing here is about {_shown(question)}", remedy="`stems guide` lists the questions that it answers"
        )
    return Found(found, read_as)


def _exact(asked: str, sections: Sequence[Section], questions: Questions) -> Section | None:
    """What has that name, or the only heading or question with those words."""
    name = simple(asked)
    for is_meant in (_is_named, _is_titled, _is_part_of_title):
        found = [section for section in sections if is_meant(name, section)]
        if len(found) == 1 or (found and is_meant is not _is_part_of_title):
            return found[0]
    return _answered(asked, questions)


def _read(sections: Sequence[Section]) -> list[Section]:
    """Those that say something by themselves: a list of questions is no answer to one."""
    return [section for section in sections if section.level == 1 or not _ROW.search(section.own_text)]


def _shown(question: str) -> str:
    """As much of it as a message needs."""
    text = question if len(question) <= _SHOWN else f"{question[:_SHOWN]}…"
    return repr(printable(text))


def _is_named(asked: str, section: Section) -> bool:
    number, name = section.stage
    page = PAGES.get(section.page, "") if section.level == 1 else ""
    names = {section.principle.lower(), number, f"stage-{number}", name, f"stage-{name}", page, simple(section.page)}
    return asked in names - {"", "stage-"}


def _is_titled(asked: str, section: Section) -> bool:
    return asked in (section.anchor, section.anchor.partition("-")[2] if section.principle else section.anchor)


def _is_part_of_title(asked: str, section: Section) -> bool:
    about = words(asked)
    return bool(about) and about <= words(section.anchor)


def _questions(sections: Sequence[Section]) -> dict[Section, list[str]]:
    """What each section answers, by the rows of the page of questions."""
    found: dict[Section, list[str]] = {}
    for page in sections:
        for row in _ROW.finditer(page.text) if page.page == _FIRST and page.level == 1 else ():
            for section in _at(row["target"], sections):
                found.setdefault(section, []).append(row["question"].strip())
    return found


def _answered(asked: str, questions: Questions) -> Section | None:
    """Where the row leads that has all of the words, and not many others."""
    about = words(asked)
    for section, rows in questions.items():
        for row in rows:
            known = words(row)
            if about and about <= known and len(about) > _HALF * len(known):
                return section
    return None


def _at(target: str, sections: Sequence[Section]) -> tuple[Section, ...]:
    page, _, anchor = target.partition("#")
    return tuple(
        section
        for section in sections
        if section.page == (page or _FIRST) and (section.anchor == simple(anchor) if anchor else section.level == 1)
    )[:1]
