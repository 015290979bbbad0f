"""Makes new texts of old ones, the way that people and attackers break them."""

from __future__ import annotations

from random import Random

LONGEST = 20_000
WORDS = (
    "\n", "\n  ", ": ", "- ", "[", "]", "{", "}", "&a ", "*a", "<<: ", "{{ ", " }}", "{% if x %}",
    "{% endif %}", "{#", "${", "}", "$", "null", "~", "!!binary ", "!vault |", "\t", "\r\n", "\0", "\ufeff",
    "\u2028", "\ud800", "é", "日本", "'", '"', "\\", "#", "---\n", "...\n", "? ", "| ", ">-\n", "0x1f", "1e999",
    "-1", "9" * 40, ".inf", "2026-01-01", "..", "/", "../", "*", "**", "[!", "(", ")", "extends:", "include:",
    "services:", "hosts:", "roles:", "[Service]", "#!", "# stems: allow STM100", "@daily ",
)  # fmt: skip


def mutated(text: str, others: tuple[str, ...], chance: Random) -> str:
    """A text that differs in one to four places."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        text = chance.choice((_put, _cut, _repeated, _changed, _spliced))(text, others, chance)
    return text[:LONGEST]


def _put(text: str, _: tuple[str, ...], chance: Random) -> str:
    at = chance.randint(0, len(text))
    return text[:at] + chance.choice(WORDS) + text[at:]


def _cut(text: str, _: tuple[str, ...], chance: Random) -> str:
    start = chance.randint(0, len(text))
    return text[:start] + text[start + chance.randint(0, 12) :]


def _repeated(text: str, _: tuple[str, ...], chance: Random) -> str:
    start = chance.randint(0, len(text))
    end = start + chance.randint(1, 20)
    return text[:start] + text[start:end] * chance.choice((2, 3, 40)) + text[end:]


def _changed(text: str, _: tuple[str, ...], chance: Random) -> str:
    at = chance.randint(0, max(0, len(text) - 1))
    return text[:at] + chr(chance.choice((chance.randint(0, 127), chance.randint(0, 0x10FFFF)))) + text[at + 1 :]


def _spliced(text: str, others: tuple[str, ...], chance: Random) -> str:
    other = chance.choice(others) if others else text
    return text[: chance.randint(0, len(text))] + other[chance.randint(0, len(other)) :]
