"""Graphics processors, and devices that a container may be given."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.infrastructure.discovery.said import said, tidy
from stems.model.names import is_node_path
from stems.model.truth import DEVICES, UNKNOWN, Fact, Gpu

# `lspci` only brings names: the kernel itself lists what is there, and whoever cannot see that list knows nothing.
GPU = """
PATH=$PATH:/usr/sbin:/sbin
for folder in /sys/bus/pci/devices /sys/class/drm /proc/driver/nvidia/gpus; do
  if test -d $folder; then echo "seen=$folder"; fi
done
for folder in /sys/bus/pci/devices/*; do
  class=; read -r class <"$folder/class" || continue
  case $class in
    0x03*) read -r vendor <"$folder/vendor"; read -r device <"$folder/device"
      echo "pci=${folder##*/} $vendor $device";;
  esac
done 2>/dev/null
for file in /proc/driver/nvidia/gpus/*/information; do
  folder=${file%/*}
  if test -r "$file"; then echo "nvidia=${folder##*/} $(sed -n 's/^Model:[[:space:]]*//p' "$file")"; fi
done
for card in /sys/class/drm/renderD*; do
  case $(readlink "$card/device/subsystem") in
    */pci|'') ;;
    *) driver=$(readlink "$card/device/driver"); echo "soc=${driver##*/}";;
  esac
done
if test -e /dev/nvhost-gpu; then echo soc=nvgpu; fi
if command -v lspci >/dev/null 2>&1; then lspci -Dmm 2>/dev/null | sed 's/^/lspci=/'; fi
exit 0
"""

DEVICE_PATHS = f"""
for path in {" ".join(DEVICES)}; do
  if test -e "$path"; then printf '%s\\n' "$path"; fi
done
exit 0
"""

_PCI = re.compile(r"(?P<slot>[0-9a-f:.]+) 0x(?P<vendor>[0-9a-f]{4}) 0x(?P<device>[0-9a-f]{4})")
_NAMED = re.compile(r'(?P<slot>[0-9a-f:.]+) "[^"]*" "(?P<vendor>[^"]*)" "(?P<device>[^"]*)".*')
_VENDORS = {
    "10de": "nvidia", "1002": "amd", "8086": "intel", "1a03": "aspeed", "102b": "matrox", "1af4": "virtio",
    "15ad": "vmware", "1b36": "qxl", "1013": "cirrus", "1234": "bochs", "1414": "hyper-v",
}  # fmt: skip
_DRIVERS = {
    "nvgpu": "nvidia",
    "v3d": "broadcom",
    "vc4": "broadcom",
    "panfrost": "arm",
    "lima": "arm",
    "msm": "qualcomm",
}


def gpu(text: str) -> Fact[tuple[Gpu, ...]]:
    """Every one that the kernel lists."""
    if not next(said(text, "seen"), ""):
        return UNKNOWN
    return tuple(sorted((*_on_pci(text), *_on_chip(text))))


def _on_pci(text: str) -> Iterator[Gpu]:
    own = dict(_split(value) for value in said(text, "nvidia"))
    named = {found["slot"]: found["device"] for value in said(text, "lspci") if (found := _NAMED.fullmatch(value))}
    slots = [found for value in said(text, "pci") if (found := _PCI.fullmatch(value))]
    for found in slots:
        number = f"{found['vendor']}:{found['device']}"
        name = own.get(found["slot"]) or named.get(found["slot"]) or number
        yield Gpu(tidy(name), _VENDORS.get(found["vendor"], found["vendor"]))
    for slot, name in own.items():
        if slot not in {found["slot"] for found in slots}:
            yield Gpu(tidy(name) or "unnamed", "nvidia")


def _on_chip(text: str) -> Iterator[Gpu]:
    for driver in sorted(set(said(text, "soc"))):
        yield Gpu(driver, _DRIVERS.get(driver, driver))


def _split(value: str) -> tuple[str, str]:
    slot, _, name = value.partition(" ")
    return slot, name


def devices(text: str) -> tuple[str, ...]:
    return tuple(sorted({line for line in text.splitlines() if is_node_path(line)}))
