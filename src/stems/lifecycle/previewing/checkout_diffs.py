"""What somebody edited in a node's checkout, to be read before it is put right."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path

from stems.errors import ToolError
from stems.infrastructure.content import read_content
from stems.model.change import Change
from stems.tools.base import Site
from stems.tools.git.working_file import LINK, read_version
from stems.tools.redact import redacted_diff

MOST = 10
"""Files that are shown: each is asked for by itself, over the connection that is there."""


def with_diffs(site: Site, changes: Iterable[Change], *, tree: Path) -> tuple[Change, ...]:
    """The changes of a checkout, those of edited files with what will be different in them."""
    changes = tuple(changes)
    edited = islice((change for change in changes if change.source and change.before != change.after), MOST)
    diffs = {change.resource: _diff(site, change, tree) for change in edited}
    return tuple(replace(change, diff=diffs.get(change.resource, "")) for change in changes)


def _diff(site: Site, change: Change, tree: Path) -> str:
    # What cannot be read is put right all the same, and then shows no diff.
    with suppress(ToolError):
        now = read_content(site.runner, f"{site.checkout}/{change.source}")
        wanted = read_version(tree / change.source)
        if wanted is None or wanted.mode != LINK:
            before, after = (now.data if now else b""), (wanted.content if wanted else b"")
            return redacted_diff(
                before.decode("utf-8", "replace"), after.decode("utf-8", "replace"), path=change.source
            )
    return ""
