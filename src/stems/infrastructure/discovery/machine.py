"""The machine itself: name, operating system, architecture, processors and memory."""

from __future__ import annotations

from stems.infrastructure.discovery.said import GIB, MIB, number, one, said
from stems.model.truth import UNKNOWN, Fact

# What the kernel keeps for itself is in no MemTotal and changes with the kernel; its blocks of memory are what is
# installed. Not every kernel tells them.
SNIPPET = """
set -- $(uname -n -r -m); echo "hostname=$1"; echo "kernel=$2"; echo "arch=$3"
sed -n 's/^PRETTY_NAME=/os=/p' /etc/os-release
echo "cpus=$(getconf _NPROCESSORS_ONLN 2>/dev/null || nproc)"
sed -n 's/^model name[[:space:]]*:/cpu=/p' /proc/cpuinfo | sort -u
if command -v lscpu >/dev/null 2>&1; then lscpu | sed -n 's/^ *Model name:/lscpu=/p'; fi
while read -r name value _; do case $name in MemTotal:) echo "memory=$value";; esac; done </proc/meminfo
memory=/sys/devices/system/memory
if test -r $memory/block_size_bytes; then
  echo "block=$(cat $memory/block_size_bytes)"
  echo "blocks=$(cat $memory/memory*/state 2>/dev/null | grep -c '^online')"
fi
exit 0
"""

_ARCHITECTURES = {
    "amd64": "x86_64", "aarch64": "arm64", "armv7l": "armv7", "armv6l": "armv6", "i486": "i386", "i586": "i386",
    "i686": "i386",
}  # fmt: skip
_STEP = 64 * MIB


def architecture(text: str) -> Fact[str]:
    """As `arch` of a node names it."""
    found = one(text, "arch")
    return UNKNOWN if found is UNKNOWN else _ARCHITECTURES.get(found, found)


def operating_system(text: str) -> Fact[str]:
    found = one(text, "os")
    return UNKNOWN if found is UNKNOWN else found.strip("\"' ") or UNKNOWN


def processors(text: str) -> Fact[int]:
    return number(one(text, "cpus")) or UNKNOWN


def processor(text: str) -> Fact[str]:
    """What its processors are called; those that are made of two kinds have two names."""
    names = sorted(set(said(text, "cpu")) or set(said(text, "lscpu")) - {"-"})
    return ", ".join(names) or UNKNOWN


def memory(text: str) -> Fact[int]:
    """What is installed, as far as it can be told: the next G above what the kernel hands out, or its blocks."""
    total = number(one(text, "memory"))
    if total is UNKNOWN or not total:
        return UNKNOWN
    total *= 1024
    blocks = _blocks(text)
    # Blocks that were taken out or lie elsewhere would say anything.
    found = blocks if total <= blocks <= 2 * total else total
    step = GIB if found >= GIB else _STEP
    return -(-found // step) * step


def _blocks(text: str) -> int:
    count, size = number(one(text, "blocks")), one(text, "block")
    if count is UNKNOWN or size is UNKNOWN:
        return 0
    try:
        return count * int(size, 16)
    except ValueError:
        return 0
