"""Which rules somebody means who asks for an explanation."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from stems.errors import UsageError
from stems.model.names import printable
from stems.model.principle import Principle
from stems.model.suggestion import did_you_mean
from stems.validation.catalogue import RULES
from stems.validation.rule import Rule
from stems.validation.stage import Stage


@dataclass(frozen=True, slots=True)
class Asked:
    """Rules, and what they have in common where that is a principle or a stage."""

    rules: tuple[Rule, ...]
    principle: Principle | None = None
    stage: Stage | None = None


def asked(word: str) -> Asked:
    """What a code, a name, a principle, a stage, a pattern of codes or names, or a word of names means."""
    for rule in RULES:
        if word.upper() == rule.code or word.lower() == rule.name:
            return Asked((rule,))
    principle = Principle.__members__.get(word.upper())
    if principle:
        return Asked(tuple(rule for rule in RULES if rule.principle is principle), principle)
    stage = next((stage for stage in Stage if stage.value == word.lower()), None)
    if stage:
        return Asked(tuple(rule for rule in RULES if rule.stage is stage), stage=stage)
    found = tuple(rule for rule in RULES if _matches(word, rule))
    if not found:
        raise UsageError(
            f"no rule, principle or stage is called {printable(word)!r}{did_you_mean(word, _names())}",
            remedy="`stems explain` lists every rule",
        )
    return Asked(found)


def words() -> tuple[str, ...]:
    """All that can be asked for by its name."""
    rules = (word for rule in RULES for word in (rule.code, rule.name))
    return (*rules, *Principle.__members__, *(stage.value for stage in Stage))


def _names() -> tuple[str, ...]:
    # Every number is near another one, and means something else.
    return tuple(word for word in words() if not word.startswith("STM"))


def _matches(word: str, rule: Rule) -> bool:
    if set("*?[") & set(word):
        return fnmatchcase(rule.code, word.upper()) or fnmatchcase(rule.name, word.lower())
    return word.lower() in rule.name or rule.code.startswith(word.upper())
