"""What lies in a home: one script that reads everything, and its answer."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from shlex import quote

from stems.errors import ToolError
from stems.infrastructure.before import LOOKING
from stems.infrastructure.command import Effect
from stems.tools.files.home import failed, manifest_of
from stems.tools.files.render import Wanted
from stems.tools.files.state import ABSENT, Kind, Manifest, State, parse_manifest, sha256
from stems.tools.homes import Home

MAX_TEXT = 256 * 1024
MAX_TEXTS = 16 * 1024 * 1024

# Modes and sums are asked for all files at once: a small computer takes milliseconds to start a program.
# `sha256sum` of GNU writes a backslash in a name twice, after a backslash at the start of the line.
_LOOK = r"""
cd "$home" || fail "$home: cannot be entered"
if [ -e "$manifest" ]; then wrote=$(cat "$manifest") || fail "$manifest: cannot be read"
elif is_absent "$manifest"; then wrote=
else fail "$manifest: cannot be read"; fi
paths=$(printf '%s\n%s\n' "$wanted" "$(printf '%s\n' "$wrote" | cut -d ' ' -f 4-)" | LC_ALL=C sort -u)

look() {
  if [ -L "$1" ]; then
    printf 'is link %s\n' "$1"
    to=$(readlink "./$1" | base64 | tr -d '\n') || fail "$1: cannot be read"
    printf 'link %s %s\n' "$to" "$1"
    if [ -d "$1" ] && to=$(cd -P "./$1" 2>/dev/null && pwd -P); then printf 'leads %s\n%s\n' "$1" "$to"; fi
  elif [ -f "$1" ]; then printf 'is file %s\n' "$1"
  elif [ -d "$1" ]; then
    printf 'is dir %s\n' "$1"
    case "$line$wanted$line" in *"$line$1$line"*) return ;; esac
    held=$(ls -A "./$1") || fail "$1: cannot be read"
    printf 'held %s %s\n' "$(printf '%s' "$held" | grep -c '')" "$1"
  elif is_absent "$1"; then printf 'is absent %s\n' "$1"
  else printf 'is other %s\n' "$1"; fi
}

seen=$(printf '%s\n' "$paths" | while IFS= read -r path; do [ -z "$path" ] || look "$path"; done) || exit 1
among() { printf '%s\n' "$seen" | sed -n "$1" | tr '\n' '\0'; }
sums=$(among 's|^is file |./|p' | xargs -r -0 sha256sum | sed '/^\\/{s/^\\//;s/\\\\/\\/g;}')

printf 'home %s\n' "$(pwd -P)"
[ -z "$wrote" ] || printf '%s\n' "$wrote" | sed 's/^/wrote /'
[ -z "$seen" ] || printf '%s\n' "$seen"
among 's|^is file |./|p;s|^is dir |./|p' | xargs -r -0 stat -c 'mode %a %n'
[ -z "$sums" ] || printf '%s\n' "$sums" | sed 's/^/sum /'
sent=0
printf '%s\n' "$sums_wanted" "$sums_wanted" "$sums" | LC_ALL=C sort | uniq -u | while IFS= read -r line; do
  path=${line#*  }
  size=$(wc -c <"$path") || continue
  sent=$((sent + size))
  [ "$size" -le "$max_text" ] && [ "$sent" -le "$max_texts" ] || continue
  printf 'text %s %s\n' "$(base64 <"$path" | tr -d '\n')" "$path"
done
echo end
"""

_PATTERNS = {
    "is": re.compile(r"(file|dir|link|absent|other) (.+)"),
    "mode": re.compile(r"([0-7]{1,4}) \./(.+)"),
    "sum": re.compile(r"([0-9a-f]{64})  \./(.+)"),
    "link": re.compile(r"(\S*) (.+)"),
    "text": re.compile(r"(\S*) \./(.+)"),
    "held": re.compile(r"(\d+) (.+)"),
}


@dataclass(frozen=True, slots=True)
class Observation:
    """What lies at each path that is wanted or was written, and what stems last wrote.

    `contents` are those that differ from what is wanted, if they are small. `inside` are symlinks to a directory that
    is in the home, `outside` those to one that is not. `held` counts what is in directories that are no longer wanted.
    """

    states: Mapping[str, State]
    manifest: Manifest = field(default_factory=dict)
    contents: Mapping[str, bytes] = field(default_factory=dict)
    inside: frozenset[str] = frozenset()
    outside: Mapping[str, str] = field(default_factory=dict)
    held: Mapping[str, int] = field(default_factory=dict)


def observe_script(home: Home, entries: Wanted) -> str:
    sums = (f"{entry.state.sha}  ./{path}" for path, entry in entries.items() if entry.state.kind is Kind.FILE)
    values = {
        "home": home.path,
        "manifest": manifest_of(home),
        "wanted": "\n".join(entries),
        "sums_wanted": "\n".join(sums),
        "max_text": str(MAX_TEXT),
        "max_texts": str(MAX_TEXTS),
        "line": "\n",
    }
    return "".join(f"{name}={quote(value)}\n" for name, value in values.items()) + LOOKING + _LOOK


def parse_observation(output: str, entries: Wanted) -> Observation:
    """Raises `ValueError` for what cannot be read: it is not absent."""
    lines = output.split("\n")
    if lines[-2:] != ["end", ""]:
        raise ValueError("the answer has no end")
    parts: dict[str, list[str]] = {"wrote": [], "home": [], "leads": [], **{tag: [] for tag in _PATTERNS}}
    pairs = iter(lines[:-2])
    for line in pairs:
        tag, _, rest = line.partition(" ")
        if tag not in parts:
            raise ValueError(f"not understood: {line[:80]!r}")
        parts[tag].append(f"{rest}\n{next(pairs, '')}" if tag == "leads" else rest)
    found = {tag: _pairs(parts[tag], pattern) for tag, pattern in _PATTERNS.items()}
    manifest = parse_manifest(parts["wrote"])
    states = {path: _state(path, found) for path in found["is"]}
    if missing := (set(entries) | set(manifest)) - set(states):
        raise ValueError(f"no answer about {min(missing)!r}")
    inside, outside = _led(parts["leads"], parts["home"])
    held = {path: int(count) for path, count in found["held"].items()}
    return Observation(states, manifest, _contents(found, states), inside, outside, held)


def observe(home: Home, entries: Wanted) -> Observation:
    """Raises `ToolError` when anything in question could not be read."""
    result = home.run(observe_script(home, entries), Effect.READS)
    if not result.ok:
        raise failed(home, result)
    try:
        return parse_observation(result.stdout.decode("utf-8", "surrogateescape"), entries)
    except ValueError as error:
        raise ToolError(
            f"{home.site.node.name}: the files in {home.path} cannot be read: {error}",
            said=result.errors,
            remedy=f"see what is there on {home.site.node.name}",
        ) from None


def _pairs(lines: list[str], pattern: re.Pattern[str]) -> dict[str, str]:
    found = {}
    for line in lines:
        match = pattern.fullmatch(line)
        if not match:
            raise ValueError(f"not understood: {line[:80]!r}")
        found[match[2]] = match[1]
    return found


def _state(path: str, found: Mapping[str, Mapping[str, str]]) -> State:
    kind = Kind(found["is"][path])
    try:
        if kind is Kind.FILE:
            return State(kind, found["mode"][path], found["sum"][path])
        if kind is Kind.DIR:
            return State(kind, found["mode"][path])
        if kind is Kind.LINK:
            return State(kind, sha=sha256(_link(found["link"][path])))
    except KeyError:
        raise ValueError(f"{path} could not be read") from None
    return ABSENT if kind is Kind.ABSENT else State(kind)


def _link(encoded: str) -> bytes:
    return base64.b64decode(encoded, validate=True).removesuffix(b"\n")


def _contents(found: Mapping[str, Mapping[str, str]], states: Mapping[str, State]) -> dict[str, bytes]:
    """A file that changed while it was read, or a node without `base64`, only costs the diff."""
    contents = {path: _link(text) for path, text in found["link"].items()}
    for path, text in found["text"].items():
        try:
            content = base64.b64decode(text, validate=True)
        except binascii.Error:
            continue
        if path in states and sha256(content) == states[path].sha:
            contents[path] = content
    return contents


def _led(leads: list[str], home: list[str]) -> tuple[frozenset[str], dict[str, str]]:
    if len(home) != 1:
        raise ValueError("the answer does not name the home")
    root = home[0].rstrip("/") + "/"
    real = dict(lead.split("\n", 1) for lead in leads)
    outside = {path: to for path, to in real.items() if not f"{to}/".startswith(root)}
    return frozenset(real) - frozenset(outside), outside
