"""Conditions of templates that a node's name, system or variables decide, without rendering anything."""

from __future__ import annotations

import re
from collections.abc import Mapping

from stems.model.node import Node

Known = Mapping[str, str]
"""What is known of a node, by the path that templates write: `chezmoi.hostname`."""

_COMPARED = re.compile(r"(?P<word>eq|ne)\s+(?P<path>(?:\.\w+)+)(?P<values>(?:\s+(?:\"[^\"\\{}]*\"|`[^`{}]*`)){1,20})")
_VALUE = re.compile(r"\"([^\"]*)\"|`([^`]*)`")
_PARTS = re.compile(r"\((?P<inner>[^()]{1,400})\)")
# Go has names of its own for what Linux calls otherwise.
_GO = {"x86_64": "amd64", "arm64": "arm64", "armv7": "arm", "armv6": "arm", "i386": "386", "riscv64": "riscv64"}
_LONGEST = 600


def known_of(node: Node, variables: Mapping[str, object]) -> Known:
    given = {name: value for name, value in variables.items() if isinstance(value, str)}
    architecture = {"chezmoi.arch": _GO[node.arch]} if node.arch in _GO else {}
    return {**given, **architecture, "chezmoi.hostname": node.hostname.partition(".")[0], "chezmoi.os": "linux"}


def decided(condition: str, known: Known) -> bool | None:
    """Whether a condition holds on a node; None where only the node itself can tell."""
    condition = condition.strip()
    if len(condition) > _LONGEST:
        return None
    word, _, rest = condition.partition(" ")
    if word == "not":
        found = decided(_bare(rest), known)
        return None if found is None else not found
    if word in ("and", "or"):
        return _joined(word, rest, known)
    compared = _COMPARED.fullmatch(condition)
    value = known.get(compared["path"].lstrip(".")) if compared else None
    if compared is None or value is None:
        return None
    values = [first or second for first, second in _VALUE.findall(compared["values"])]
    if compared["word"] == "ne":
        return value != values[0] if len(values) == 1 else None
    return value in values


def _joined(word: str, rest: str, known: Known) -> bool | None:
    """Several conditions in parentheses; one of them may decide without the others."""
    parts = _PARTS.findall(rest)
    if not parts or _PARTS.sub("", rest).strip():
        return None
    found = [decided(part, known) for part in parts]
    settles = word == "or"
    if settles in found:
        return settles
    return None if None in found else not settles


def _bare(text: str) -> str:
    inner = _PARTS.fullmatch(text.strip())
    return inner["inner"] if inner else text
