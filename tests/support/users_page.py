"""The page of the person whom stems is for, as it was given, and its rows: each of them is followed by a test."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[1] / "house" / "users-page.md"
_FENCE = re.compile(r"^ *```")


def sections() -> dict[str, str]:
    """What stands below each heading, up to the next one of any level."""
    found: dict[str, list[str]] = {}
    title, is_code = "", False
    for line in PAGE.read_text().splitlines():
        is_code ^= bool(_FENCE.match(line))
        if line.startswith("#") and not is_code:
            title = line.lstrip("#").strip()
            assert title not in found, f"{title}: two headings of one name"
            found[title] = []
        else:
            found[title].append(line)
    return {title: "\n".join(lines) for title, lines in found.items()}


SECTIONS = sections()


def table(title: str) -> list[tuple[str, ...]]:
    """The rows of a table, without its head."""
    rows = [line.strip("|") for line in SECTIONS[title].splitlines() if line.startswith("|")]
    return [tuple(cell.strip() for cell in row.split("|")) for row in rows[2:]]


def steps(title: str) -> list[str]:
    """The lines of a numbered list, without what is below them."""
    return re.findall(r"^\d+\. (.+)$", SECTIONS[title], re.MULTILINE)


def points(title: str) -> list[str]:
    """The lines of a list, those below a numbered line included."""
    return re.findall(r"^ *- (.+)$", SECTIONS[title], re.MULTILINE)


def code(title: str) -> list[str]:
    """Each block of code, without its indentation."""
    blocks = re.findall(r"^( *)```\w*\n(.*?)^ *```$", SECTIONS[title], re.MULTILINE | re.DOTALL)
    return [re.sub(rf"^{indent}", "", block, flags=re.MULTILINE) for indent, block in blocks]


def typed(title: str) -> list[str]:
    """The lines of shell in a section, without comments."""
    lines = (line.partition("#")[0].strip() for block in code(title) for line in block.splitlines())
    return [line for line in lines if line and not re.match(r"[\w-]+:|[^\x00-\x7f]", line)]


def plain(text: str) -> str:
    """Without the signs of Markdown."""
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).replace("**", "").replace("`", "")


def targets(text: str) -> list[str]:
    """Where the links of a text lead."""
    return re.findall(r"\]\(([^)\s]+)\)", text)
