"""What a node says of itself: the first section of every probe."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stems.errors import UnknownError
from stems.model.names import MACHINE_ID, is_name, is_node_path, printable

# Whatever the shell can do itself costs the node no process: three nodes on one machine are asked at once.
SNIPPET = """
echo "machine_id=$(cat /etc/machine-id 2>/dev/null || cat /var/lib/dbus/machine-id 2>/dev/null)"
echo "home=$HOME"
echo "user=$(id -un)"
set -- $(uname -n -m); echo "hostname=$1"; echo "arch=$2"
echo "clock=$(date +%s)"
echo "git=$(git --version 2>/dev/null)"
if test -r /proc/uptime; then read -r up _ </proc/uptime; echo "uptime=$up"; fi
if test -r /proc/loadavg; then read -r load _ </proc/loadavg; echo "load=$load"; fi
while read -r name value _; do
  case $name in MemTotal:) echo "memory_total=$value";; MemAvailable:) echo "memory_available=$value";; esac
done </proc/meminfo
df -Pk / | while read -r _ total _ free _; do
  case $total in *[!0-9]*) ;; *) echo "disk_total=$total"; echo "disk_free=$free";; esac
done
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a node said of itself; sizes in bytes, times in seconds. `git` is empty when Git is missing."""

    machine_id: str
    home: str
    user: str
    hostname: str
    arch: str
    clock: int
    git: str
    uptime: float
    load: float
    memory_total: int
    memory_available: int
    disk_total: int
    disk_free: int


def parse_facts(place: str, text: str) -> Facts:
    """Facts from the snippet's output. A node without machine-id or home is unknown: it cannot be told from another."""
    said = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    said = {key: value.strip() if key == "home" else printable(value.strip()) for key, value in said.items()}
    try:
        facts = Facts(
            machine_id=said["machine_id"],
            home=said["home"],
            user=said["user"],
            hostname=said["hostname"],
            arch=said["arch"],
            clock=_whole(said["clock"]),
            git=said["git"].removeprefix("git version ").split(" ")[0],
            uptime=_decimal(said.get("uptime", "0")),
            load=_decimal(said.get("load", "0")),
            memory_total=_whole(said["memory_total"]) * 1024,
            memory_available=_whole(said["memory_available"]) * 1024,
            disk_total=_whole(said["disk_total"]) * 1024,
            disk_free=_whole(said["disk_free"]) * 1024,
        )
    except (KeyError, ValueError) as error:
        raise UnknownError(
            f"{place}: facts cannot be read ({error})", said=text, remedy="run the probe by hand"
        ) from None
    if not is_name(MACHINE_ID, facts.machine_id) or not is_node_path(facts.home) or not facts.home.startswith("/"):
        raise UnknownError(
            f"{place}: has no machine-id or no home, so it cannot be told from another node",
            remedy="run `systemd-machine-id-setup` on it",
        )
    return facts


_WHOLE = re.compile(r"[0-9]{1,18}")
_DECIMAL = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?")


def _whole(text: str) -> int:
    return int(_required(_WHOLE, text))


def _decimal(text: str) -> float:
    return float(_required(_DECIMAL, text))


def _required(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError(f"not a number: {text[:20]}")
    return text
