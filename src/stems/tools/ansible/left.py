"""The files that Ansible left on a node, noted after each deployment: tells a hand edit from what is pending."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from stems.errors import ToolError
from stems.infrastructure.command import Command, Effect, script
from stems.model.change import Change, Risk, Undo
from stems.tools.base import Site

NAME = "ansible"
GONE = "-"
"""In the place of the digest of a file that is not there any more."""
TIMEOUT = 120.0


def left_command(manifest: str, paths: Iterable[str]) -> Command:
    """Takes the digests of `paths` into the manifest, and out of it what is no longer a file.

    It runs as the SSH user and notes only what that user can read, so that a probe can check it without sudo; a drift
    report sees the rest.
    """
    quoted = [shlex.quote(path) for path in dict.fromkeys(paths)]
    if not quoted:
        return script("", Effect.READS)
    text = f"""
umask 077
manifest={shlex.quote(manifest)}
mkdir -p "${{manifest%/*}}" && new=$(mktemp "$manifest.XXXXXX") || exit 1
{{
  if [ -f "$manifest" ]; then
    while IFS= read -r line; do
      case ${{line#*  }} in {"|".join(quoted)}) ;; *) printf '%s\\n' "$line" ;; esac
    done <"$manifest"
  fi
  for path in {" ".join(quoted)}; do
    if [ -f "$path" ] && [ -r "$path" ]; then sha256sum "$path" || exit 1; fi
  done
}} >"$new" && mv "$new" "$manifest" || {{ rm -f "$new"; exit 1; }}
"""
    return script(text, Effect.WRITES, timeout=TIMEOUT)


def edited_command(manifest: str) -> Command:
    """Prints each noted file that is not as it was left, after its digest, or after `GONE`."""
    text = f"""
manifest={shlex.quote(manifest)}
[ -f "$manifest" ] || exit 0
while IFS= read -r line; do
  now=$(sha256sum <"${{line#*  }}") 2>/dev/null
  now=${{now%% *}}
  [ "$now" = "${{line%% *}}" ] || printf '%s %s\\n' "${{now:-{GONE}}}" "${{line#*  }}"
done <"$manifest"
exit 0
"""
    return script(text, Effect.READS, timeout=TIMEOUT)


def edited_files(site: Site) -> Mapping[str, str]:
    """The digests of files that are not as they were left, by path."""
    result = site.runner.run(edited_command(site.left(NAME)))
    if not result.ok:
        raise ToolError(f"{site.node.name}: what Ansible left there cannot be read", said=result.errors)
    pairs = (line.partition(" ") for line in result.text.splitlines())
    return {path: digest for digest, _, path in pairs}


def marked_by_hand(changes: Sequence[Change], edited: Mapping[str, str]) -> tuple[Change, ...]:
    """The same changes; those of a file that is not as it was left are `by_hand`, and lose what somebody did to it."""
    return tuple(_marked(change, edited.get(change.resource.removeprefix("file:"), "")) for change in changes)


def _marked(change: Change, now: str) -> Change:
    loses = now not in ("", GONE) and change.risk is Risk.SYSTEM
    marked = replace(change, by_hand=bool(now))
    return replace(marked, risk=Risk.DESTRUCTIVE, undo=Undo.BY_BACKUP) if loses else marked
