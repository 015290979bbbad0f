"""Variables are replaced as Compose replaces them, and what depends on an unknown one is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stems.readers.substitution import UNKNOWN, Substitution, SubstitutionError, Unknown

VALUES: Mapping[str, str | Unknown] = {"SET": "value", "EMPTY": "", "ELSEWHERE": UNKNOWN}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("$SET-${SET}", "value-value"),
        ("$$SET $${SET}", "$SET ${SET}"),
        ("a$ b $1 {{.X}}", "a$ b $1 {{.X}}"),
        ("${UNSET}|${UNSET-a}|${UNSET:-b}", "|a|b"),
        ("${EMPTY-a}|${EMPTY:-b}", "|b"),
        ("${SET+a}|${EMPTY+b}|${EMPTY:+c}|${UNSET+d}", "a|b||"),
        ("${SET?no}${EMPTY?no}", "value"),
        ("${UNSET:-${EMPTY:-${SET}s}}", "values"),
        ("${UNSET:-{x}}", "{x}"),
        ("${UNSET:-a}}", "a}"),
        ("${UNSET:-a:-b}", "a:-b"),
        ("${ELSEWHERE:-a}", UNKNOWN),
        ("${ELSEWHERE:?no}", UNKNOWN),
        ("${SET:-$ELSEWHERE}", "value"),
        ("${UNSET:-$ELSEWHERE}", UNKNOWN),
        ("${UNSET+$ELSEWHERE}", ""),
    ],
)
def test_a_text_says_what_compose_makes_of_it(text: str, said: str | Unknown) -> None:
    assert Substitution(VALUES.get).of(text) == said


@pytest.mark.parametrize(
    ("text", "absent", "unset"),
    [
        ("$SET${EMPTY}", [], []),
        ("$UNSET", ["UNSET"], ["UNSET"]),
        ("${UNSET:-a}", ["UNSET"], []),
        ("${UNSET:-$OTHER}", ["OTHER", "UNSET"], ["OTHER"]),
        ("${SET:-$OTHER}", [], []),
        ("${EMPTY:-$OTHER}", ["OTHER"], ["OTHER"]),
        ("${UNSET:+$OTHER}", ["UNSET"], []),
        ("${SET:+$OTHER}", ["OTHER"], ["OTHER"]),
    ],
)
def test_what_a_text_depends_on_and_has_no_value_is_noted(text: str, absent: list[str], unset: list[str]) -> None:
    substitution = Substitution(VALUES.get)
    substitution.of(text)

    assert (substitution.absent, substitution.unset) == (absent, unset)


@pytest.mark.parametrize(
    "text",
    [
        "${",
        "${SET",
        "${1}",
        "${}",
        "${SET!}",
        "${SET -x}",
        "${UNSET?}",
        "${EMPTY:?no}",
        "${SET:-${UNSET?no}}",
        "${UNSET:-a\nb}",
    ],
)
def test_what_compose_refuses_is_refused(text: str) -> None:
    with pytest.raises(SubstitutionError):
        Substitution(VALUES.get).of(text)


def test_what_has_no_value_is_told() -> None:
    substitution = Substitution(VALUES.get)
    substitution.of("$UNSET ${OTHER} ${THIRD:-x} ${SET:-$NOT_USED} ${UNSET:-$USED}")

    assert substitution.unset == ["UNSET", "OTHER", "USED"]


@dataclass(frozen=True)
class Part:
    """A piece of text as it is written, or a variable with what stands behind it."""

    text: str
    operator: str = ""
    word: tuple[Part, ...] = ()

    @property
    def written(self) -> str:
        if not self.operator:
            return self.text.replace("$", "$$")
        rest = "" if self.operator == "{" else self.operator + "".join(part.written for part in self.word)
        return f"${{{self.text}{rest}}}"

    def said(self, values: Mapping[str, str]) -> str | None:
        """What it must say, None for what must be refused: read from the specification, not from the reader."""
        if not self.operator:
            return self.text
        parts = [part.said(values) for part in self.word]
        if any(part is None for part in parts):
            return None
        word = "".join(part for part in parts if part is not None)
        value = values.get(self.text)
        there = bool(value) if ":" in self.operator else value is not None
        if "?" in self.operator:
            return value if there else None
        if "+" in self.operator:
            return word if there else ""
        if "-" in self.operator:
            return value if there else word
        return value or ""


LITERALS = st.builds(Part, st.text(alphabet="ab$ :-?+", max_size=4))
OPERATORS = st.sampled_from(["{", "-", ":-", "+", ":+", "?", ":?"])
NAMES = st.sampled_from(["A", "B", "C_1"])
PARTS = st.recursive(
    LITERALS,
    lambda inner: st.builds(Part, NAMES, OPERATORS, st.lists(inner, max_size=3).map(tuple)).map(
        lambda part: Part(part.text, part.operator, () if part.operator == "{" else part.word)
    ),
    max_leaves=6,
)
TEXTS = st.lists(PARTS, max_size=4)
SOME = st.dictionaries(NAMES, st.sampled_from(["", "x", "y z", "$A", "${B}"]))


def outcome(text: str, values: Mapping[str, str | Unknown]) -> str | Unknown | None:
    try:
        return Substitution(values.get).of(text)
    except SubstitutionError:
        return None


@given(TEXTS, SOME)
def test_it_agrees_with_the_specification(parts: list[Part], values: Mapping[str, str]) -> None:
    said = [part.said(values) for part in parts]
    expected = None if None in said else "".join(part for part in said if part is not None)

    assert outcome("".join(part.written for part in parts), values) == expected


@given(TEXTS, SOME, NAMES, st.sampled_from([None, "", "x", "other"]))
def test_what_is_known_with_an_unknown_variable_is_so_for_every_value_of_it(
    parts: list[Part], values: Mapping[str, str], name: str, value: str | None
) -> None:
    text = "".join(part.written for part in parts)
    with_unknown = outcome(text, {**values, name: UNKNOWN})
    others = {key: one for key, one in values.items() if key != name}
    with_value = outcome(text, others if value is None else {**others, name: value})

    # What one value makes Compose refuse may be fine with another one; never the other way round.
    assert with_unknown in (UNKNOWN, with_value) or (with_unknown is not None and with_value is None)
