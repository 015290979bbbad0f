"""What chezmoi would change in a home, as changes that people and plans understand."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from posixpath import dirname

from stems.model.change import Change, Domain, Risk, Undo
from stems.tools.base import Job
from stems.tools.chezmoi.attributes import Kind
from stems.tools.chezmoi.blocks import Block, parse_blocks
from stems.tools.chezmoi.node import NAME
from stems.tools.chezmoi.secrets import asking
from stems.tools.chezmoi.seen import Pending, Seen
from stems.tools.chezmoi.source import Entry, read_source
from stems.tools.chezmoi.templated import Ignored
from stems.tools.homes import Home, shown
from stems.tools.network import HOME_WAYS_IN
from stems.tools.redact import redacted_diff

EDITED, REMOVED = "edited by hand since chezmoi wrote it", "removed by hand since chezmoi wrote it"
NOT_OURS = "chezmoi did not write what is there"
LINKS = 'take `mode = "symlink"` out of the configuration of chezmoi there'
LEADS = "leads into the folder of one commit, which goes some day"
UNSHOWN = "chezmoi does not show what it would do"
ENCRYPTED = "encrypted, so its content is not shown"
ASKED = "its template asks for a secret, so its content is not shown"
_HANDS = {"M": EDITED, "A": EDITED, "D": REMOVED}
_ACTIONS = {"A": "create", "M": "change", "D": "remove"}


def changes_of(job: Job, home: Home, seen: Seen) -> tuple[Change, ...]:
    """Raises `ValueError` when the parts of the answer do not fit together."""
    blocks = parse_blocks(seen.diff)
    sources = {entry.target: entry for entry in read_source(job).entries if entry.ignored is not Ignored.YES}
    view = _View(home, seen, blocks, sources, frozenset(entry.target for entry in asking(job, sources.values())))
    # chezmoi makes a directory that is to be removed where it is empty, and removes it again: that is no change.
    passing = {path for path, entry in sources.items() if entry.kind is Kind.DIR and "remove" in entry.attributes.flags}
    changes = {
        pending.path: view.change(pending)
        for pending in seen.pending
        if pending.action and not (pending.action == "A" and pending.path in passing)
    }
    return tuple(_folded(changes, seen.externals, home.account))


@dataclass(frozen=True, slots=True)
class _View:
    home: Home
    seen: Seen
    blocks: Mapping[str, Block]
    sources: Mapping[str, Entry]
    asking: frozenset[str]

    def _hides(self, path: str, entry: Entry | None) -> str:
        """Why the content of a target may not be shown, empty where it may."""
        if entry is not None and "encrypted" in entry.attributes.flags:
            return ENCRYPTED
        return ASKED if path in self.asking else ""

    def change(self, pending: Pending) -> Change:
        block, entry = self.blocks.get(pending.path), self.sources.get(pending.path)
        if entry is not None and entry.kind is Kind.MODIFY and pending.by_hand in ("M", "A"):
            # Others write the rest of such a file, and chezmoi asks nobody about it.
            pending = replace(pending, by_hand="")
        if pending.action == "R":
            return self._script(pending, block, entry)
        change = Change(
            node=self.home.site.node.name,
            domain=Domain.USER,
            tool=NAME,
            resource=f"{block.kind if block else 'file'}:{shown(pending.path, self.home.account)}",
            action=_ACTIONS[pending.action],
            risk=Risk.UNKNOWN,
            source=str(entry.place) if entry else "",
            by_hand=bool(pending.by_hand),
            note="; ".join(note for note in (_HANDS.get(pending.by_hand, ""), UNSHOWN) if note),
        )
        if block is None:
            return replace(change, undo=Undo.BY_BACKUP)
        if block.new_mode.startswith("12") and entry is not None and entry.kind is Kind.FILE:
            raise ValueError(f"{pending.path} would be a symlink into the folder of stems: {LINKS}")
        is_foreign = self._is_foreign(pending, block)
        destroys = pending.action == "D" or pending.by_hand in ("M", "A") or is_foreign
        hidden = self._hides(pending.path, entry)
        leads = LEADS if f"\n+{self.home.state}/stage/" in f"\n{block.body}" and block.kind == "link" else ""
        notes = [_HANDS.get(pending.by_hand, ""), NOT_OURS if is_foreign else "", leads, hidden]
        return replace(
            change,
            risk=_risk(pending.path, destroys=destroys, exists=bool(block.old_mode)),
            before=self._digest(block.old_mode, block.old),
            after=self._digest(block.new_mode, block.new),
            diff="" if hidden else self._diff(pending.path, block),
            undo=Undo.BY_BACKUP if destroys else Undo.BY_REPLAY,
            note="; ".join(note for note in notes if note),
        )

    def _script(self, pending: Pending, block: Block | None, entry: Entry | None) -> Change:
        account = self.home.account
        when = {"once": "runs once", "onchange": "runs when it changes"}
        flags = entry.attributes.flags if entry else frozenset()
        often = next((text for flag, text in when.items() if flag in flags), "runs every time")
        hidden = self._hides(pending.path, entry)
        text = (block.after("") or "") if block and not hidden else ""
        return Change(
            node=self.home.site.node.name,
            domain=Domain.USER,
            tool=NAME,
            resource=f"script:{shown(pending.path, account) if account else pending.path}",
            action="run",
            risk=Risk.UNKNOWN,
            after=self._digest(block.new_mode, block.new) if block else "",
            diff=redacted_diff("", text, path=pending.path) if text else "",
            source=str(entry.place) if entry else "",
            undo=Undo.NO,
            note="; ".join(note for note in (f"{often}, effect not predictable", hidden) if note),
        )

    def _is_foreign(self, pending: Pending, block: Block) -> bool:
        """Whether chezmoi would write over what it never wrote."""
        if not block.old_mode or block.kind == "dir" or pending.by_hand:
            return False
        return f"{self.home.path}/{pending.path}" not in self.seen.written

    def _digest(self, mode: str, content: str) -> str:
        """Keyed on the node: what a template made of a secret cannot be guessed from a plan."""
        if not mode:
            return ""
        if content and content not in self.seen.keyed:
            raise ValueError("a content without its keyed digest")
        return hashlib.sha256(f"{mode}\0{self.seen.keyed.get(content, '')}".encode()).hexdigest()

    def _diff(self, path: str, block: Block) -> str:
        if block.kind == "dir" or not block.body:
            return ""
        try:
            before = self.seen.texts.get(path, b"").decode() if block.kind == "file" else ""
        except UnicodeDecodeError:
            return ""
        after = block.after(before)
        return redacted_diff(before, after, path=shown(path, self.home.account)) if after is not None else ""


def _risk(path: str, *, destroys: bool, exists: bool) -> Risk:
    if path in HOME_WAYS_IN or (path == ".ssh" and exists):
        return Risk.NETWORK
    return Risk.DESTRUCTIVE if destroys else Risk.USER


def tops(externals: tuple[str, ...]) -> list[str]:
    """The targets of externals, without what they hold."""
    known = set(externals)
    return sorted(path for path in known if known.isdisjoint(_above(path)))


def _above(path: str) -> Iterator[str]:
    while path := dirname(path):
        yield path


def _folded(changes: Mapping[str, Change], externals: tuple[str, ...], account: str) -> Iterator[Change]:
    """One change for all that an external brings: an archive may hold thousands of files."""
    roots = tops(externals)
    parts: dict[str, list[Change]] = defaultdict(list)
    for path, change in changes.items():
        top = next((top for top in roots if path == top or path.startswith(f"{top}/")), "")
        if top:
            parts[top].append(change)
        else:
            yield change
    for top, held in sorted(parts.items()):
        yield _external(shown(top, account), held)


def _external(path: str, held: list[Change]) -> Change:
    surest = (Risk.UNKNOWN, Risk.NETWORK, Risk.DESTRUCTIVE, Risk.USER)
    first = held[0]
    sides = [hashlib.sha256("\n".join(part).encode()).hexdigest() for part in zip(*_sides(held), strict=True)]
    return replace(
        first,
        resource=f"external:{path}",
        action=first.action if len(held) == 1 else "change",
        risk=min((change.risk for change in held), key=surest.index),
        before=sides[0],
        after=sides[1],
        diff="",
        undo=Undo.BY_BACKUP,
        by_hand=any(change.by_hand for change in held),
        note=f"{len(held)} of what it holds" if len(held) > 1 else first.note,
    )


def _sides(held: list[Change]) -> Iterator[tuple[str, str]]:
    for change in held:
        yield f"{change.resource} {change.before}", f"{change.resource} {change.action} {change.after}"
