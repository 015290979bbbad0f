"""The differences that a task reports: their digests, which two previews share, and their redacted text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from stems.tools.ansible.events import Outcome
from stems.tools.redact import looks_secret, redacted, redacted_diff

CONTENTS = frozenset({"copy", "template"})
"""Modules that write whole files, and tell them in a difference."""
UNSEEN = "unseen"
"""Stands for a digest of what is on the node until it is read there."""

_VOLATILE = frozenset({"atime", "mtime", "path", "path_content"})


def states(outcome: Outcome) -> tuple[Mapping[str, Any], ...]:
    """Each difference with `before` and `after`, or with `prepared`, as a mapping."""
    told = outcome.result.get("diff")
    parts = told if isinstance(told, list) else [told]
    return tuple(part for part in parts if isinstance(part, Mapping) and part)


def digest_of(outcome: Outcome, side: str) -> str:
    """The digest of one side, empty for absent or unpredictable."""
    parts = [_stable(part.get(side)) for part in states(outcome)]
    prepared = [part["prepared"] for part in states(outcome) if side == "after" and part.get("prepared")]
    meant = [*filter(_exists, parts), *prepared]
    if outcome.module in CONTENTS and not _holds(outcome, side):
        # Check mode shows no binary and no large file: one side is read on the node later, the other by its digest.
        copied = outcome.result.get("source") or outcome.result.get("checksum")
        if side == "before":
            return UNSEEN
        meant = [{"checksum": copied}] if copied else []
    if not meant and side == "after" and outcome.args and not _removed(outcome):
        # A unit or a package without a difference of its own: what the task asks for is what will be.
        meant = [{key: outcome.args[key] for key in ("state", "enabled") if key in outcome.args}]
    return hashlib.sha256(json.dumps(meant, sort_keys=True).encode()).hexdigest() if meant else ""


def is_told(outcome: Outcome) -> bool:
    """Whether a task that writes whole files tells what would be in them: it does not of a folder."""
    if outcome.module not in CONTENTS:
        return True
    known = outcome.result.get("source") or outcome.result.get("checksum")
    return "files" not in outcome.result and (_holds(outcome, "after") or bool(known))


def holds_secret(outcome: Outcome, path: str) -> bool:
    """What is not shown may be hidden for a reason."""
    return (
        outcome.vaulted
        or (outcome.module in CONTENTS and not _holds(outcome, "after") and is_told(outcome))
        or any(
            looks_secret(_text(part.get(side)), path=path)
            for part in states(outcome)
            for side in ("before", "after", "prepared")
        )
    )


def diff_of(outcome: Outcome, path: str) -> str:
    """A diff for people, empty where nothing can be shown."""
    if outcome.vaulted:
        return ""
    return "".join(_shown(part, path) for part in states(outcome))


def _shown(part: Mapping[str, Any], path: str) -> str:
    if part.get("prepared"):
        return redacted(_text(part["prepared"]).strip() + "\n")
    return redacted_diff(_text(part.get("before")), _text(part.get("after")), path=path)


def _text(side: object) -> str:
    if isinstance(side, Mapping):
        stable = _stable(side)
        return "".join(_lines(stable.items()) if isinstance(stable, dict) else ())
    return side if isinstance(side, str) else ""


def _lines(items: Iterable[tuple[str, object]]) -> Iterable[str]:
    for key, value in sorted(items):
        yield f"{key}: {value}\n"


def _stable(side: object) -> object:
    if isinstance(side, Mapping):
        return {key: value for key, value in side.items() if key not in _VOLATILE}
    return side


def _holds(outcome: Outcome, side: str) -> bool:
    return any(side in part or part.get("prepared") for part in states(outcome))


def _exists(side: object) -> bool:
    return bool(side) and not (isinstance(side, Mapping) and side.get("state") == "absent")


def _removed(outcome: Outcome) -> bool:
    return any(
        isinstance(part.get("after"), Mapping) and part["after"].get("state") == "absent" for part in states(outcome)
    )
