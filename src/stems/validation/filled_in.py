"""Whether something makes a Compose file of a text first: Jinja, Go's templates, Handlebars."""

from __future__ import annotations

import re

_EXPRESSION = re.compile(r"\{\{[-~]?(?P<inside>[^\n{}]{0,300})\}\}|(?P<statement>\{%[-+]?[ \t]*[A-Za-z_])")
_UNQUOTED = re.compile(r"[ \t]*(?:-[ \t]+)?(?:[\w.\-]+:[ \t]+|-[ \t]+)")
_HANDLEBARS = re.compile(r"[#/>^!]")
# Data that somebody names himself begins with a small letter: `.chezmoi.hostname`.
_OWN_FIELD = re.compile(r"(?:^|[\s(])\.[a-z]")
# What Docker, Traefik or Watchtower replace themselves: `.Name`, `json .`, `normalize .Name`.
_RUNTIME = re.compile(
    r"(?:json|range|if|else|end|with|index|printf|println|upper|lower|len|split|join|truncate|pad|title|table)\b"
    r"|HOMEPAGE_(?:VAR|FILE)_|.*(?:^|[\s(])\.(?:[A-Z]|$|[\s)])"
)
_NAME = re.compile(r"[A-Za-z_]")
# A container that fills in a file of its own when it starts: `sed -e "s|{{USER}}|$USER|"`.
_REPLACED = re.compile(r"\b(?:sed|perl|awk|envsubst)\s|[\"']s(?P<sign>[|/#,@])$")
_MOST = 2000
_LONGEST = 300


def is_filled_in(text: str) -> bool:
    """What Docker replaces itself, and what is commented out, makes no template."""
    if "{{" not in text and "{%" not in text:
        return False
    for count, found in enumerate(_EXPRESSION.finditer(text)):
        if count > _MOST:
            break
        start = max(found.start() - _LONGEST, 0)
        before = text[start : found.start()].rpartition("\n")[2]
        if before.lstrip().startswith("#") or _REPLACED.search(before):
            continue
        if found["statement"] or _UNQUOTED.fullmatch(before) or _is_ours(found["inside"].strip(" \t-~")):
            return True
    return False


def _is_ours(inside: str) -> bool:
    if _HANDLEBARS.match(inside) or _OWN_FIELD.search(inside):
        return True
    return _NAME.match(inside) is not None and not _RUNTIME.match(inside)
