"""The answer of a node about its chezmoi, read."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from stems.model.names import printable
from stems.tools.redact import redacted

ENTRIES, REPOSITORIES, CONFIGURATION = "entryState", "gitRepoExternalState", "configState"
"""Buckets of the state of chezmoi: what it wrote, when it cloned or pulled an external, what it was configured by."""

LEAST = (2, 71, 0)
"""The first version that can be told to stop at a conflict."""
_NAMES = ("configuration", "version", "status", "diff", "state", "externals", "gone")
_VERSION = re.compile(r"version v?(\d+)\.(\d+)\.(\d+)")
_STATUS = re.compile(r"([ ADMR])([ ADMR]) (.+)")
_PART = re.compile(rf"@({'|'.join(_NAMES)}) (\d+) (\S*) (\S*)")
_PAIR = re.compile(r"@(text|keyed) (\S+) (\S*)")
_MODE = re.compile(r"@mode (\S+) ([0-7]{1,4}) ([0-9a-f]{40})")
_TARGET = re.compile(r"@target (\S+) ([0-9a-f]{40}|-) ([0-9a-f]{40}|-) (-|=\S*)")
_PRIVATE = re.compile(r"@private (\S+)")
_UMASK = re.compile(r"@umask ([0-9]{1,3})")


class NotConfiguredError(ValueError):
    """chezmoi failed, and nobody ever made a configuration for it."""


@dataclass(frozen=True, slots=True)
class Pending:
    """One line of `chezmoi status`: what was done to a target since chezmoi wrote it, and what it would do now."""

    path: str
    by_hand: str
    action: str


@dataclass(frozen=True, slots=True)
class Target:
    """A file as it is and as it would be, without `textconv`: Git's digests, empty for absent. `text` is None where
    the content to come is shown to nobody.
    """

    old: str
    new: str
    text: bytes | None = None

    @property
    def shown(self) -> str | None:
        """The text to come. Raises `UnicodeDecodeError` where it is none."""
        return self.text.decode() if self.text is not None else None if self.new else ""


@dataclass(frozen=True, slots=True)
class Seen:
    """The answer of a node. `texts` are small files that would change, `keyed` digests that tell nothing by themselves.

    `written` are the absolute paths that chezmoi remembers to have written. Where that cannot be read there are none:
    then everything that lies there counts as somebody's own. `converts` says that the diff is of what `textconv` made.
    `bare` are files of which the diff shows nothing, each with its mode and the digest of its content; `umask` is what
    chezmoi then takes off modes, None where it is not known. `private` are files that would go, and that nobody else
    may read.
    """

    version: str
    pending: tuple[Pending, ...]
    diff: str
    warnings: tuple[str, ...] = ()
    written: frozenset[str] = frozenset()
    externals: tuple[str, ...] = ()
    texts: Mapping[str, bytes] = field(default_factory=dict)
    keyed: Mapping[str, str] = field(default_factory=dict)
    converts: bool = False
    bare: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    umask: int | None = None
    private: frozenset[str] = frozenset()
    targets: Mapping[str, Target] = field(default_factory=dict)


def parse_seen(output: str, home: str) -> Seen:
    """Raises `ValueError` with what is wrong."""
    lines = output.splitlines()
    parts = _parts(lines)
    version = new_enough(parts["version"].text)
    state = _state(parts["state"].text) if parts["state"].status == "0" else {}
    configuration = frozenset(parts["configuration"].text.split())
    _require(parts, is_configured=bool(configuration or state.get(CONFIGURATION)))
    pending = tuple(_pending(parts["status"].text))
    cloned = {path.removeprefix(f"{home}/") for path in _bucket(state, REPOSITORIES)}
    lost = cloned & set(parts["gone"].text.splitlines()) - {each.path for each in pending}
    pairs = [found for line in lines if (found := _PAIR.fullmatch(line))]
    return Seen(
        version=version,
        pending=(*pending, *(Pending(path, "D", "A") for path in sorted(lost))),
        diff=parts["diff"].text,
        warnings=tuple(_warnings(parts["status"].errors)),
        written=_bucket(state, ENTRIES),
        externals=tuple(parts["externals"].text.splitlines()),
        texts={decoded(pair[2]): _bytes(pair[3]) for pair in pairs if pair[1] == "text"},
        keyed={pair[2]: pair[3] for pair in pairs if pair[1] == "keyed"},
        converts="textconv" in configuration,
        bare={decoded(mode[1]): (int(mode[2], 8), mode[3]) for line in lines if (mode := _MODE.fullmatch(line))},
        private=frozenset(decoded(found[1]) for line in lines if (found := _PRIVATE.fullmatch(line))),
        targets={decoded(found[1]): _target(found) for line in lines if (found := _TARGET.fullmatch(line))},
        umask=next((int(found[1]) for line in lines if (found := _UMASK.fullmatch(line))), None),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    status: str
    text: str
    errors: str


def _parts(lines: list[str]) -> dict[str, _Part]:
    if lines[-1:] != ["@end"]:
        raise ValueError("chezmoi gave no whole answer")
    found = (_PART.fullmatch(line) for line in lines)
    parts = {part[1]: _Part(part[2], decoded(part[3]), decoded(part[4])) for part in found if part}
    if missing := set(_NAMES) - parts.keys():
        raise ValueError(f"no answer to {min(missing)}")
    return parts


def _require(parts: Mapping[str, _Part], *, is_configured: bool) -> None:
    for name in ("status", "diff", "externals"):
        if parts[name].status != "0":
            kind = ValueError if is_configured else NotConfiguredError
            raise kind(parts[name].errors.strip() or f"chezmoi {name} ended with {parts[name].status}")


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


def _target(found: re.Match[str]) -> Target:
    old, new = (found[side].strip("-") for side in (2, 3))
    return Target(old, new, None if found[4] == "-" else _bytes(found[4][1:]))


def _bytes(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise ValueError("an answer that is not base64") from None


def decoded(encoded: str) -> str:
    return _bytes(encoded).decode("utf-8", "replace")
