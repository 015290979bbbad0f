"""The list of decisions in the README beside them: one more entry, written as the others are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_ROW = re.compile(
    r"(?P<before>\s*[|*+-][^\[]*)\[(?P<text>[^\]]*)\]\((?:\./)?(?P<number>\d{1,6})-[^)\s]*\.md\)(?P<after>.*)"
)
_BETWEEN = re.compile(r"[\s:.\u2013\u2014-]*")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_STATUS = re.compile("accepted|proposed|rejected|deprecated|superseded.*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a list says of a page."""

    number: str
    file: str
    title: str
    day: date
    status: str


def listed(text: str, entry: Entry) -> str | None:
    """The text with an entry after the last one, or before the first where the newest comes first.

    None where nothing lists decisions, in a table or by bullets.
    """
    lines = text.split("\n")
    rows = [(at, match) for at, line in enumerate(lines) if (match := _ROW.fullmatch(line.rstrip("\r")))]
    if not rows:
        return None
    (first, highest), (last, other) = rows[0], rows[-1]
    is_newest_first = int(highest["number"]) > int(other["number"])
    at, like = (first, highest) if is_newest_first else (last + 1, other)
    end = "\r" if lines[last].endswith("\r") else ""
    return "\n".join([*lines[:at], _row(like, entry) + end, *lines[at:]])


def one_line(text: str) -> str:
    return " ".join(text.split())


def _row(like: re.Match[str], entry: Entry) -> str:
    is_table = like["before"].lstrip().startswith("|")
    title = entry.title.replace("|", "\\|") if is_table else entry.title
    first, *rest = like["text"].split(maxsplit=1) or [""]
    has_number = first.isdecimal() and int(first) == int(like["number"])
    is_number = has_number and not rest
    text = entry.number if is_number else f"{entry.number} {title}" if has_number else title
    link = f"{like['before']}[{text}]({entry.file})"
    if is_table:
        return link + _cells(like["after"], title if is_number else "", entry)
    return f"{link}{_between(like['after'])}{title}" if is_number else link


def _cells(after: str, title: str, entry: Entry) -> str:
    """The cells behind the link: the title if that does not say it, and days and states where the others have them."""
    cells = after.strip().removeprefix("|").removesuffix("|").split("|") if after.strip() != "|" else []
    written = []
    for cell in (one.strip() for one in cells):
        if _DAY.fullmatch(cell):
            written.append(entry.day.isoformat())
        elif _STATUS.fullmatch(cell):
            written.append(entry.status)
        else:
            written.append(title)
            title = ""
    return " |" + "".join(f" {cell} |" if cell else " |" for cell in written)


def _between(after: str) -> str:
    found = _BETWEEN.match(after)
    return (found[0] if found else "") or " "
