"""The words that a question or a section is about: without noise, one form for each word, and what means the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

NOISE = frozenset(
    ["a", "about", "all", "am", "an", "and", "any", "are", "as", "at", "be", "by", "can", "could", "do", "does",
     "for", "from", "get", "go", "has", "have", "help", "how", "i", "if", "in", "into", "is", "it", "its",
     "know", "let", "like", "make", "me", "my", "need", "of", "on", "or", "our", "out", "please", "see",
     "should", "show", "so", "tell", "that", "the", "their", "them", "there", "they", "this", "to", "up", "us",
     "use", "want", "was", "we", "what", "when", "where", "which", "who", "why", "will", "with", "would", "you",
     "your"]
)  # fmt: skip
"""Words that every question has."""
_PARTICLES = frozenset(["out", "up"])
"""Noise by themselves, and not behind another word: `set up` is `setup`."""
_ENDINGS = (
    "ations", "ation", "ators", "ator", "ating", "ated", "ates", "ate", "ments", "ment", "izing", "ized",
    "izes", "ize", "ions", "ion", "ing", "ed", "es", "er", "s", "e",
)  # fmt: skip
"""The longest first."""
_SHORTEST = 3
"""Letters of a word that its ending leaves."""
_SAME = (
    "rollback revert undo",
    "add new another extra create install introduce",
    "node machine host server computer box",
    "service app application container",
    "remove delete retire uninstall decommission drop",
    "validate check verify lint",
    "down dead died broken offline unreachable crashed",
    "secret password credential token",
    "placement choose pick select decide",
    "health healthy monitor watch",
    "approve approval gate permission confirm sign signature",
    "deploy release rollout ship publish",
    "setup provision",
    "bootstrap begin start",
    "drift difference diff edit",
    "update upgrade newer",
    "move migrate relocate",
    "decision decide document reason",
    "existing exist already",
    "backup restore",
    "name dns hostname resolve",
    "preview simulate simulation dryrun",
    "cron crontab schedule",
    "number metric measure target",
)
"""What people say for one thing: the words of a line mean the same."""
_APOSTROPHE = re.compile("['\u2019](?:s|t|re|m|ve|ll|d)?\\b")
_WORD = re.compile(r"[a-z0-9]+")


def raw_words(text: str) -> list[str]:
    """The words as they are written, in lower case, apart from those that every question has."""
    return [word for word in _every(text) if word not in NOISE]


def _every(text: str) -> list[str]:
    return _WORD.findall(_APOSTROPHE.sub("", text.lower()))


def stem(word: str) -> str:
    """One form for `deploy`, `deploying` and `deployments`."""
    return _shortened(_shortened(word))


def _shortened(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST and not word.endswith("ss"):
            word = word.removesuffix(ending)
            break
    # setting, planned
    is_doubled = len(word) > _SHORTEST and word[-1] == word[-2] and word[-1] not in "ls"
    word = word[:-1] if is_doubled else word
    return f"{word[:-1]}i" if word.endswith("y") else word


def words(text: str) -> frozenset[str]:
    return frozenset(map(stem, raw_words(text)))


def pairs(text: str) -> Iterator[tuple[str, str]]:
    """Each two words that follow one another: people write `rollback` and `roll back`."""
    kept = [stem(word) for word in _every(text) if word not in NOISE or word in _PARTICLES]
    yield from pairwise(kept)


def same(term: str) -> frozenset[str]:
    """What else means what a term means."""
    return _MEANINGS.get(term, frozenset())


def _meanings() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in _SAME:
        group = frozenset(map(stem, line.split()))
        for word in group:
            found[word] = found.get(word, frozenset()) | group - {word}
    return found


_MEANINGS = _meanings()
