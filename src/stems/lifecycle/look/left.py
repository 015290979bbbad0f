"""What tools left on a node and noted there, compared in one cheap pass: a quick look, not a preview."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable

from stems.infrastructure.command import Command, Effect, script
from stems.infrastructure.probe import Section
from stems.infrastructure.shell import path_word
from stems.model.names import printable
from stems.model.node import Node, Privilege

# What coreutils and busybox add to a verdict on a file.
_EXPLAINED = re.compile(r": No such file or directory$|WARNING: .*(did NOT match|listed files? could not be read)$")
_HIDDEN = re.compile(r"sha256sum: (?:can't open ')?(.+?)'?: Permission denied")


def snippet(state: str, node: Node) -> str:
    """Every noted file that is no longer what it was. Files of root are read with sudo where that needs no password."""
    sudo = "sudo -n" if node.privilege is Privilege.SUDO else ""
    # Asked as the user first: sudo costs more than reading, and most of the time all is well and readable.
    return f"""
for noted in {path_word(state)}/left/*.sha256; do
  test -s "$noted" || continue
  said=$(sha256sum -c "$noted" 2>&1) && case $said in *WARNING*) ;; *) continue ;; esac
  case $noted in */ansible.sha256) as='{sudo}';; *) as='';; esac
  [ ! "$as" ] || said=$($as sha256sum -c "$noted" 2>&1)
  printf '%s\\n' "$said" | grep -v ': OK$'
done
:"""


def parse_left(section: Section) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The files that changed or are gone, and what could not be answered: that is never taken for in sync."""
    touched, unreadable = [], []
    for line in (printable(line) for line in section.text.splitlines() if line):
        path, found, verdict = line.rpartition(": ")
        if found and verdict.startswith("FAILED"):
            touched.append(path)
        elif not _EXPLAINED.search(line):
            unreadable.append(line)
    hidden = {match[1] for line in unreadable if (match := _HIDDEN.fullmatch(line))}
    return tuple(path for path in touched if path not in hidden), tuple(unreadable)


def forget_command(noted: str, paths: Iterable[str]) -> Command:
    """Takes `paths` out of what is noted, so that nobody misses them when a person removes them."""
    text = f"""
umask 077
noted={shlex.quote(noted)}
[ -f "$noted" ] || exit 0
new=$(mktemp "$noted.XXXXXX") || exit 1
while IFS= read -r line; do
  case ${{line#*  }} in {"|".join(map(shlex.quote, paths))}) ;; *) printf '%s\\n' "$line" ;; esac
done <"$noted" >"$new" && mv "$new" "$noted" || {{ rm -f "$new"; exit 1; }}
"""
    return script(text, Effect.WRITES)
