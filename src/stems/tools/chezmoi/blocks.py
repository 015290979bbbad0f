"""The output of `chezmoi diff`: one block for each target, in the format of Git."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

NOTHING = "0" * 40
_HEAD = re.compile(r"^diff --git a/(.+) b/\1$", re.MULTILINE)
_INDEX = re.compile(r"^index ([0-9a-f]{40})\.\.([0-9a-f]{40})(?: ([0-7]+))?$")
_MODE = re.compile(r"^(old|new|new file|deleted file) mode ([0-7]+)$")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
"""Only a line feed ends a line here: a form feed, as in Lisp, is part of one."""
_HUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")

_NO_NEWLINE = "\\ No newline at end of file"


@dataclass(frozen=True, slots=True)
class Block:
    """What chezmoi would make of one target: modes as Git writes them, empty for absent, digests of both contents."""

    old_mode: str = ""
    new_mode: str = ""
    old: str = ""
    new: str = ""
    body: str = ""

    @property
    def kind(self) -> str:
        """The kind of what will be there, or of what goes: `dir`, `link` or `file`."""
        mode = self.new_mode or self.old_mode
        return "dir" if mode.startswith("4") else "link" if mode.startswith("12") else "file"

    def after(self, before: str) -> str | None:
        """The new text, made of the old one; None where the block does not fit it, or holds no text."""
        return patched(before, self.body)


def parse_blocks(diff: str) -> Mapping[str, Block]:
    heads = list(_HEAD.finditer(diff))
    ends = [head.start() for head in heads[1:]] + [len(diff)]
    return {head[1]: _block(diff[head.end() + 1 : end]) for head, end in zip(heads, ends, strict=False)}


def _block(text: str) -> Block:
    modes: dict[str, str] = {}
    old = new = same = ""
    lines = text.split("\n")
    start = next((number for number, line in enumerate(lines) if line.startswith("@@ ")), len(lines))
    for line in lines[:start]:
        if found := _MODE.match(line):
            modes[found[1]] = found[2]
        elif found := _INDEX.match(line):
            old, new, same = found[1], found[2], found[3] or ""
    return Block(
        old_mode=modes.get("old") or modes.get("deleted file") or ("" if "new file" in modes else same),
        new_mode=modes.get("new") or modes.get("new file") or ("" if "deleted file" in modes else same),
        old="" if old == NOTHING else old,
        new="" if new == NOTHING else new,
        body="\n".join(_hunks(lines[start:])),
    )


def _hunks(lines: list[str]) -> Iterator[str]:
    """The lines that the hunks count, and no more: what a hook says afterwards is on the same output."""
    old = new = 0
    for line in lines:
        head = _HUNK.match(line)
        if head and not (old or new):
            old, new = int(head[2] or 1), int(head[4] or 1)
        elif (old or new) and line[:1] in (" ", "-", "+"):
            old, new = old - (line[0] != "+"), new - (line[0] != "-")
        elif line != _NO_NEWLINE:
            return
        yield line


def patched(before: str, body: str) -> str | None:
    """The text after the hunks of `body`, None where one does not fit."""
    if not body:
        return None
    old = _LINE.findall(before)
    made: list[str] = []
    at = 0
    lines = body.split("\n")
    for number, line in enumerate(lines):
        hunk = _HUNK.match(line)
        if hunk:
            start = int(hunk[1]) - (hunk[2] != "0")
            made += old[at:start]
            at = start
        elif line[:1] in (" ", "-", "+"):
            ending = "" if lines[number + 1 : number + 2] == [_NO_NEWLINE] else "\n"
            if line[0] != "+" and old[at : at + 1] != [line[1:] + ending]:
                return None
            at += line[0] != "+"
            made += [] if line[0] == "-" else [line[1:] + ending]
    return "".join([*made, *old[at:]])
