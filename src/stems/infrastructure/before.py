"""The before-state on a node: POSIX-sh text that keeps what is about to be replaced, and puts it back.

`keep` runs before the act, `seal` after it, `put_back` to take it back. Each is a piece of a larger script: it needs
no option of the shell, leaves nothing behind in it, and ends the script with status 1 when it cannot do its work.
In the folder each path has files named by the digest of the path: `.path`, `.content` (a copy), `.was` (its state,
written last), `.sealed` (its state after the act). They lie flat, because a small computer takes milliseconds to start
a program such as `mkdir`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from shlex import quote

LOOKING = r"""
fail() { printf '%s\n' "$1" >&2; exit 1; }

# Absent is only what can be seen to be absent: a folder that may not be searched hides what is in it.
is_absent() {
  if [ -e "$1" ] || [ -L "$1" ]; then return 1; fi
  above=$1
  until [ -e "$above" ] || [ -L "$above" ]; do
    case $above in /*) ;; */*) ;; *) above=.; break ;; esac
    above=${above%/*}; above=${above:-/}
  done
  [ ! -d "$above" ] || [ -x "$above" ] || fail "$1: permission denied"
}
"""
"""Functions for scripts that look at paths: `fail TEXT` and `is_absent PATH`."""

_STATE = (
    LOOKING
    + r"""
state_of() {
  if [ -L "$1" ]; then
    sum=$(readlink "$1" | sha256sum) && printf 'link %s\n' "${sum%% *}"
  elif [ -f "$1" ]; then
    meta=$(stat -c '%a %u:%g' "$1") && sum=$(sha256sum <"$1") && printf 'file %s %s\n' "$meta" "${sum%% *}"
  elif [ -d "$1" ]; then
    meta=$(stat -c '%a %u:%g' "$1") && printf 'dir %s\n' "$meta"
  elif is_absent "$1"; then
    echo absent
  else
    echo other
  fi
}

# Parents come first, so that `entries -r` gives what is in a folder before the folder.
entries() {
  for entry in "$folder"/*.was; do
    [ -s "$entry" ] || continue
    entry=${entry%.was}
    IFS= read -r path <"$entry.path" && printf '%s %s\n' "${entry##*/}" "$path"
  done | LC_ALL=C sort -k2 "$@"
}
"""
)

_KEEP = r"""
# Root keeps its copies in the folder of a user: what lies above them stays that user's.
make_folder() {
  [ -d "$1" ] && return
  make_folder "${1%/*}" && mkdir "$1" || return
  [ "$(id -u)" != 0 ] || [ "$1" = "$folder" ] || chown "$(stat -c '%u:%g' "${1%/*}")" "$1"
}

keep_one() {
  entry=$folder/$1
  [ ! -s "$entry.was" ] || return 0
  was=$(state_of "$2") && [ -n "$was" ] || fail "$2: cannot be read"
  case $was:$3 in
    file*|link*|dir*:whole)
      rm -rf "$entry.content" && cp -pPR "$2" "$entry.content" || fail "$2: cannot be kept in $folder" ;;
  esac
  printf '%s\n' "$2" >"$entry.path" && printf '%s\n' "$was" >"$entry.was" || fail "$folder: cannot be written"
}

umask 077
make_folder "$folder" || fail "$folder: cannot be made"
"""

_SEAL = r"""
[ -d "$folder" ] || exit 0
entries | while IFS= read -r line; do
  entry=$folder/${line%% *}
  case " $open " in *" ${line%% *} "*) continue ;; esac
  now=$(state_of "${line#* }") && [ -n "$now" ] || fail "${line#* }: cannot be read"
  printf '%s\n' "$now" >"$entry.sealed" || fail "$folder: cannot be written"
done
"""

_CHANGED = r"""
if is_absent "$folder"; then exit 0; fi
[ -d "$folder" ] && [ -r "$folder" ] && [ -x "$folder" ] || fail "$folder: cannot be read"
entries | while IFS= read -r line; do
  entry=$folder/${line%% *} path=${line#* }
  [ -s "$entry.sealed" ] || continue
  now=$(state_of "$path") && [ -n "$now" ] || fail "$path: cannot be read"
  IFS= read -r was <"$entry.was" && IFS= read -r sealed <"$entry.sealed" || exit 1
  case $now in "$was"|"$sealed") ;; *) printf 'changed %s\n' "$path" ;; esac
done || exit 1
"""

_PUT_BACK = r"""
clear_way() {
  if [ -d "$path" ] && [ ! -L "$path" ]; then rmdir "$path"; else rm -f "$path"; fi
}

# A private folder beside the path: the name of the copy cannot be taken by somebody else, and `mv` is one rename.
put_copy() {
  if [ -d "$path" ]; then clear_way || return; fi
  room=$(mktemp -d "${path%/*}/.stems.XXXXXX") || return
  if cp -pPR "$entry.content" "$room/content" && mv -f "$room/content" "$path"; then rmdir "$room"; return; fi
  rm -rf "$room"
  return 1
}

put_folder() {
  if [ -L "$path" ] || [ ! -d "$path" ]; then
    clear_way || return
    if [ -d "$entry.content" ]; then put_copy; return; fi
    mkdir "$path" || return
  fi
  meta=${was#dir }
  [ "$(id -u)" != 0 ] || chown "${meta#* }" "$path" || return
  chmod "${meta%% *}" "$path"
}

put_one() {
  now=$(state_of "$path") && [ -n "$now" ] || return
  [ "$now" != "$was" ] || return 0
  if [ -s "$entry.sealed" ]; then
    IFS= read -r sealed <"$entry.sealed" && [ "$now" = "$sealed" ] || return
  fi
  case $was in
    absent) clear_way ;;
    file*|link*) put_copy ;;
    dir*) put_folder ;;
  esac
  [ "$(state_of "$path")" = "$was" ]
}

put_all() {
  while IFS= read -r line; do
    entry=$folder/${line%% *} path=${line#* }
    IFS= read -r was <"$entry.was"
    case $1:$was in
      present:absent) continue ;;
      absent:absent|present:*) put_one || printf 'kept %s\n' "$path" ;;
    esac
  done
}

if is_absent "$folder"; then exit 0; fi
[ -d "$folder" ] && [ -r "$folder" ] && [ -x "$folder" ] || fail "$folder: cannot be read"
entries -r | put_all absent
entries | put_all present
"""


_BELOW = r"""
below() {
  for top in $tops; do
    if [ -e "$top" ] || [ -L "$top" ]; then find "$top" -print; else printf '%s\n' "$top"; fi
  done
}
entry_of() { sum=$(printf %s "$1" | sha256sum) && printf '%s\n' "${sum%% *}"; }
"""

_KEEP_BELOW = r"""
below | while IFS= read -r path; do keep_one "$(entry_of "$path")" "$path" itself; done || exit 1
"""

_REMOVE_NEW = r"""
below | LC_ALL=C sort -r | while IFS= read -r path; do
  [ ! -s "$folder/$(entry_of "$path").was" ] || continue
  if [ -d "$path" ] && [ ! -L "$path" ]; then rmdir "$path"; else rm -f "$path"; fi && printf '%s\n' "$path"
done
"""

_DIFFERING = r"""
entries | while IFS= read -r line; do
  path=${line#* }
  IFS= read -r was <"$folder/${line%% *}.was" && [ "$(state_of "$path")" = "$was" ] || printf '%s\n' "$path"
done
"""


def keep(folder: str, paths: Iterable[str], *, whole: Collection[str] = ()) -> str:
    """Copy each path into `folder`, absence included, unless the folder has it already from this deployment.

    A directory is kept as mode and owner; those in `whole` with all that is in them, for an act that removes it.
    """
    calls = [
        f"keep_one {_entry(path)} {quote(path)} {'whole' if path in whole else 'itself'}"
        for path in dict.fromkeys(_checked(path) for path in paths)
    ]
    return _piece(folder, _STATE + _KEEP + "\n".join(calls))


def keep_below(folder: str, tops: Iterable[str]) -> str:
    """Like `keep`, for each of `tops` and for whatever is below it on the node."""
    return _piece(folder, _tops(tops) + _STATE + _KEEP + _BELOW + _KEEP_BELOW)


def remove_new(folder: str, tops: Iterable[str]) -> str:
    """Remove what came below `tops` since `keep_below`, and print it."""
    return _piece(folder, _tops(tops) + _BELOW + _REMOVE_NEW)


def differing(folder: str) -> str:
    """Print each kept path that is not as it was kept."""
    return _piece(folder, _STATE + _DIFFERING)


def seal(folder: str, *, but: Iterable[str] = ()) -> str:
    """Note the state of each kept path after the act, so that a later edit is seen; those in `but` keep theirs."""
    left = " ".join(_entry(path) for path in but)
    return _piece(folder, f"open={quote(left)}\n{_STATE}{_SEAL}")


def changed_since(folder: str) -> str:
    """Print `changed PATH` for each path that is neither as it was kept nor as it was sealed."""
    return _piece(folder, _STATE + _CHANGED)


def parse_changed(output: str) -> tuple[str, ...]:
    return tuple(line.removeprefix("changed ") for line in output.splitlines() if line.startswith("changed /"))


def put_back(folder: str) -> str:
    """Give each path the state it had, unless it changed since `seal`; prints `kept PATH` for each that did."""
    return _piece(folder, _STATE + _PUT_BACK)


def parse_put_back(output: str) -> tuple[str, ...]:
    """The paths that `put_back` left as they are."""
    return tuple(line.removeprefix("kept ") for line in output.splitlines() if line.startswith("kept "))


def _tops(tops: Iterable[str]) -> str:
    """As one word, so that no path of them may have a space."""
    words = [_checked(top) for top in tops]
    if any(any(character.isspace() for character in word) for word in words):
        raise ValueError(f"a space in one of {words}")
    return f"tops={quote(' '.join(words))}\n"


def _entry(path: str) -> str:
    return hashlib.sha256(path.encode("utf-8", "surrogateescape")).hexdigest()


def _checked(path: str) -> str:
    if not path.startswith("/") or "\n" in path or "\0" in path:
        raise ValueError(f"not an absolute path on one line: {path!r}")
    return path


def _piece(folder: str, text: str) -> str:
    return f"(\nfolder={quote(_checked(folder))}\n{text}\n) || exit 1\n"
