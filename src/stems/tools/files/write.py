"""The script that makes changes in a home: whole files only, and nothing outside the home."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from shlex import quote

from stems.infrastructure.before import LOOKING, keep, seal
from stems.model.change import ADOPT
from stems.tools.files.compare import Difference
from stems.tools.files.home import TOOL, manifest_of
from stems.tools.files.render import Wanted
from stems.tools.files.state import Kind, Manifest, format_left, format_manifest
from stems.tools.homes import Home

_WRITE = r"""
umask 077
cd "$home" || fail "$home: cannot be entered"
root=$(pwd -P) && root=${root%/}
room= room_of= contained=.
trap '[ -z "$room" ] || rm -rf "$room"' EXIT
trap 'exit 1' HUP INT TERM

# Written through a directory that leads out of the home, a file could land anywhere.
contain() {
  case $1 in */*) folder=${1%/*} ;; *) folder=. ;; esac
  [ "$folder" != "$contained" ] || return 0
  real=$(cd -P "./$folder" 2>/dev/null && pwd -P) || fail "$home/$folder: cannot be entered"
  case $real/ in "$root"/*) ;; *) fail "$home/$folder: leads out of the home, to $real" ;; esac
  contained=$folder
}

leave_room() {
  [ -z "$room" ] || rmdir "$room" || fail "$home/$room_of: cannot be written"
  room=
}

# A private folder beside the path: its name cannot be taken by somebody else, and `mv` is one rename. It serves for
# every file of that directory.
make_room() {
  contain "$1"
  [ -z "$room" ] || [ "$room_of" != "$folder" ] || return 0
  leave_room
  room_of=$folder
  room=$(mktemp -d "./$folder/.stems.XXXXXX") || fail "$home/$1: cannot be written"
}

# `mv` would put it into a directory, or into what a symlink to a directory leads to.
swap() {
  if [ -L "./$1" ]; then [ ! -d "./$1" ] || rm -f "./$1"
  elif [ -d "./$1" ]; then rmdir "./$1" || fail "$home/$1: a directory with something in it"; fi
  mv -f "$room/new" "./$1" || fail "$home/$1: cannot be written"
}

put_file() {
  make_room "$1"
  printf %s "$3" | base64 -d >"$room/new" && chmod "$2" "$room/new" || fail "$home/$1: cannot be written"
  swap "$1"
}

put_link() {
  make_room "$1"
  ln -s "$2" "$room/new" || fail "$home/$1: cannot be written"
  swap "$1"
}

put_folder() {
  contain "$1"
  if [ -L "./$1" ] || [ ! -d "./$1" ]; then rm -f "./$1" && mkdir "./$1" || fail "$home/$1: cannot be made"; fi
  chmod "$2" "./$1" || fail "$home/$1: cannot be made"
}

set_mode() {
  contain "$1"
  [ ! -L "./$1" ] && chmod "$2" "./$1" || fail "$home/$1: its mode cannot be set"
}

remove() {
  contain "$1"
  if [ -d "./$1" ] && [ ! -L "./$1" ]; then rmdir "./$1"; else rm -f "./$1"; fi || fail "$home/$1: cannot be removed"
}

remember() {
  mkdir -p "${1%/*}" && printf %s "$2" >"$1.new" && mv -f "$1.new" "$1" || fail "$1: cannot be written"
}
"""


def write_script(
    home: Home, differences: Iterable[Difference], *, entries: Wanted, manifest: Manifest, deployment: str
) -> str:
    """Keep the before-state, act, remember what was written, seal.

    The braces make the shell read the whole script before it starts: after a lost connection, half of one does nothing
    at all.
    """
    todo = tuple(differences)
    left = home.left(TOOL)
    notes = [manifest_of(home), *([left] if left else [])]
    before = home.before(deployment, TOOL)
    texts = [format_manifest(manifest), format_left(home.path, manifest)]
    lines = [
        f"home={quote(home.path)}",
        keep(before, [*(f"{home.path}/{difference.path}" for difference in todo), *notes]),
        LOOKING + _WRITE,
        *(_line(difference, entries) for difference in in_order(todo)),
        "leave_room",
        *(f"remember {quote(note)} {quote(text)}" for note, text in zip(notes, texts, strict=False)),
        seal(before),
    ]
    return "{\n" + "\n".join(lines) + "\nexit 0\n}\n"


def in_order(differences: Iterable[Difference]) -> list[Difference]:
    """Removals first, the inner ones before the outer; then the outer ones before the inner."""
    todo = sorted(differences, key=lambda difference: difference.path)
    removals = [difference for difference in reversed(todo) if difference.action == "remove"]
    return removals + [difference for difference in todo if difference.action != "remove"]


def _line(difference: Difference, entries: Wanted) -> str:
    path, after = quote(difference.path), difference.after
    if difference.action == ADOPT:
        return ":"
    if difference.action == "remove":
        return f"remove {path}"
    if difference.action == "mode":
        return f"set_mode {path} {after.mode}"
    if after.kind is Kind.DIR:
        return f"put_folder {path} {after.mode or '755'}"
    content = entries[difference.path].content
    if after.kind is Kind.LINK:
        return f"put_link {path} {quote(content.decode('utf-8', 'surrogateescape'))}"
    return f"put_file {path} {after.mode} {base64.b64encode(content).decode()}"
