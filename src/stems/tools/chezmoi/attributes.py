"""What the name of a file or directory in a chezmoi source says about its target.

Source: chezmoi's reference, "Source state attributes"; which prefixes there are and their order depend on the target.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

TEMPLATE, LITERAL = ".tmpl", ".literal"
ENCRYPTED_SUFFIXES = (".age", ".asc")
"""Of age and of gpg. Only that of the program in use is taken off, where the configuration says which one it is."""

INTERPRETED = ("bat", "cmd", "com", "exe", "nu", "pl", "ps1", "py", "rb")
"""Endings that chezmoi has an interpreter for. A user's configuration may name others, which then stay in the name."""


class Kind(Enum):
    """What a source entry makes of its target."""

    FILE = "file"
    CREATE = "create"
    MODIFY = "modify"
    REMOVE = "remove"
    SCRIPT = "script"
    LINK = "symlink"
    DIR = "dir"


_KINDS = {
    "create_": Kind.CREATE, "remove_": Kind.REMOVE, "run_": Kind.SCRIPT, "symlink_": Kind.LINK, "modify_": Kind.MODIFY,
}  # fmt: skip
_FLAGS: dict[Kind, tuple[tuple[str, ...], ...]] = {
    Kind.FILE: (("encrypted",), ("private",), ("readonly",), ("empty",), ("executable",)),
    Kind.CREATE: (("encrypted",), ("private",), ("readonly",), ("empty",), ("executable",)),
    Kind.MODIFY: (("encrypted",), ("private",), ("readonly",), ("executable",)),
    Kind.REMOVE: (),
    Kind.SCRIPT: (("once", "onchange"), ("before", "after")),
    Kind.LINK: (),
    Kind.DIR: (("remove",), ("external",), ("exact",), ("private",), ("readonly",)),
}
"""By kind, the attributes in their order; of those that stand together a name has at most one."""


@dataclass(frozen=True, slots=True)
class Attributes:
    """A source name taken apart: the name of the target, what becomes of it, and its attributes without underscore."""

    name: str
    kind: Kind
    flags: frozenset[str] = frozenset()

    @property
    def mode(self) -> int:
        """Permissions of the target before the umask; a symlink and a script have none of their own."""
        bits = 0o777 if self.kind is Kind.DIR or "executable" in self.flags else 0o666
        if "private" in self.flags:
            bits &= ~0o077
        return bits & ~0o222 if "readonly" in self.flags else bits


def file_attributes(source_name: str, suffixes: Iterable[str] = ENCRYPTED_SUFFIXES) -> Attributes:
    """Of a file; every file has some, a name without prefixes is a plain file.

    `suffixes` are those that the names of encrypted files lose.
    """
    kind, rest = Kind.FILE, source_name
    for prefix, found in _KINDS.items():
        if source_name.startswith(prefix):
            kind, rest = found, source_name.removeprefix(prefix)
            break
    rest, flags = _flags(rest, _FLAGS[kind])
    rest = _target_name(rest)
    if "encrypted" in flags:
        rest = _without_suffix(rest, suffixes)
    if rest.endswith(LITERAL):
        rest = rest.removesuffix(LITERAL)
    elif rest.endswith(TEMPLATE):
        rest = rest.removesuffix(TEMPLATE).removesuffix(LITERAL)
        flags.append("template")
    if kind is Kind.MODIFY:
        rest = _without_interpreter(rest)
    return Attributes(rest, kind, frozenset(flags))


def directory_attributes(source_name: str) -> Attributes:
    rest, flags = _flags(source_name, _FLAGS[Kind.DIR])
    return Attributes(_target_name(rest), Kind.DIR, frozenset(flags))


def _flags(name: str, steps: Iterable[tuple[str, ...]]) -> tuple[str, list[str]]:
    found = []
    for step in steps:
        flag = next((flag for flag in step if name.startswith(f"{flag}_")), "")
        if flag:
            found.append(flag)
            name = name.removeprefix(f"{flag}_")
    return name, found


def _target_name(name: str) -> str:
    if name.startswith("dot_"):
        return "." + name.removeprefix("dot_")
    return name.removeprefix("literal_")


def _without_suffix(name: str, suffixes: Iterable[str]) -> str:
    return next((name.removesuffix(suffix) for suffix in suffixes if name.endswith(suffix)), name)


def _without_interpreter(name: str) -> str:
    """`modify_settings.json.py` is a Python script for `settings.json`; the ending of other scripts stays."""
    start, dot, ending = name.rpartition(".")
    return start if dot and ending.lower() in INTERPRETED else name
