"""What may be told of the content of a target: a digest that tells nothing without the node, and perhaps a diff."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from stems.tools.chezmoi.blocks import Block
from stems.tools.chezmoi.seen import Pending, Seen, Target
from stems.tools.chezmoi.source import Entry
from stems.tools.homes import Home, shown
from stems.tools.redact import redacted_diff

CONVERTED = "what is shown is what `textconv` makes of it, and what is there cannot be compared again"
ENCRYPTED = "encrypted, so its content is not shown"
ASKED = "its template asks for a secret, so its content is not shown"
PRIVATE = "nobody else may read it, so its content is not shown"


@dataclass(frozen=True, slots=True)
class Contents:
    """The contents of one home. `asking` are the targets whose template asks for a secret."""

    home: Home
    seen: Seen
    asking: frozenset[str]

    def hides(self, path: str, entry: Entry | None) -> str:
        """Why the content of a target may not be shown, empty where it may."""
        if entry is not None and "encrypted" in entry.attributes.flags:
            return ENCRYPTED
        if path in self.asking:
            return ASKED
        return PRIVATE if path in self.seen.private else ""

    def is_foreign(self, pending: Pending, block: Block) -> bool:
        """Whether chezmoi would write over what it never wrote."""
        if not block.old_mode or block.kind == "dir" or pending.by_hand:
            return False
        return f"{self.home.path}/{pending.path}" not in self.seen.written

    def digest(self, mode: str, content: str) -> str:
        """Keyed on the node: what a template made of a secret cannot be guessed from a plan."""
        if not mode:
            return ""
        if content and content not in self.seen.keyed:
            raise ValueError("a content without its keyed digest")
        return _hashed(mode, self.seen.keyed.get(content, ""))

    def is_converted(self, path: str, block: Block) -> bool:
        return self.seen.converts and block.kind == "file" and path not in self.seen.targets

    def diff(self, path: str, block: Block) -> str:
        target = self.seen.targets.get(path) if block.kind == "file" else None
        if block.kind == "dir" or not (block.body or target):
            return ""
        try:
            before = self.seen.texts.get(path, b"").decode() if block.kind == "file" else ""
            after = block.after(before) if target is None else target.shown
        except UnicodeDecodeError:
            return ""
        return redacted_diff(before, after, path=shown(path, self.home.account)) if after is not None else ""


def unconverted(block: Block, target: Target | None) -> Block:
    """The same with the digests of the file itself, where `textconv` may have made another one of it."""
    if target is None or block.kind != "file" or block == Block():
        return block
    return replace(block, old=target.old, new=target.new)


def _hashed(mode: str, keyed: str) -> str:
    return hashlib.sha256(f"{mode}\0{keyed}".encode()).hexdigest()
