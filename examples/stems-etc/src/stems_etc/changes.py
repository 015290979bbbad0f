"""What differs between what is wanted, what is there and what was left there, as changes that people approve: pure."""

from __future__ import annotations

from collections.abc import Mapping

from stems.model.change import Change, Domain, Risk, Undo
from stems.tools.network import touches_network
from stems.tools.redact import looks_secret, redacted_diff
from stems_etc.node import Seen
from stems_etc.source import NAME, File


def changes_of(node: str, files: Mapping[str, File], seen: Seen) -> tuple[Change, ...]:
    """Every path that is wanted or was left, and is not as it is to be."""
    differing = [path for path in sorted({*files, *seen.left}) if seen.now[path] != files.get(path)]
    return tuple(_change(node, path, seen.now[path], files.get(path), seen) for path in differing)


def secret(files: Mapping[str, File], seen: Seen) -> frozenset[str]:
    """The resources whose digests could give a secret away: what cannot be looked through may hold one, too."""
    texts = {path: (_text(now), _text(files.get(path))) for path, now in seen.now.items()}
    return frozenset(
        f"file:{path}"
        for path, both in texts.items()
        if any(text is None or looks_secret(text, path=path) for text in both)
    )


def _change(node: str, path: str, now: File | None, after: File | None, seen: Seen) -> Change:
    resource, by_hand = f"file:{path}", seen.by_hand(path)
    is_lost = by_hand and now is not None
    before_text, after_text = _text(now), _text(after)
    return Change(
        node=node,
        domain=Domain.SYSTEM,
        tool=NAME,
        resource=resource,
        action="create" if now is None else "change" if after else "remove",
        risk=_risk(resource, is_lost=is_lost),
        before=now.digest if now else "",
        after=after.digest if after else "",
        diff="" if before_text is None or after_text is None else redacted_diff(before_text, after_text, path=path),
        source=str(after.place) if after else "",
        undo=Undo.BY_BACKUP if is_lost or after is None else Undo.BY_REPLAY,
        by_hand=by_hand,
        note=f"{now.meta} becomes {after.meta}" if now and after and now.meta != after.meta else "",
    )


def _risk(resource: str, *, is_lost: bool) -> Risk:
    """The table of stems knows what can cut the way in; to lose somebody's work is destructive."""
    if touches_network(resource, ""):
        return Risk.NETWORK
    return Risk.DESTRUCTIVE if is_lost else Risk.SYSTEM


def _text(file: File | None) -> str | None:
    """None for what is no text."""
    try:
        return "" if file is None else None if b"\0" in file.content else file.content.decode()
    except UnicodeDecodeError:
        return None
