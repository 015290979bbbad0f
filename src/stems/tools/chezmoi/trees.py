"""The before-state of what externals bring: POSIX-sh text that keeps whole folders, and puts them back.

One external may hold thousands of files, so each is copied and compared as one, by the digest of a list of all that is
in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from shlex import quote

from stems.infrastructure.before import LOOKING

_STATE = (
    LOOKING
    + r"""
tree_of() {
  if is_absent "$1"; then echo absent; return; fi
  find "$1" -exec stat -c '%A %u:%g %N' {} + >"$trees/list" && find "$1" -type f -exec sha256sum {} + >>"$trees/list" ||
    fail "$1: cannot be read"
  LC_ALL=C sort "$trees/list" | sha256sum
}
"""
)

_KEEP = r"""
umask 077
mkdir -p "$trees" || fail "$trees: cannot be made"
keep_tree() {
  entry=$trees/$1
  [ ! -s "$entry.was" ] || return 0
  was=$(tree_of "$2") || exit 1
  rm -rf "$entry.content"
  [ "$was" = absent ] || cp -pPR "$2" "$entry.content" || fail "$2: cannot be kept in $trees"
  printf '%s\n' "$2" >"$entry.path" && printf '%s\n' "$was" >"$entry.was" || fail "$trees: cannot be written"
}
"""

_EACH = r"""
for entry in "$trees"/*.was; do
  [ -s "$entry" ] || continue
  entry=${entry%.was}
  IFS= read -r path <"$entry.path" && now=$(tree_of "$path") && [ -n "$now" ] || exit 1
"""

_SEAL = (
    _EACH
    + r"""
  printf '%s\n' "$now" >"$entry.sealed" || fail "$trees: cannot be written"
done
"""
)

# A private folder beside the path: the copy is whole before what is there goes.
_PUT_BACK = (
    _EACH
    + r"""
  IFS= read -r was <"$entry.was" || exit 1
  [ "$now" != "$was" ] || continue
  if [ -s "$entry.sealed" ]; then
    IFS= read -r sealed <"$entry.sealed" || exit 1
    [ "$now" = "$sealed" ] || { printf 'kept %s\n' "$path"; continue; }
  fi
  if [ "$was" = absent ]; then rm -rf "$path"; else
    room=$(mktemp -d "${path%/*}/.stems.XXXXXX") && cp -pPR "$entry.content" "$room/content" && rm -rf "$path" &&
      mv "$room/content" "$path" && rmdir "$room" || fail "$path: cannot be put back"
  fi
  [ "$(tree_of "$path")" = "$was" ] || printf 'kept %s\n' "$path"
done
"""
)


def keep_trees(folder: str, paths: Iterable[str]) -> str:
    """Copy what is at each path into `folder`, absence included, unless it is there from this deployment."""
    calls = [f"keep_tree {hashlib.sha256(path.encode()).hexdigest()} {quote(path)}" for path in paths]
    return _piece(folder, "\n".join([_KEEP, *calls])) if calls else ""


def seal_trees(folder: str) -> str:
    """Note what is there after the act, so that a later edit is seen."""
    return _piece(folder, _SEAL)


def put_back_trees(folder: str) -> str:
    """Give each path what it held, unless it changed since; prints `kept PATH` for each that did."""
    return _piece(folder, _PUT_BACK)


def _piece(folder: str, text: str) -> str:
    return f"(\ncd / && trees={quote(folder)} || exit 1\n{_STATE}{text}\n) || exit 1\n"
