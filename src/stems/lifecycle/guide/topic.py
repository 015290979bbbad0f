"""Which section somebody means who asks: by a principle, a stage, a heading, or words of a question."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stems.errors import UsageError
from stems.lifecycle.guide.section import PAGES, Section
from stems.model.names import printable
from stems.model.suggestion import did_you_mean
from stems.readers.markdown import simple

_ROW = re.compile(r"\|(?P<question>[^|]+)\|[^|]*\]\((?P<target>[^)\s]+)\)[^|]*\|.*")
_NOISE = frozenset(
    ["a", "about", "am", "an", "and", "are", "be", "by", "can", "do", "does", "for", "get", "go", "have", "how", "i",
     "if", "in", "is", "it", "me", "my", "of", "on", "or", "our", "should", "so", "that", "the", "there", "they",
     "this", "to", "want", "we", "what", "when", "where", "which", "who", "why", "with", "you", "your"]
)  # fmt: skip
"""Words that every question has."""
_FIRST = "README.md"
"""The page of questions."""
_LONGEST = 200


def find(question: str, sections: Sequence[Section]) -> tuple[Section, ...]:
    """One section, or those among which the person has to choose."""
    asked = simple(question[:_LONGEST])
    for is_meant in (_is_named, _is_titled, _is_part_of_title):
        found = tuple(section for section in sections if is_meant(asked, section))
        if len(found) == 1 or (found and is_meant is not _is_part_of_title):
            return found[:1]
    # A part of several headings, or of none: words of a question decide.
    found = _by_question(asked, sections) or _by_words(asked, sections)
    if not found:
        known = [name for section in sections for name in (section.word, section.title)]
        raise UsageError(
            f"nothing here is about {printable(question)!r}{did_you_mean(question, known)}",
            remedy="`stems guide` lists the questions that it answers",
        )
    return found


def _is_named(asked: str, section: Section) -> bool:
    number, name = section.stage
    page = PAGES.get(section.page, "") if section.level == 1 else ""
    names = {section.principle.lower(), number, f"stage-{number}", name, f"stage-{name}", page, simple(section.page)}
    return asked in names - {"", "stage-"}


def _is_titled(asked: str, section: Section) -> bool:
    return asked in (section.anchor, section.anchor.partition("-")[2] if section.principle else section.anchor)


def _is_part_of_title(asked: str, section: Section) -> bool:
    words = _words(asked)
    return bool(words) and words <= _words(section.anchor)


def _by_question(asked: str, sections: Sequence[Section]) -> tuple[Section, ...]:
    """Where the row of the page of questions leads that has all of the words."""
    words = _words(asked)
    for section in sections:
        for row in _ROW.finditer(section.text) if section.page == _FIRST and section.level == 1 else ():
            if words and words <= _words(simple(row["question"])):
                return _at(row["target"], sections)
    return ()


def _at(target: str, sections: Sequence[Section]) -> tuple[Section, ...]:
    page, _, anchor = target.partition("#")
    return tuple(
        section
        for section in sections
        if section.page == (page or _FIRST) and (section.anchor == simple(anchor) if anchor else section.level == 1)
    )[:1]


def _by_words(asked: str, sections: Sequence[Section]) -> tuple[Section, ...]:
    """The smallest sections with all of the words, those with most of them in the heading first."""
    words = _words(asked)
    if not words:
        return ()
    below = [section for section in sections if section.level > 1]
    found = [one for one in below if words <= _words(one.anchor) | _words(simple(one.text))]
    titles = {one.title for one in found}
    smallest = [one for one in found if titles.isdisjoint(one.inner)]
    return tuple(sorted(smallest, key=lambda one: -len(words & _words(one.anchor))))


def _words(text: str) -> frozenset[str]:
    """What a text is about: no noise, and one form of a word for one and for many."""
    return frozenset(word.removesuffix("s") for word in text.split("-") if word and word not in _NOISE)
