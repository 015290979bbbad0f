"""Disks, and what is mounted where."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from stems.infrastructure.discovery.said import nearest, number, tidy
from stems.model.names import is_node_path
from stems.model.truth import REMOTE, UNKNOWN, Disk, Fact, MountPoint

DISKS = """
cd /sys/block || exit 1
for name in *; do
  case $name in
    [*]|loop*|ram*|zram*|dm-*|md*|sr*|fd*|nbd*|rbd*|drbd*|zd*|mtdblock*|*boot[0-9]|*rpmb) continue;;
  esac
  size='' removable='' model=''
  read -r size <"$name/size" || continue
  read -r removable <"$name/removable"
  for file in "$name/device/model" "$name/device/name"; do
    if test -z "$model" && test -r "$file"; then read -r model <"$file"; fi
  done
  printf '%s\\t%s\\t%s\\t%s\\n' "$name" "$size" "$removable" "$model"
done 2>/dev/null
exit 0
"""

# Only what lies on a disk is asked for its size: a share whose server is gone would be waited for.
MOUNTS = """
set -- /
while read -r source path kind _; do
  printf '%s\\t%s\\t%s\\n' "$source" "$path" "$kind"
  case $source:$path in
    *\\\\*|/dev/loop*|/dev/*:/|/dev/*:/etc/*|/dev/*:/var/lib/docker/*) ;;
    /dev/*) set -- "$@" "$path";;
  esac
done </proc/mounts
df -Pk "$@" 2>/dev/null | while read -r _ total _ _ _ path; do
  case $total in ''|*[!0-9]*) ;; *) printf 'size\\t%s\\t%s\\n' "$total" "$path";; esac
done
exit 0
"""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9!_.:-]{0,63}")
_SECTOR = 512
_OTHER_DISKS = frozenset({"zfs", "fuse.mergerfs", "bcachefs", "btrfs"})
# Parts of a disk that Docker, snapd and desktops mount for a time, and the files that a container is given.
_PASSING = re.compile(r"/(?:var/lib/(?:docker|containers|kubelet)|var/snap|snap|run|proc|sys|dev|tmp)/.*")
_OF_CONTAINERS = frozenset({"/etc/hosts", "/etc/hostname", "/etc/resolv.conf"})
_OCTAL = re.compile(r"\\([0-7]{3})")


def disks(text: str) -> tuple[Disk, ...]:
    return tuple(sorted(_disks(text), key=lambda disk: disk.name))


def _disks(text: str) -> Iterator[Disk]:
    for line in text.splitlines():
        name, *rest = line.split("\t")
        sectors = number(rest[0]) if len(rest) == 3 else UNKNOWN
        # A reader of cards has the size 0 while no card is in it.
        if _NAME.fullmatch(name) and sectors is not UNKNOWN and sectors:
            yield Disk(name, nearest(sectors * _SECTOR), tidy(rest[2]) or UNKNOWN, rest[1] == "1")


def mounts(text: str) -> Fact[tuple[MountPoint, ...]]:
    """What is mounted for long; what is mounted last at a path is what is seen there."""
    rows = [line.split("\t") for line in text.splitlines()]
    sizes = {row[2]: number(row[1]) for row in rows if len(row) == 3 and row[0] == "size"}
    found = {one.path: one for row in rows if len(row) == 3 and row[0] != "size" for one in _mount(row, sizes)}
    # Without its root the answer is not whole.
    return tuple(found[path] for path in sorted(found)) if "/" in found else UNKNOWN


def _mount(row: list[str], sizes: Mapping[str, Fact[int]]) -> Iterator[MountPoint]:
    source, path, kind = tidy(_plain(row[0])), _plain(row[1]), tidy(row[2])
    if is_node_path(path) and source and kind and _lasts(source, path, kind):
        # Data sets of ZFS share what is free, so that their size changes with each other's content.
        yield MountPoint(path, source, kind, UNKNOWN if kind == "zfs" else _rounded(sizes.get(path, UNKNOWN)))


def _rounded(size: Fact[int]) -> Fact[int]:
    return nearest(size * 1024) if size is not UNKNOWN and size else UNKNOWN


def _lasts(source: str, path: str, kind: str) -> bool:
    if path == "/":
        return True
    if path in _OF_CONTAINERS or _PASSING.fullmatch(path):
        return False
    return kind in REMOTE or kind in _OTHER_DISKS or (source.startswith("/dev/") and not source.startswith("/dev/loop"))


def _plain(text: str) -> str:
    """The text that the kernel wrote with spaces and tabs as octal numbers."""
    return _OCTAL.sub(lambda found: chr(int(found[1], 8)), text)
