"""What chezmoi would change in a home, as changes that people and plans understand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from stems.model.change import Change, Domain, Risk, Undo
from stems.tools.base import Job
from stems.tools.chezmoi.attributes import Kind
from stems.tools.chezmoi.blocks import Block, parse_blocks
from stems.tools.chezmoi.contents import CONVERTED, Contents, unconverted
from stems.tools.chezmoi.externals import folded
from stems.tools.chezmoi.node import NAME
from stems.tools.chezmoi.order import in_order
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
OTHER_MODE = "its mode becomes another one"
_HANDS = {"M": EDITED, "A": EDITED, "D": REMOVED}
_ACTIONS = {"A": "create", "M": "change", "D": "remove"}


def changes_of(job: Job, home: Home, seen: Seen) -> tuple[Change, ...]:
    """Raises `ValueError` when the parts of the answer do not fit together."""
    blocks = {path: unconverted(block, seen.targets.get(path)) for path, block in parse_blocks(seen.diff).items()}
    sources = {entry.target: entry for entry in read_source(job).entries if entry.ignored is not Ignored.YES}
    contents = Contents(home, seen, frozenset(entry.target for entry in asking(job, sources.values())))
    view = _View(contents, blocks, sources)
    # chezmoi makes a directory that is to be removed where it is empty, and removes it again: that is no change.
    passing = {path for path, entry in sources.items() if entry.kind is Kind.DIR and "remove" in entry.attributes.flags}
    changes = {
        pending.path: view.change(pending)
        for pending in seen.pending
        if pending.action and not (pending.action == "A" and pending.path in passing)
    }
    return in_order(folded(changes, seen.externals, home.account))


@dataclass(frozen=True, slots=True)
class _View:
    contents: Contents
    blocks: Mapping[str, Block]
    sources: Mapping[str, Entry]

    @property
    def home(self) -> Home:
        return self.contents.home

    @property
    def seen(self) -> Seen:
        return self.contents.seen

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
        if block == Block() and pending.path in self.seen.bare:
            return self._bare(change, pending, entry)
        if block.new_mode.startswith("12") and entry is not None and entry.kind is Kind.FILE:
            raise ValueError(f"{pending.path} would be a symlink into the folder of stems: {LINKS}")
        is_foreign = self.contents.is_foreign(pending, block)
        destroys = pending.action == "D" or pending.by_hand in ("M", "A") or is_foreign
        hidden = self.contents.hides(pending.path, entry)
        leads = LEADS if f"\n+{self.home.state}/stage/" in f"\n{block.body}" and block.kind == "link" else ""
        converted = CONVERTED if self.contents.is_converted(pending.path, block) else ""
        notes = [_HANDS.get(pending.by_hand, ""), NOT_OURS if is_foreign else "", leads, hidden, converted]
        return replace(
            change,
            risk=_risk(pending.path, destroys=destroys, exists=bool(block.old_mode)),
            before=self.contents.digest(block.old_mode, block.old),
            after=self.contents.digest(block.new_mode, block.new),
            diff="" if hidden else self.contents.diff(pending.path, block),
            undo=Undo.BY_BACKUP if destroys else Undo.BY_REPLAY,
            note="; ".join(note for note in notes if note),
        )

    def _bare(self, change: Change, pending: Pending, entry: Entry | None) -> Change:
        """A file of which the diff says nothing: its mode is another, in a way that Git does not know."""
        mode, content = self.seen.bare[pending.path]
        wanted = entry.attributes.mode & ~self.seen.umask if entry and self.seen.umask is not None else None
        is_foreign = not pending.by_hand and f"{self.home.path}/{pending.path}" not in self.seen.written
        differs = OTHER_MODE if wanted is None else "" if wanted == mode else f"mode {mode:o} becomes {wanted:o}"
        hidden, target = self.contents.hides(pending.path, entry), self.seen.targets.get(pending.path)
        converted = CONVERTED if self.contents.is_converted(pending.path, Block()) else ""
        notes = [_HANDS.get(pending.by_hand, ""), NOT_OURS if is_foreign else "", differs, hidden, converted]
        destroys = bool(pending.by_hand) or is_foreign
        block = Block(f"{0o100000 | mode:o}", f"{0o100000 | (mode if wanted is None else wanted):o}", content, content)
        block = unconverted(block, target)
        told = wanted not in (None, mode) or target is not None
        return replace(
            change,
            risk=_risk(pending.path, destroys=destroys, exists=True),
            before=self.contents.digest(block.old_mode, block.old),
            after=self.contents.digest(block.new_mode, block.new) if told else "",
            diff="" if hidden else self.contents.diff(pending.path, block),
            undo=Undo.BY_BACKUP if destroys else Undo.BY_REPLAY,
            note="; ".join(note for note in notes if note),
        )

    def _script(self, pending: Pending, block: Block | None, entry: Entry | None) -> Change:
        account = self.home.account
        when = {"once": "runs once", "onchange": "runs when it changes"}
        flags = entry.attributes.flags if entry else frozenset()
        often = next((text for flag, text in when.items() if flag in flags), "runs every time")
        often += next((f" {flag} the files" for flag in ("before", "after") if flag in flags), "")
        hidden = self.contents.hides(pending.path, entry)
        text = (block.after("") or "") if block and not hidden else ""
        return Change(
            node=self.home.site.node.name,
            domain=Domain.USER,
            tool=NAME,
            resource=f"script:{shown(pending.path, account) if account else pending.path}",
            action="run",
            risk=Risk.UNKNOWN,
            after=self.contents.digest(block.new_mode, block.new) if block else "",
            diff=redacted_diff("", text, path=pending.path) if text else "",
            source=str(entry.place) if entry else "",
            undo=Undo.NO,
            note="; ".join(note for note in (f"{often}, effect not predictable", hidden) if note),
        )


def _risk(path: str, *, destroys: bool, exists: bool) -> Risk:
    if path in HOME_WAYS_IN or (path == ".ssh" and exists):
        return Risk.NETWORK
    return Risk.DESTRUCTIVE if destroys else Risk.USER
