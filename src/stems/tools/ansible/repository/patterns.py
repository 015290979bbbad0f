"""What `hosts:` of a play matches in an inventory, as Ansible reads patterns."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator
from dataclasses import dataclass

from stems.tools.ansible.repository.inventory import Inventory

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_SLICE = re.compile(r"^(.+)\[(-?\d+)(?:([:-])(-?\d*))?\]$")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Pattern:
    """One part of a pattern: `text` without what is before it, which is nothing, `!` or `&`."""

    text: str
    sign: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether it is a name, and not a shape that may match nothing."""
        return not set("*?[]~{}") & set(self.text)


def parts_of(hosts: object) -> tuple[Pattern, ...] | None:
    """The parts of what `hosts:` says, None where a variable or something odd is in it."""
    written = hosts if isinstance(hosts, list) else [hosts]
    if not all(isinstance(each, str) and "{" not in each for each in written):
        return None
    parts = [part for each in written for part in _split(str(each))]
    return tuple(Pattern(part.lstrip("!&"), part[0] if part[0] in "!&" else "") for part in parts)


def _split(text: str) -> Iterator[str]:
    pieces = text.split(",")
    if len(pieces) == 1 and "~" not in text and "::" not in text:
        # A colon inside brackets belongs to a range.
        pieces = re.split(r":(?![^\[]*\])", text)
    return (piece.strip() for piece in pieces if piece.strip(" !&"))


def matched(parts: tuple[Pattern, ...], inventory: Inventory) -> frozenset[str] | None:
    """The nodes that a pattern means, None where that cannot be told."""
    found: frozenset[str] = frozenset() if any(not part.sign for part in parts) else frozenset(inventory.hosts)
    for part in sorted(parts, key=lambda part: " &!".index(part.sign or " ")):
        names = matching(part.text, inventory)
        if names is None or (part.sign and "[" in part.text):
            return None
        found = found - names if part.sign == "!" else found & names if part.sign == "&" else found | names
    return found


def matching(text: str, inventory: Inventory) -> frozenset[str] | None:
    """The nodes that one part means."""
    slices = _SLICE.match(text) if len(text) <= _LONGEST else None
    if slices and text not in inventory.hosts:
        # Which of them it means is the order of the inventory; that there are some is what counts.
        text = slices[1]
    if text in inventory.hosts:
        return frozenset({text})
    if text in inventory.groups or not set("~*?[") & set(text):
        return inventory.members(text)
    return _of_shape(text, inventory)


def _of_shape(text: str, inventory: Inventory) -> frozenset[str] | None:
    if len(text) > _LONGEST:
        return None
    if not text.startswith("~"):
        return _of_names(fnmatch.translate(text), inventory)
    # An expression of somebody else may take for ever, so only plain ones are tried.
    return _of_names(text[1:], inventory) if re.fullmatch(r"~\^?[\w.-]+\$?", text) else None


def _of_names(expression: str, inventory: Inventory) -> frozenset[str]:
    shape = re.compile(expression)
    groups = (inventory.members(name) for name in inventory.groups if shape.match(name))
    return frozenset(name for name in inventory.hosts if shape.match(name)).union(*groups)
