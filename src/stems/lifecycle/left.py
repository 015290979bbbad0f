"""What tools left on a node and noted there, compared in one cheap pass: a quick look, not a preview."""

from __future__ import annotations

from stems.infrastructure.probe import Section
from stems.infrastructure.shell import path_word
from stems.model.names import printable
from stems.model.node import Node, Privilege

_UNREADABLE = "Permission denied"


def snippet(state: str, node: Node) -> str:
    """Every noted file that is no longer what it was. Files of root are read with sudo where that needs no password."""
    sudo = "sudo -n" if node.privilege is Privilege.SUDO else ""
    return f"""
for noted in {path_word(state)}/left/*.sha256; do
  test -e "$noted" || continue
  case $noted in */ansible.sha256) as='{sudo}';; *) as='';; esac
  $as sha256sum -c "$noted" 2>&1 | grep -v ': OK$'
done
:"""


def parse_left(section: Section) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The files that changed or are gone, and those that could not be read."""
    lines = [printable(line) for line in section.text.splitlines() if line]
    unreadable = tuple(line for line in lines if _UNREADABLE in line or line.startswith("sudo:"))
    hidden = {line.split(": ")[1] for line in unreadable if line.count(": ") > 1}
    touched = tuple(
        path
        for path, found, verdict in (line.rpartition(": ") for line in lines)
        if found and verdict.startswith("FAILED")
    )
    return tuple(path for path in touched if path not in hidden), unreadable
