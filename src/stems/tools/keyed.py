"""Digests of secret values: keyed on the node with a key that stays there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from stems.errors import ToolError
from stems.infrastructure.command import Command, Effect, script
from stems.model.change import Change
from stems.tools.base import Site

_HEX = re.compile(r"[0-9a-f]{64}")


REQUIRE_KEY = r"""
if [ ! -s "$state/key" ]; then
  mkdir -p "$state" && chmod 700 "$state" && made=$(mktemp "$state/.key.XXXXXX") &&
    od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$made" && [ "$(wc -c <"$made")" -eq 64 ] &&
    { ln "$made" "$state/key" 2>/dev/null || [ -s "$state/key" ]; } ||
    { echo "$state/key: cannot be made" >&2; exit 1; }
  rm -f "$made"
fi
[ -f "$state/key" ] && [ -r "$state/key" ] || { echo "$state/key: cannot be read" >&2; exit 1; }
"""
"""Makes the node's key in the folder `$state` where there is none yet: several previews may be the first at once."""


def keyed_command(state: str, digests: Iterable[str]) -> Command:
    """Prints the keyed digest of each digest, a line each."""
    start = f"umask 077\nstate={shlex.quote(state)}\n{REQUIRE_KEY}"
    lines = [f'{{ cat "$state/key" && printf %s {digest}; }} | sha256sum\n' for digest in digests]
    return script(start + "".join(lines), Effect.STAGES)


def parse_keyed(output: str, count: int) -> list[str]:
    keyed = [line.split(" ", 1)[0] for line in output.splitlines()]
    if len(keyed) != count or not all(map(_HEX.fullmatch, keyed)):
        raise ValueError(output[:200])
    return keyed


def with_keyed_digests(site: Site, changes: Sequence[Change], secret: Collection[str]) -> tuple[Change, ...]:
    """The same changes; where a difference holds a secret, its digests tell nothing without the node's key."""
    held = [digest for change in changes if change.resource in secret for digest in (change.before, change.after)]
    digests = [digest for digest in dict.fromkeys(held) if digest]
    if not digests:
        return tuple(changes)
    result = site.runner.run(keyed_command(site.state, digests))
    try:
        keyed = dict(zip(digests, parse_keyed(result.text, len(digests)), strict=True))
    except ValueError:
        raise ToolError(
            f"{site.node.name}: the key for digests of secrets cannot be used",
            said=result.errors,
            remedy=f"see whether {site.state} can be written there, and its file `key` can be read",
        ) from None
    keyed[""] = ""
    return tuple(
        replace(change, before=keyed[change.before], after=keyed[change.after]) if change.resource in secret else change
        for change in changes
    )
