"""How many GPUs a Compose service asks for."""

from __future__ import annotations

import re

from stems.model.finding import Place
from stems.readers.substitution import UNKNOWN
from stems.tools.compose.model.project import Device, Service

_OF_GPU = re.compile(r"/dev/nvidia\d|/dev/kfd$|(?:nvidia|amd)\.com/gpu=")
_NUMBER = re.compile(r"\d{1,2}")


def gpus_asked(service: Service) -> tuple[int, Place | None]:
    """How many it needs at least, and where that is written."""
    for device in service.gpus:
        if _is_gpu(service, device):
            counted = device.count if isinstance(device.count, int) and device.count > 0 else 1
            return max(counted, _numbered(service)), device.place
    if service.text("runtime") == "nvidia":
        return 1, service.place_of("runtime")
    for device in service.devices:
        if isinstance(device.source, str) and _OF_GPU.match(device.source):
            return 1, device.place
    return 0, None


def _numbered(service: Service) -> int:
    """How many there must be for the highest number in `device_ids`, counted from 0."""
    asked = service.value.at("deploy", "resources", "reservations", "devices")
    lists = [item.at("device_ids") for item in (asked.items if asked else [])]
    ids = [item.data for found in lists if found for item in found.items]
    return max((int(text) + 1 for text in map(str, ids) if _NUMBER.fullmatch(text)), default=0)


def _is_gpu(service: Service, device: Device) -> bool:
    """What `gpus` asks for is one; a device that is reserved says it as a capability."""
    if UNKNOWN in (device.source, device.count, *device.capabilities):
        return False
    return "gpu" in device.capabilities or (service.value.at("gpus") is not None and not device.capabilities)
