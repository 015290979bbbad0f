"""What a node's clone looks like now, and what is in the way of another commit: one snippet and its parser."""

from __future__ import annotations

import hashlib
import stat
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from stems.errors import UnknownError
from stems.infrastructure.probe import Section
from stems.model.names import SHA, is_name, printable
from stems.tools.git.command import prelude
from stems.tools.git.repository import full


class Kind(Enum):
    """What lies at the path of the checkout."""

    ABSENT = "absent"
    EMPTY = "empty"
    FILE = "file"
    FOLDER = "folder"
    REPOSITORY = "repository"


@dataclass(frozen=True, slots=True)
class Edit:
    """A tracked file that differs from the commit that is checked out; an empty digest means that it is gone.

    `is_staged` when the index differs too, perhaps from both.
    """

    path: str
    digest: str
    is_staged: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """The checkout of a node as it was seen.

    `known` says that HEAD came from stems. `during` names an unfinished merge or rebase. `in_the_way` are paths that
    Git does not track and the target has; `locked` are folders that would have to change and cannot be written.
    """

    kind: Kind
    common: str = ""
    head: str = ""
    branch: str = ""
    known: bool = False
    during: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()
    in_the_way: tuple[str, ...] = ()
    locked: tuple[str, ...] = ()


_PLACE = r"""
if [ ! -e "$checkout" ] && [ ! -L "$checkout" ]; then
  above=$checkout
  until [ -e "$above" ] || [ -L "$above" ]; do above=${above%/*}; above=${above:-/}; done
  [ ! -d "$above" ] || [ -x "$above" ] || { echo "$above: permission denied" >&2; exit 1; }
  echo absent
  [ -d "$above" ] && [ -w "$above" ] || printf 'locked %s\n' "$above"
  echo end; exit 0
fi
if [ ! -d "$checkout" ]; then echo file; echo end; exit 0; fi
cd "$checkout" || exit 1
if [ ! -e .git ]; then
  inside=$(ls -A) || exit 1
  if [ -n "$inside" ]; then echo folder; else echo empty; fi
  [ -w . ] || printf 'locked %s\n' "$checkout"
  [ -z "$inside" ] || [ -z "$target" ] ||
    { run --git-dir="$repo" ls-tree -r -z --name-only "$target" || printf '\n\0'; } | xargs -0 sh -c '
      nl="
"
      for path do
        case $path in *"$nl"*) echo odd; continue ;; esac
        if [ -e "$path" ] || [ -L "$path" ]; then printf "way %s\n" "$path"; fi
        above=$path
        while :; do
          case $above in */*) above=${above%/*} ;; *) break ;; esac
          if [ -L "$above" ] || { [ -e "$above" ] && [ ! -d "$above" ]; }; then printf "way %s\n" "$above"; fi
          [ ! -d "$above" ] || [ -w "$above" ] || printf "locked %s\n" "$above"
        done
      done' sh || exit 1
  echo end; exit 0
fi
"""

DIGEST = r"""
digest_of() {
  if [ -L "$1" ]; then sum=$({ echo 120000; printf %s "$(readlink "$1")"; } | sha256sum)
  elif [ -d "$1" ]; then sum=$(echo 040000 | sha256sum)
  elif [ ! -e "$1" ]; then sum=-
  elif [ -x "$1" ]; then sum=$({ echo 100755; cat "$1"; } | sha256sum)
  else sum=$({ echo 100644; cat "$1"; } | sha256sum); fi
  printf "%s\n" "${sum%% *}"
}
"""
"""A shell function that prints the digest of a file with its mode, `-` for one that is not there."""

# `status` honours --no-optional-locks, so that looking changes nothing; `diff` writes the index (2.39).
_REPOSITORY = r"""
common=$(run rev-parse --git-common-dir) || exit 1
echo repository
printf 'common %s\n' "$(cd "$common" && pwd -P)"
head=$(run rev-parse -q --verify 'HEAD^{commit}') || head=
printf 'head %s\n' "$head"
printf 'branch %s\n' "$(run symbolic-ref -q HEAD)"
[ -w "$common" ] && [ -w "$common/objects" ] || printf 'locked %s\n' "$common"
if [ -n "$head" ] && run --git-dir="$repo" cat-file -e "$head^{commit}" 2>/dev/null; then echo known; fi
for mark in MERGE_HEAD CHERRY_PICK_HEAD REVERT_HEAD rebase-merge rebase-apply; do
  [ ! -e "$(run rev-parse --git-path "$mark")" ] || printf 'during %s\n' "$mark"
done
each() { xargs -0 sh -c "$1
nl='
'
for path do case \$path in *\"\$nl\"*) echo odd; continue ;; esac; one \"\$path\" || exit 255; done" sh; }
"""

_EDITS = (
    r"""
if [ -n "$head" ]; then
  { run status --porcelain=v1 -z --no-renames --untracked-files=no --ignore-submodules=all || printf '\n\0'; } | each '
"""
    + DIGEST
    + r"""
    one() {
      case $1 in A*|?A*) return 0 ;; " "*) ;; *) printf "staged %s\n" "${1#???}" ;; esac
      set -- "${1#???}"
      if [ -f "$1" ] && [ ! -r "$1" ]; then printf "locked %s\n" "$1"
      else printf "edit %s %s\n" "$(digest_of "$1")" "$1"; fi
      above=$1
      case $above in */*) above=${above%/*} ;; *) above=. ;; esac
      [ ! -d "$above" ] || [ -w "$above" ] || printf "locked %s\n" "$above"
    }' || exit 1
fi
"""
)

_BLOCKERS = r"""
from=${head:-$(run hash-object -t tree /dev/null)}
if [ -n "$known" ]; then
  compare() { run --git-dir="$repo" diff-tree -r -z --name-only --no-renames "$@" "$from" "$target" || printf '\n\0'; }
  compare --diff-filter=A | each '
    tracked() { git -c core.fsmonitor=false --literal-pathspecs ls-files "$@"; }
    one() {
      if [ -d "$1" ] && [ ! -L "$1" ]; then
        inside=$(tracked --others -- "$1") || return
        [ -z "$inside" ] || printf "way %s\n" "$1"
      elif [ -e "$1" ] || [ -L "$1" ]; then printf "way %s\n" "$1"; fi
      above=$1
      while :; do
        case $above in */*) above=${above%/*} ;; *) return 0 ;; esac
        if [ -L "$above" ] || { [ -e "$above" ] && [ ! -d "$above" ]; }; then
          tracked --error-unmatch -- "$above" >/dev/null 2>&1 || printf "way %s\n" "$above"
        fi
      done
    }' || exit 1
  compare | each '
    one() {
      above=$1
      while :; do
        case $above in */*) above=${above%/*} ;; *) above=. ;; esac
        [ ! -e "$above" ] || break
      done
      [ ! -d "$above" ] || { [ -w "$above" ] && [ -x "$above" ]; } || printf "locked %s\n" "$above"
    }' || exit 1
fi
"""


def look(checkout: str, state: str, *, target: str = "") -> str:
    """A reading script for a node. With a target, that is staged there, it also says what is in its way."""
    start = prelude(checkout=checkout, repo=f"{state}/repo.git", target=full(target) if target else "")
    # Without a head that the node's own repository knows there is nothing that could be compared.
    known = 'known=; if [ -z "$head" ] || run --git-dir="$repo" cat-file -e "$head" 2>/dev/null; then known=yes; fi\n'
    blockers = known + _BLOCKERS if target else ""
    return start + _PLACE + _REPOSITORY + _EDITS + blockers + "echo end\n"


def parse_look(place: str, section: Section) -> State:
    """The state of a checkout. What cannot be read is an error, never absent."""
    first, *lines = section.text.strip("\n").split("\n")
    kinds = {kind.value: kind for kind in Kind}
    if section.status != 0 or first not in kinds or not lines or lines[-1] != "end":
        raise unreadable(place, section.text)
    found: dict[str, list[str]] = {}
    for line in lines[:-1]:
        word, _, rest = line.partition(" ")
        found.setdefault(word, []).append(rest)
    head = found.get("head", [""])[0]
    unexpected = set(found) - {"common", "head", "branch", "known", "during", "edit", "staged", "way", "locked"}
    if unexpected or (head and not is_name(SHA, head)) or "\ufffd" in section.text:
        raise unreadable(place, section.text)
    return State(
        kinds[first],
        common=found.get("common", [""])[0],
        head=head,
        branch=printable(found.get("branch", [""])[0]),
        known="known" in found,
        during=_sorted(found, "during"),
        edits=_edits(found),
        in_the_way=_sorted(found, "way"),
        locked=_sorted(found, "locked"),
    )


def _edits(found: dict[str, list[str]]) -> tuple[Edit, ...]:
    pairs = (entry.partition(" ") for entry in found.get("edit", []))
    edits = sorted({(path, digest) for digest, _, path in pairs})
    staged = set(found.get("staged", []))
    return tuple(Edit(path, "" if digest == "-" else digest, path in staged) for path, digest in edits)


def _sorted(found: dict[str, list[str]], word: str) -> tuple[str, ...]:
    return tuple(sorted({printable(entry) for entry in found.get(word, [])}))


def unreadable(place: str, said: str) -> UnknownError:
    return UnknownError(
        f"{place}: the checkout cannot be read",
        said=printable(said),
        remedy=f"see what `git status` says in it on {place}",
    )


def digest_of(path: Path) -> str:
    """The digest of a file of a tree as `look` computes it on a node: mode and content, empty for absent."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return ""
    if stat.S_ISLNK(mode):
        content = b"120000\n" + bytes(path.readlink())
    elif stat.S_ISDIR(mode):
        content = b"040000\n"
    else:
        content = (b"100755\n" if mode & stat.S_IXUSR else b"100644\n") + path.read_bytes()
    return hashlib.sha256(content).hexdigest()
