"""Lists in which an entry replaces an earlier one about the same: a port, a place in the container, a file."""

from __future__ import annotations

from collections.abc import Callable

from stems.readers.substitution import UNKNOWN
from stems.tools.compose.model.patterns import Keys, Table
from stems.tools.compose.model.reading import Reading
from stems.tools.compose.model.specs.device import device_target
from stems.tools.compose.model.specs.mount import clean_target, mount_target
from stems.tools.compose.model.value import Value, plain

Key = Callable[[Value], str | None]
"""What an entry is about. None when that is not known, so that it stays beside every other."""


def unique(value: Value, keys: Keys = ()) -> Value:
    """A tree whose lists have each thing once: the last that is said about it, where the first was."""
    key, goes_on = _KEYS.look(keys)
    if isinstance(value.data, dict) and goes_on:
        return value.having({name: unique(inner, (*keys, name)) for name, inner in value.data.items()})
    if key is None or not isinstance(value.data, list):
        return value
    found: dict[object, Value] = {}
    for index, item in enumerate(value.data):
        about = key(item)
        found[index if about is None else about] = item
    return value.having(list(found.values()))


def _text(item: Value) -> str | None:
    return None if item.data is UNKNOWN or isinstance(item.data, dict | list) else str(item.data)


def _port(item: Value) -> str | None:
    if not isinstance(item.data, dict):
        return _text(item)
    said = [plain(item.at(name)) for name in ("host_ip", "published", "target", "protocol")]
    if UNKNOWN in said:
        return None
    host, published, target, protocol = said
    return f"{host or '0.0.0.0'}:{published or ''}:{target}/{protocol or 'tcp'}"  # noqa: S104  # a key, not a bind


def _grant(folder: str) -> Key:
    def key(item: Value) -> str | None:
        if not isinstance(item.data, dict):
            return None if item.data is UNKNOWN else f"{folder}/{item.data}"
        target, source = plain(item.at("target")), plain(item.at("source"))
        if UNKNOWN in (target, source):
            return None
        return str(target) if target else f"{folder}/{source}"

    return key


def _env_file(item: Value) -> str | None:
    path = item.at("path") or item
    return _text(path)


_TEXT_LISTS = (
    "build.tags", "cap_add", "cap_drop", "dns", "dns_opt", "dns_search", "expose", "links", "profiles", "tmpfs",
    "networks.*.aliases", "networks.*.link_local_ips",
)  # fmt: skip

_KEYS: Table[Key] = Table(
    {f"services.*.{path}": _text for path in _TEXT_LISTS}
    | {
        "services.*.configs": _grant(""),
        "services.*.devices": device_target,
        "services.*.env_file": _env_file,
        "services.*.ports": _port,
        "services.*.secrets": _grant("/run/secrets"),
        "services.*.volumes": mount_target,
    }
)


def check_targets(reading: Reading, services: Value) -> None:
    """Refuse two mounts of one place that are written differently, as Compose does."""
    for name, service in services.fields.items():
        seen: dict[str, Value] = {}
        for mount in (service.at("volumes") or service).items:
            target = mount.at("target")
            if target is None or not isinstance(target.data, str):
                continue
            place = clean_target(target.data)
            if place in seen and seen[place] is not mount:
                reading.refuse(
                    mount.place, f"services.{name}.volumes: {place} is mounted twice", "remove one of the two"
                )
            seen[place] = mount
