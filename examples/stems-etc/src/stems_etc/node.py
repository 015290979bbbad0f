"""The node's side: what is there, and the scripts that look and write. What cannot be read is never absent."""

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from shlex import quote

from stems.errors import ToolError
from stems.infrastructure.before import LOOKING, keep, seal
from stems.infrastructure.command import Effect, script
from stems.model.names import is_node_path, printable
from stems.tools.base import Site
from stems.tools.redact import redacted
from stems_etc.source import META, NAME, File

_LINE = re.compile(r"(left|file|absent|other) (\S+) (\S+) (/etc/\S+)")

_LOOK = r"""
left=
if ! is_absent "$noted"; then left=$(cat "$noted") || fail "$noted: cannot be read"; fi
[ -z "$left" ] || printf '%s\n' "$left" | sed 's/^\([0-9a-f]*\)  /left - \1 /'
{ printf '%s\n' "$wanted"; printf '%s\n' "$left" | sed 's/^[0-9a-f]*  //'; } | LC_ALL=C sort -u |
while IFS= read -r path; do
  if [ -z "$path" ]; then continue
  elif [ -L "$path" ]; then echo "other - - $path"
  elif [ -f "$path" ]; then
    meta=$(stat -c %a:%u:%g "$path") && content=$(base64 <"$path") || fail "$path: cannot be read"
    echo "file $meta =$(printf %s "$content" | tr -d '\n') $path"
  elif is_absent "$path"; then echo "absent - - $path"
  else echo "other - - $path"; fi
done || exit 1
echo end
"""

# Whole files only: written beside the path, then renamed. What root notes in the state of a user stays that user's.
_WRITE = r"""
umask 022
put() {
  [ ! -d "$1" ] && mkdir -p "${1%/*}" && new=$(mktemp "${1%/*}/.stems.XXXXXX") || fail "$1: cannot be written"
  printf %s "$2" | base64 -d >"$new" && chmod 644 "$new" && mv -f "$new" "$1" && return
  rm -f "$new"; fail "$1: cannot be written"
}
note() {
  mkdir -p "${1%/*}" && printf %s "$2" >"$1.new" && chown "$(stat -c %u:%g "$state")" "${1%/*}" "$1.new" &&
    mv -f "$1.new" "$1" || fail "$1: cannot be written"
}
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is at each path, None for nothing, and the digest of what this tool last left there."""

    now: Mapping[str, File | None] = field(default_factory=dict)
    left: Mapping[str, str] = field(default_factory=dict)

    def by_hand(self, path: str) -> bool:
        """Whether a path is not as it was left."""
        now = self.now[path]
        return (now.sha if now else None) != self.left.get(path) or (now is not None and now.meta != META)


def observe(site: Site, wanted: Collection[str]) -> Seen:
    """Raises `ToolError` when the node did not tell everything."""
    values = f"noted={quote(site.left(NAME))} wanted={quote(chr(10).join(wanted))}\n"
    said = run(site, values + LOOKING + _LOOK, Effect.READS)
    try:
        return parse_look(said, wanted)
    except ValueError as error:
        remedy = f"see what is there on {site.node.name}"
        raise ToolError(f"{site.node.name}: /etc cannot be read: {error}", remedy=remedy) from None


def parse_look(said: str, wanted: Iterable[str]) -> Seen:
    """Raises `ValueError` for what is not whole, or not understood."""
    *lines, end = said.splitlines() or [""]
    now: dict[str, File | None] = {}
    left: dict[str, str] = {}
    for line in lines:
        found = _LINE.fullmatch(line)
        if not found or found[1] == "other" or not is_node_path(found[4]):
            raise ValueError(f"{printable(line[:80])}: not a plain file")
        kind, meta, value, path = found.groups()
        if kind == "left":
            left[path] = value
        else:
            now[path] = File(base64.b64decode(value[1:], validate=True), meta) if kind == "file" else None
    if end != "end" or not {*wanted, *left} <= now.keys():
        raise ValueError("the answer is not whole")
    return Seen(now, left)


def write_script(site: Site, before: str, todo: Mapping[str, File | None], left: Mapping[str, str]) -> str:
    """Keep the before-state, act, note what is left, seal.

    The braces make the shell read all of it first: half a script, after a lost connection, does nothing.
    """
    folders = {str(folder) for path in todo for folder in PurePosixPath(path).parents} - {"/", "/etc"}
    noted = "".join(f"{sha}  {path}\n" for path, sha in sorted(left.items()))
    lines = [
        keep(before, [*sorted(folders), *todo, site.left(NAME)]),
        f"state={quote(site.state)}\n{LOOKING}{_WRITE}",
        *(_act(path, file) for path, file in todo.items()),
        f"note {quote(site.left(NAME))} {quote(noted)}",
        seal(before),
    ]
    return "{\n" + "\n".join(lines) + "\nexit 0\n}\n"


def _act(path: str, file: File | None) -> str:
    if file is None:
        return f"rm -f {quote(path)} || fail {quote(path)}': cannot be removed'"
    return f"put {quote(path)} {base64.b64encode(file.content).decode()}"


def run(site: Site, text: str, effect: Effect) -> str:
    """As root. What the script said last is what was wrong."""
    result = site.runner.run(script(text, effect, timeout=60, account="root"))
    if result.ok:
        return result.text
    said = printable(redacted(result.errors)).strip().splitlines() or [f"a script ended with {result.status}"]
    remedy = f"mend it on {site.node.name}, then run `stems plan`"
    raise ToolError(f"{site.node.name}: {said[-1]}", said="\n".join(said[:-1]), remedy=remedy)
