"""A page in `docs/decisions/` of the user's repository: what was decided, in which situation, and what follows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from stems.errors import ToolError, UsageError
from stems.lifecycle.decision.list import Entry, listed, one_line
from stems.tools.git.working_file import LINK, Version, put_version, read_version

FOLDER = "docs/decisions"
_NUMBERED = re.compile(r"(?P<number>\d{1,6})-.+\.md")
_WIDTH = 4
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Decision:
    """What a page says. `status` is a word such as `accepted` or `proposed`."""

    title: str
    context: str
    decision: str
    consequences: str
    day: date
    status: str = "accepted"


@dataclass(frozen=True, slots=True)
class WrittenDecision:
    """Where a page was written, below the repository, and whether the list beside it names it."""

    path: str
    is_listed: bool


def write_decision(root: Path, decision: Decision) -> WrittenDecision:
    """Write the page under the next number. Nothing is overwritten; a README that lists the others gets a line."""
    folder = root / FOLDER
    if not folder.resolve().is_relative_to(root.resolve()):
        raise UsageError(f"{FOLDER}: leads out of the repository", remedy="look at where its links lead")
    slug = _slug(decision.title)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        number = next_number(entry.name for entry in folder.iterdir())
        target = folder / f"{number}-{slug}.md"
        with target.open("x", encoding="utf-8") as file:
            file.write(page(number, decision))
        is_listed = _list(folder / "README.md", number, target.name, decision)
    except OSError as error:
        raise ToolError(f"{FOLDER}: cannot be written: {error.strerror}", remedy=f"look at {folder}") from None
    return WrittenDecision(f"{FOLDER}/{target.name}", is_listed)


def next_number(names: Iterable[str]) -> str:
    """The number after the highest, as wide as that one is written; four digits where there is none yet."""
    numbers = [match["number"] for name in names if (match := _NUMBERED.fullmatch(name))]
    if not numbers:
        return "1".zfill(_WIDTH)
    highest = max(numbers, key=int)
    return str(int(highest) + 1).zfill(len(highest) if highest.startswith("0") else 1)


def page(number: str, decision: Decision) -> str:
    parts = (
        f"# {number} {one_line(decision.title)}",
        f"{decision.day.isoformat()}, {decision.status}",
        f"## Context\n\n{decision.context.strip()}",
        f"## Decision\n\n{decision.decision.strip()}",
        f"## Consequences\n\n{decision.consequences.strip()}",
    )
    return "\n\n".join(parts) + "\n"


def _list(readme: Path, number: str, file: str, decision: Decision) -> bool:
    there = read_version(readme)
    if there is None or there.mode == LINK:
        return False
    entry = Entry(number, file, one_line(decision.title), decision.day, decision.status)
    try:
        changed = listed(there.content.decode(), entry)
    except UnicodeDecodeError:
        return False
    if changed is None:
        return False
    put_version(readme, Version(there.mode, changed.encode()))
    return True


def _slug(title: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:_LONGEST].strip("-")
    if not words:
        raise UsageError(f"{title!r}: no letter or digit to name a file by", remedy="give the decision a title")
    return words
