"""No text makes a reader break: each raises what it says that it may raise, or nothing."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuzz.engine import fuzz
from fuzz.mutation import WORDS, mutated
from fuzz.targets import TARGETS, Target
from stems.errors import ConfigurationError
from stems.readers.env import read_env

QUICK = [target for target in TARGETS if not target.name.startswith("repository")]
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(WORDS), max_size=30).map("".join),
)


@pytest.mark.parametrize("target", QUICK, ids=lambda target: target.name)
@settings(max_examples=60)
@given(text=TEXTS, seed=st.integers(0, 2**32))
def test_no_text_breaks_it(target: Target, text: str, seed: int) -> None:
    target.run(text)
    for known in target.seeds:
        target.run(mutated(known, (text, *target.seeds), Random(seed)))


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
@pytest.mark.parametrize(
    "text",
    [
        "",
        "\ufeff",
        "\0",
        "\r",
        "[" * 20_000,
        "{" * 20_000,
        "- " * 20_000,
        "a: " * 5_000,
        "{{ " * 20_000,
        "${" * 20_000,
        "${A:-" * 5_000 + "}" * 5_000,
        "*" * 20_000,
        "a" * 200_000,
        "\n" * 200_000,
        "#" * 100_000,
        "\\" * 20_000,
        "'" * 20_001,
        "(" * 20_000,
        " " * 100_000 + "x",
        "a=" * 50_000,
        "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9) if n else 'x'}]\n" for n in range(12)),
    ],
    ids=lambda text: f"{text[:4]!r}x{len(text)}",
)
def test_much_of_one_thing_breaks_nothing(target: Target, text: str) -> None:
    target.run(text)


def test_the_fuzzer_finds_what_is_wrong() -> None:
    """A reader with a mistake that only two steps lead to: the first is kept because it reaches a line."""

    def act(text: str) -> None:
        entries = read_env(text, ".env")
        assert not any(entry.name == "AA" for entry in entries)

    tried = fuzz(Target("broken", act, (ConfigurationError,), ("A=1\n",)), seconds=60, seed=1, most=1)

    assert any("AssertionError" in problem for problem in tried.broken)
