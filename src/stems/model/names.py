"""What the names of things may be: one validator each, called before a name is used anywhere."""

from __future__ import annotations

import re

NODE = re.compile(r"[a-z][a-z0-9-]{0,62}")
SERVICE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,62}")
FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}(/[A-Za-z0-9][A-Za-z0-9_.-]{0,62}){0,7}")
USER = re.compile(r"[a-z_][a-z0-9_-]{0,31}")
HOST = re.compile(r"(::)?[A-Za-z0-9]([A-Za-z0-9._:%-]{0,252}[A-Za-z0-9])?")
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
CLUSTER = re.compile(r"[a-z][a-z0-9-]{0,31}")
COMPOSE_SERVICE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
UNIT = re.compile(r"[A-Za-z0-9][A-Za-z0-9:_.@\\-]{0,250}\.(service|timer|socket|path|mount|target)")
SHA = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
DIGEST = re.compile(r"[0-9a-f]{64}")
DIGEST_PREFIX = re.compile(r"[0-9a-f]{6,64}")
MACHINE_ID = re.compile(r"[0-9a-f]{32}")
DEPLOYMENT = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{6}")

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")

# A lone surrogate stands for a byte of a name that is not UTF-8.
_UNWRITABLE = re.compile(f"{_CONTROL.pattern}|[\ud800-\udfff]")


def is_name(pattern: re.Pattern[str], text: object) -> bool:
    return isinstance(text, str) and pattern.fullmatch(text) is not None


def is_relative_path(text: str) -> bool:
    """A path inside the repository: no leading slash or dash, no `..`, one line without control characters."""
    parts = text.split("/")
    return bool(text) and not text.startswith(("/", "-", "~")) and ".." not in parts and _is_one_line(text)


def is_node_path(text: str) -> bool:
    """A path on a node: absolute or under `~/`, no `..`, one line without control characters."""
    return text.startswith(("/", "~/")) and ".." not in text.split("/") and _is_one_line(text)


def _is_one_line(text: str) -> bool:
    return "\n" not in text and printable(text) == text


def printable(text: str) -> str:
    """Text from a node or a tool without control and direction characters."""
    return _CONTROL.sub("�", text)


def escaped(document: str) -> str:
    """JSON text with those characters as JSON escapes: the same document, and harmless in a terminal."""
    return _UNWRITABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", document)
