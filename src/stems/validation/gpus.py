"""How many GPUs a Compose service asks for."""

from __future__ import annotations

from stems.model.finding import Place
from stems.readers.substitution import UNKNOWN
from stems.tools.compose.model.project import Device, Service


def gpus_asked(service: Service) -> tuple[int, Place | None]:
    """How many it needs at least, and where that is written."""
    for device in service.gpus:
        if _is_gpu(service, device):
            return (device.count if isinstance(device.count, int) and device.count > 0 else 1), device.place
    if service.text("runtime") == "nvidia":
        return 1, service.place_of("runtime")
    return 0, None


def _is_gpu(service: Service, device: Device) -> bool:
    """What `gpus` asks for is one; a device that is reserved says it as a capability."""
    if UNKNOWN in (device.source, device.count, *device.capabilities):
        return False
    return "gpu" in device.capabilities or (service.value.at("gpus") is not None and not device.capabilities)
