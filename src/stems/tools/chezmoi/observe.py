"""What chezmoi says on a node, in one round trip: its status, its differences, and what it last wrote."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from stems.infrastructure.command import Effect
from stems.model.names import printable
from stems.tools.base import Job
from stems.tools.chezmoi.failure import failed
from stems.tools.chezmoi.node import preamble
from stems.tools.chezmoi.source import has_externals
from stems.tools.homes import Home
from stems.tools.redact import redacted

ENTRIES, REPOSITORIES = "entryState", "gitRepoExternalState"
"""Buckets of the state of chezmoi: what it wrote, and when it cloned or pulled an external."""

LEAST = (2, 71, 0)
"""The first version that can be told to stop at a conflict."""
TIMEOUT = 300.0
MAX_TEXT = 256 * 1024
_VERSION = re.compile(r"version v?(\d+)\.(\d+)\.(\d+)")
_STATUS = re.compile(r"([ ADMR])([ ADMR]) (.+)")
_PART = re.compile(r"@(version|status|diff|state|externals|gone) (\d+) (\S*) (\S*)")
_PAIR = re.compile(r"@(text|keyed) (\S+) (\S*)")

# What a user's configuration leaves out of a report would be done without having been shown.
_LOOK = r"""
section version chezmoi --version
section status ask status --exclude=none --path-style=relative
section diff run diff --exclude=none --reverse=false --script-contents=true
section state ask state dump --format=json
if [ -n "$externals" ]; then section externals ask managed --include=externals --path-style=relative
else section externals true; fi
while IFS= read -r path; do
  [ -e "$HOME/$path" ] || [ -L "$HOME/$path" ] || printf '%s\n' "$path"
done <"$work/externals" >"$work/absent"
section gone cat "$work/absent"
[ -r "$key" ] && [ -s "$key" ] || fail "$key: cannot be read"
cut -c 4- "$work/status" | while IFS= read -r path; do
  if [ -f "$HOME/$path" ] && [ ! -L "$HOME/$path" ] && [ "$(wc -c <"$HOME/$path")" -le "$max_text" ]; then
    printf '@text %s %s\n' "$(printf %s "$path" | base64 | tr -d '\n')" "$(encoded "$HOME/$path")"
  fi
done
sed -n 's/^index \([0-9a-f]\{40\}\)\.\.\([0-9a-f]\{40\}\).*/\1 \2/p' "$work/diff" | tr ' ' '\n' | LC_ALL=C sort -u |
  while IFS= read -r sum; do
    keyed=$({ cat "$key"; printf %s "$sum"; } | sha256sum) || exit 1
    printf '@keyed %s %s\n' "$sum" "${keyed%% *}"
  done || exit 1
echo '@end'
"""


@dataclass(frozen=True, slots=True)
class Pending:
    """One line of `chezmoi status`: what was done to a target since chezmoi wrote it, and what it would do now."""

    path: str
    by_hand: str
    action: str


@dataclass(frozen=True, slots=True)
class Seen:
    """The answer of a node. `texts` are small files that would change, `keyed` digests that tell nothing by themselves.

    `written` are the absolute paths that chezmoi remembers to have written. Where that cannot be read there are none:
    then everything that lies there counts as somebody's own.
    """

    version: str
    pending: tuple[Pending, ...]
    diff: str
    warnings: tuple[str, ...] = ()
    written: frozenset[str] = frozenset()
    externals: tuple[str, ...] = ()
    texts: Mapping[str, bytes] = field(default_factory=dict)
    keyed: Mapping[str, str] = field(default_factory=dict)


def observe(job: Job, home: Home) -> Seen | None:
    """None when chezmoi is not on the node. Raises `ToolError` when it says that something is wrong."""
    # Each start of chezmoi reads the whole source again, which a small computer feels.
    externals = "yes" if has_externals(job) else "''"
    text = f"max_text={MAX_TEXT} externals={externals}\n{preamble(job, home)}{_LOOK}"
    result = home.run(text, Effect.STAGES, timeout=TIMEOUT)
    if result.text.strip() == "@missing":
        return None
    try:
        return parse_seen(result.text, home.path)
    except ValueError as error:
        raise failed(home.site, str(error), result.errors) from None


def parse_seen(output: str, home: str) -> Seen:
    """Raises `ValueError` with what is wrong."""
    lines = output.splitlines()
    if lines[-1:] != ["@end"]:
        raise ValueError("chezmoi gave no whole answer")
    parts = {found[1]: found for line in lines if (found := _PART.fullmatch(line))}
    if missing := {"version", "status", "diff", "state", "externals", "gone"} - parts.keys():
        raise ValueError(f"no answer to {min(missing)}")
    for name in ("version", "status", "diff", "externals"):
        if parts[name][2] != "0":
            raise ValueError(decoded(parts[name][4]).strip() or f"chezmoi {name} ended with {parts[name][2]}")
    state = _state(decoded(parts["state"][3])) if parts["state"][2] == "0" else {}
    pending = tuple(_pending(decoded(parts["status"][3])))
    cloned = {path.removeprefix(f"{home}/") for path in _bucket(state, REPOSITORIES)}
    lost = cloned & set(decoded(parts["gone"][3]).splitlines()) - {each.path for each in pending}
    pairs = [found for line in lines if (found := _PAIR.fullmatch(line))]
    return Seen(
        version=new_enough(decoded(parts["version"][3])),
        pending=(*pending, *(Pending(path, "D", "A") for path in sorted(lost))),
        diff=decoded(parts["diff"][3]),
        warnings=tuple(_warnings(decoded(parts["status"][4]))),
        written=_bucket(state, ENTRIES),
        externals=tuple(decoded(parts["externals"][3]).splitlines()),
        texts={decoded(pair[2]): _bytes(pair[3]) for pair in pairs if pair[1] == "text"},
        keyed={pair[2]: pair[3] for pair in pairs if pair[1] == "keyed"},
    )


def new_enough(said: str) -> str:
    """Raises `ValueError` for a version without what is needed here."""
    found = _VERSION.search(said)
    if not found or tuple(map(int, found.groups())) < LEAST:
        what = ".".join(found.groups()) if found else printable(said).strip() or "without a version"
        raise ValueError(f"chezmoi {what} is too old, {'.'.join(map(str, LEAST))} is needed")
    return ".".join(found.groups())


def _warnings(said: str) -> Iterator[str]:
    """The lines of chezmoi itself: hooks, templates and programs that they ask write there, too."""
    for line in redacted(printable(said)).splitlines():
        if line.startswith("chezmoi: "):
            yield line.removeprefix("chezmoi: ")


def _pending(status: str) -> Iterator[Pending]:
    for line in status.splitlines():
        found = _STATUS.fullmatch(line)
        if not found:
            # Status does not quote: a line break in a name ends a line.
            raise ValueError(f"not a line of `chezmoi status`: {printable(line)!r}")
        yield Pending(found[3], found[1].strip(), found[2].strip())


def _state(dump: str) -> dict[str, Any]:
    try:
        document = json.loads(dump)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _bucket(state: Mapping[str, Any], name: str) -> frozenset[str]:
    bucket = state.get(name)
    return frozenset(bucket) if isinstance(bucket, dict) else frozenset()


def _bytes(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise ValueError("an answer that is not base64") from None


def decoded(encoded: str) -> str:
    return _bytes(encoded).decode("utf-8", "replace")
