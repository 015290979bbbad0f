"""What a path is: a kind, a mode and the digest of its content, and the manifest of what stems wrote."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from stems.model.names import printable

_LINE = re.compile(r"(file|dir|found|link) ([0-7]{3,4}|-) ([0-9a-f]{64}|-) (.+)")


class Kind(Enum):
    """What lies at a path. `FOUND` is a directory that was there before stems gave it a mode."""

    FILE = "file"
    DIR = "dir"
    LINK = "link"
    FOUND = "found"
    ABSENT = "absent"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class State:
    """What a path is, or is to be. The mode is octal, empty when any will do; `sha` is of content or link target."""

    kind: Kind
    mode: str = ""
    sha: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "mode", self.mode.lstrip("0").rjust(3, "0") if self.mode else "")

    @property
    def word(self) -> str:
        """The kind as people see it in a resource."""
        return Kind.DIR.value if self.kind is Kind.FOUND else self.kind.value

    def digest(self, sha: str = "") -> str:
        """What a change compares; `sha` stands in for a digest that must not leave the node."""
        if self.kind is Kind.ABSENT:
            return ""
        return hashlib.sha256(f"{self.word}\0{self.mode}\0{sha or self.sha}".encode()).hexdigest()

    def has_content_of(self, other: State) -> bool:
        return (self.word, self.sha) == (other.word, other.sha)

    def is_met_by(self, actual: State) -> bool:
        return self.has_content_of(actual) and self.mode in {"", actual.mode}


ABSENT = State(Kind.ABSENT)

Manifest = Mapping[str, State]
"""States by path, relative to the home: what stems last wrote there."""


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def format_manifest(manifest: Manifest) -> str:
    return "".join(
        f"{state.kind.value} {state.mode or '-'} {state.sha or '-'} {path}\n"
        for path, state in sorted(manifest.items(), key=lambda pair: pair[0])
    )


def parse_manifest(lines: list[str]) -> Manifest:
    """Raises `ValueError` for a line that is none: a manifest that cannot be read is not an empty one."""
    manifest = {}
    for line in lines:
        found = _LINE.fullmatch(line)
        if not found:
            raise ValueError(f"not a line of a manifest: {line!r}")
        kind, mode, sha, path = found.groups()
        if printable(path) != path or not {"", ".", ".."}.isdisjoint(path.split("/")):
            raise ValueError(f"not a path in a home: {path!r}")
        manifest[path] = State(Kind(kind), mode.replace("-", ""), sha.replace("-", ""))
    return manifest


def format_left(home: str, manifest: Manifest) -> str:
    """What `sha256sum -c` checks. A backslash would need quoting that not every `sha256sum` reads."""
    return "".join(
        f"{state.sha}  {home}/{path}\n"
        for path, state in sorted(manifest.items(), key=lambda pair: pair[0])
        if state.kind is Kind.FILE and "\\" not in f"{home}/{path}"
    )
