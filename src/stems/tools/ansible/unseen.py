"""Digests of files that check mode does not show, binary or large ones: read on the node."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import replace

from stems.errors import ToolError
from stems.infrastructure.before import LOOKING
from stems.infrastructure.command import Command, Effect, script
from stems.model.change import Change, Risk, Undo
from stems.tools.ansible.changes import UNPREDICTABLE, paths_of
from stems.tools.ansible.diffs import UNSEEN
from stems.tools.base import Site

TIMEOUT = 120.0
_SAID = re.compile(r"[0-9a-f]{64}|absent|other")


def sums_command(paths: Iterable[str]) -> Command:
    """Prints for each path its digest, `absent`, or `other` for what is no file, a line each."""
    looks = "\n".join(f"sum_of {shlex.quote(path)}" for path in paths)
    text = f"""{LOOKING}
sum_of() {{
  if [ -f "$1" ]; then sum=$(sha256sum <"$1") || exit 1; printf '%s\\n' "${{sum%% *}}"
  elif is_absent "$1"; then echo absent
  else echo other; fi
}}
{looks}
"""
    return script(text, Effect.READS, account="root", timeout=TIMEOUT)


def parse_sums(output: str, count: int) -> list[str]:
    said = output.splitlines()
    if len(said) != count or not all(map(_SAID.fullmatch, said)):
        raise ValueError(output[:200])
    return said


def with_seen_digests(site: Site, changes: Sequence[Change]) -> tuple[Change, ...]:
    """The same changes, with what is on the node where a preview did not show it."""
    paths = paths_of(changes)
    wanted = {change.resource: paths.get(change.resource, "") for change in changes if change.before == UNSEEN}
    asked = sorted(filter(None, set(wanted.values())))
    if not wanted:
        return tuple(changes)
    result = site.runner.run(sums_command(asked))
    try:
        found = dict(zip(asked, parse_sums(result.text, len(asked)), strict=True))
    except ValueError:
        raise ToolError(f"{site.node.name}: files that would change cannot be read", said=result.errors) from None
    return tuple(
        _seen(change, found.get(wanted[change.resource], "other")) if change.resource in wanted else change
        for change in changes
    )


def _seen(change: Change, found: str) -> Change:
    if found == "other":
        # A folder takes the file in: which one it is, only Ansible knows.
        risk = change.risk if change.risk is Risk.NETWORK else Risk.UNKNOWN
        return replace(change, risk=risk, before="", after="", undo=Undo.NO, note=UNPREDICTABLE)
    return replace(change, before="", action="create") if found == "absent" else replace(change, before=found)
