"""Before chezmoi overwrites what it would not ask about: whether that is still what was compared, as POSIX-sh text.

chezmoi stops at what was edited since it wrote it. It says nothing of what it never wrote, and an approved conflict is
answered whatever is there by then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from shlex import quote

from stems.model.change import Change
from stems.tools.chezmoi.changes import NOT_OURS
from stems.tools.chezmoi.contents import CONVERTED

# The digest of a change: of the mode as a diff shows it, and of the digest of Git with the key of the node. Some
# versions show no mode below those that Git knows. Of a link or directory that becomes a file it cannot be told here.
COMPARED = r"""
changed() {
  [ "$ended" = 0 ] || return 0
  ended=1
  printf '%s\n' "$1" "$conflict" >&2
}
is_new() { [ ! -e "$1" ] && [ ! -L "$1" ] || changed "$1"; }
is_same() {
  [ ! -L "$1" ] && [ ! -d "$1" ] || return 0
  [ -f "$1" ] || { changed "$1"; return; }
  sum=$({ printf 'blob %s\0' "$(($(wc -c <"$1")))"; cat "$1"; } | sha1sum)
  keyed=$({ cat "$key"; printf %s "${sum%% *}"; } | sha256sum)
  mode=$(stat -c %a "$1")
  for bits in 0100000 0100644 0100755; do
    shown=$(printf %o "$(((bits | 0$mode) & 0100777))")
    for content in "${keyed%% *}" ''; do
      now=$(printf '%s\0%s' "$shown" "$content" | sha256sum)
      [ "${now%% *}" != "$2" ] || return 0
    done
  done
  changed "$1"
}
"""


def still_compared(paths: Mapping[Change, str]) -> Iterator[str]:
    """Calls that end in a conflict where something came, or is another one than was approved."""
    for change, path in paths.items():
        if change.action == "create" and change.resource.startswith(("file:", "link:")):
            yield f"is_new {quote(path)}"
        elif change.before and change.resource.startswith("file:") and _is_given_up(change):
            yield f"is_same {quote(path)} {quote(change.before)}"


def _is_given_up(change: Change) -> bool:
    notes = change.note.split("; ")
    return (change.by_hand or NOT_OURS in notes) and CONVERTED not in notes
