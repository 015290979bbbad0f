"""Links and headings of Markdown text. Code is no link, nor is what a comment holds."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

_LONGEST = 5000
"""Characters of a line that is read: no person writes more, and patterns take quadratic time at worst."""
_FENCE = re.compile(r"[ \t]*(?:>[ \t]*)*(?:[-*+][ \t]+|\d+[.)][ \t]+)?(?P<fence>`{3,}|~{3,})")
_CODE = re.compile(r"(?P<ticks>`+)(?:(?!`).)+?(?P=ticks)(?!`)")
_LINK = re.compile(r"\]\(\s*(?:<(?P<angled>[^<>\n]*)>|(?P<bare>[^\s()<>]*(?:\([^\s()]*\)[^\s()]*)*)(?=[\s)]))")
_REFERENCE = re.compile(
    r"[ ]{0,3}\[(?P<label>[^\]\n]{1,200})\]:[ \t]*(?:<(?P<angled>[^<>\n]*)>|(?P<bare>\S+))[ \t]*(?:[\"'(].*)?$"
)
_HTML = re.compile(r"<(?:a|img|source|video)\b[^<>]{0,500}?\b(?:href|src)=[\"'](?P<bare>[^\"'\n]*)[\"']", re.IGNORECASE)
_HEADING = re.compile(r"[ ]{0,3}#{1,6}[ \t]+(?P<text>.*)")
_UNDERLINE = re.compile(r"[ ]{0,3}(?:=+|-+)[ \t]*$")
_NAMED = re.compile(
    r"<a\b[^<>]{0,200}?\b(?:name|id)=[\"'](?P<name>[^\"']+)[\"']|\bid=[\"'](?P<id>[^\"']+)[\"']|\{#(?P<own>[\w-]+)"
)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_GENERATED = re.compile(r"<!--\s*ALL-CONTRIBUTORS-LIST:(?P<side>START|END)\b")
"""A table that a program keeps, with anchors that lead nowhere and are not meant to."""
_TAG = re.compile(r"<[^<>]{0,300}>")
_SHOWN = re.compile(r"!?\[([^\[\]]{0,300})\](?:\([^)]{0,500}\)|\[[^\]]{0,300}\])")


@dataclass(frozen=True, slots=True)
class Link:
    """Where a link leads as it is written, and where it stands."""

    target: str
    line: int
    column: int


def links(text: str) -> Iterator[Link]:
    for number, line in _prose(text):
        shown = _CODE.sub(lambda found: " " * len(found[0]), line)
        for pattern in (_LINK, _HTML):
            for found in pattern.finditer(shown):
                yield _link(found, number)
        reference = _REFERENCE.match(shown)
        if reference and not reference["label"].startswith("^"):
            yield _link(reference, number)


def anchors(text: str) -> frozenset[str]:
    """What `#…` may name, simplified by `simple`: headings as forges name them, and names in HTML."""
    found: dict[str, int] = {}
    named: set[str] = set()
    before = ""
    for _, line in _prose(text):
        heading = _HEADING.match(line)
        title = _title(heading["text"]) if heading else before if before.strip() and _UNDERLINE.match(line) else ""
        if title:
            name = simple(_TAG.sub("", _SHOWN.sub(r"\1", title)))
            named.add(f"{name}-{found[name]}" if name in found else name)
            found[name] = found.get(name, 0) + 1
        named |= {simple(each["name"] or each["id"] or each["own"]) for each in _NAMED.finditer(line)}
        before = line
    return frozenset(named)


def _title(written: str) -> str:
    """A heading without the signs that may close it."""
    text = written.rstrip(" \t")
    bare = text.rstrip("#")
    return bare.rstrip(" \t") if bare[-1:] in ("", " ", "\t") else text


def simple(anchor: str) -> str:
    """A name without what forges and generators treat differently: case, signs, repeated dashes."""
    return re.sub(
        r"-+", "-", re.sub(r"[^\w\- ]", "", anchor.strip().lower()).replace(" ", "-").replace("_", "-")
    ).strip("-")


def _link(found: re.Match[str], number: int) -> Link:
    group = "angled" if "angled" in found.re.groupindex and found["angled"] is not None else "bare"
    target = html.unescape(found[group] or "")
    return Link(target if found.re is _HTML else _ESCAPED.sub(r"\1", target), number, found.start(group) + 1)


def _prose(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are no code and in no comment."""
    fence, in_comment, is_generated = "", False, False
    for number, line in enumerate(text.split("\n"), 1):
        side = _GENERATED.search(line) if not fence else None
        is_generated = side["side"] == "START" if side else is_generated
        if is_generated:
            continue
        found = _FENCE.match(line)
        if fence:
            if found and found["fence"].startswith(fence) and not line[found.end() :].strip():
                fence = ""
            continue
        if found and not in_comment:
            fence = found["fence"]
            continue
        shown, in_comment = _without_comments(line, is_inside=in_comment)
        if len(shown) <= _LONGEST:
            yield number, shown.rstrip("\r")


def _without_comments(line: str, *, is_inside: bool) -> tuple[str, bool]:
    shown, at = [], 0
    while at < len(line):
        sign = "-->" if is_inside else "<!--"
        end = line.find(sign, at)
        if not is_inside:
            shown.append(line[at : end if end >= 0 else len(line)])
        if end < 0:
            break
        is_inside, at = not is_inside, end + len(sign)
    return "".join(shown), is_inside
