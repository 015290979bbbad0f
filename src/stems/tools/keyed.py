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


def keyed_command(state: str, digests: Iterable[str]) -> Command:
    """Prints the keyed digest of each digest, a line each."""
    key = shlex.quote(f"{state}/key")
    lines = [f"{{ cat {key} && printf %s {digest}; }} | sha256sum" for digest in digests]
    return script("\n".join([f"[ -s {key} ] && [ -r {key} ] || exit 3", *lines, ""]), Effect.READS)


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
            remedy=f"see that {site.state}/key exists there and is not empty",
        ) from None
    keyed[""] = ""
    return tuple(
        replace(change, before=keyed[change.before], after=keyed[change.after]) if change.resource in secret else change
        for change in changes
    )
