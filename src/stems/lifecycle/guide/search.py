"""The sections that speak of what is asked, best first: a word counts most in a heading, and more if it is rare."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from stems.lifecycle.guide.section import Section, commands_in
from stems.lifecycle.guide.words import pairs, raw_words, same, stem
from stems.model.suggestion import nearest

Questions = Mapping[Section, Sequence[str]]
"""What sections are known to answer."""
_IN_HEADING, _IN_COMMAND, _BY_MEANING = 4.0, 2.0, 0.8
"""What a word is worth in a heading and in a command, beside at most one in a text; and a word that means the same."""
_BESIDE = 0.5
_AHEAD = 1.4
"""How far the best has to be ahead of the second to be the one that is meant."""
_NEAR = 0.4
_MOST = 6
_SHORTEST_MISSPELT = 4
_ALIKE = 0.75


@dataclass(frozen=True, slots=True)
class _Indexed:
    section: Section
    heading: frozenset[str]
    commands: frozenset[str]
    text: Counter[str]

    @property
    def terms(self) -> frozenset[str]:
        return self.heading | self.commands | self.text.keys()


class Search:
    """An index of sections by the words of their heading, of the questions that they answer, and of their text."""

    def __init__(self, sections: Sequence[Section], questions: Questions) -> None:
        self._all = [_indexed(one, questions.get(one, ())) for one in sections]
        self._mean = sum(one.text.total() for one in self._all) / max(len(self._all), 1) or 1.0
        self._spread = Counter(term for one in self._all for term in one.terms)
        texts = [text for one in sections for text in (one.title, *questions.get(one, ()), one.text)]
        self._words = {stem(word) for text in texts for word in raw_words(text)}
        self._spellings = _spellings(sections, questions)

    def spelt(self, question: str) -> str:
        """The words of a question that are known, misspelt ones put right; empty where that is all of them."""
        asked = raw_words(question)
        known = [word if self._knows(stem(word)) else self._nearest(word) for word in asked]
        return "" if known == asked else " ".join(filter(None, known))

    def ask(self, question: str, *, is_whole: bool = True) -> tuple[Section, ...]:
        """One section, or those to choose from, as always where words of the question are missing."""
        asked, beside = self._asked(question)
        ranked = sorted(((self._score(one, asked, beside), one) for one in self._all), key=lambda pair: -pair[0])
        best = ranked[0][0] if ranked else 0.0
        if best <= 0:
            return ()
        near = [one.section for score, one in ranked[:_MOST] if score >= best * _NEAR]
        is_ahead = is_whole and (len(ranked) == 1 or best >= _AHEAD * ranked[1][0])
        return tuple(near[:1] if is_ahead else near)

    def _asked(self, question: str) -> tuple[frozenset[str], frozenset[str]]:
        """Words, and pairs of words. A pair that the pages write as one word is one, in the place of both."""
        asked = {stem(word) for word in raw_words(question)}
        beside = set()
        for first, second in pairs(question):
            if first + second in self._words:
                asked = asked - {first, second} | {first + second}
            else:
                beside.add(first + second)
        return frozenset(asked), frozenset(beside)

    def _knows(self, term: str) -> bool:
        return term in self._words or not self._words.isdisjoint(same(term))

    def _nearest(self, word: str) -> str:
        return nearest(word, self._spellings, alike=_ALIKE) if len(word) >= _SHORTEST_MISSPELT else ""

    def _score(self, one: _Indexed, asked: Collection[str], beside: Collection[str]) -> float:
        """The more of a question a section has, the better; and better still where words stand beside one another."""
        worths = {term: self._worth(one, term) for term in asked}
        there = sum(self._rarity(term) for term, worth in worths.items() if worth)
        every = sum(self._rarity(term) for term in asked)
        together = sum(self._worth(one, pair) for pair in beside)
        return sum(worths.values()) * (there / every) ** 2 + _BESIDE * together if every else 0.0

    def _worth(self, one: _Indexed, term: str) -> float:
        meant = [(term, 1.0), *((other, _BY_MEANING) for other in same(term))]
        return max(weight * self._rarity(each) * self._weight(one, each) for each, weight in meant)

    def _rarity(self, term: str) -> float:
        return math.log(1 + len(self._all) / (1 + self._spread[term]))

    def _weight(self, one: _Indexed, term: str) -> float:
        often = one.text[term]
        in_text = often / (often + 0.4 + 0.8 * one.text.total() / self._mean)
        return _IN_HEADING * (term in one.heading) + _IN_COMMAND * (term in one.commands) + in_text


def _indexed(section: Section, questions: Sequence[str]) -> _Indexed:
    heading = frozenset(term for text in (section.title, *questions) for term in _terms(text))
    # The first word is `stems`, and what follows the name of a command are its arguments.
    commands = frozenset(stem(words[1]) for each in commands_in(section.own_text) if len(words := each.split()) > 1)
    return _Indexed(section, heading, commands, Counter(_terms(section.own_text)))


def _terms(text: str) -> Iterator[str]:
    yield from map(stem, raw_words(text))
    yield from map("".join, pairs(text))


def _spellings(sections: Sequence[Section], questions: Questions) -> tuple[str, ...]:
    """Words of headings, of questions and of commands: what a misspelt word is compared with."""
    texts = [text for one in sections for text in (one.title, *questions.get(one, ()), *one.commands)]
    return tuple(sorted({word for text in texts for word in raw_words(text) if len(word) >= _SHORTEST_MISSPELT}))
