"""Nodes in data: mappings and lists under keys such as `nodes`, whatever file they are in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from stems.model.assessment import Sighting, Strength
from stems.model.finding import Place
from stems.model.names import HOST, USER, is_name
from stems.readers.document import Document

At = Callable[[tuple[str | int, ...]], Place]

_LISTS = re.compile(r"(?:cluster_?)?(?:nodes|hosts|machines|servers)|node_?(?:list|config|configs|data)", re.IGNORECASE)
_NAMES = ("name", "hostname", "short_name", "shortname", "id", "alias")
_ADDRESSES = (
    "ansible_host", "ip", "ip_address", "ipv4", "address", "internal_ip", "lan_ip", "private_ip", "primary_ip", "host",
)  # fmt: skip
_USERS = ("ansible_user", "ssh_user", "user", "username", "login")
_PORTS = ("ansible_port", "ssh_port", "port")
_NESTED = ("ssh", "network", "connection", "networking", "hardware", "system", "net", "identity")
_FACTS = {
    "hostname": ("hostname", "host_name"),
    "role": ("role", "type", "node_role", "purpose", "function"),
    "arch": ("arch", "architecture", "cpu_arch", "platform"),
    "memory": ("memory", "ram", "mem"),
    "gpu": ("gpu", "gpus"),
    "services": ("services", "containers", "apps", "stacks", "hosts_services"),
}
# Names, ports and services also have what is no node, such as the servers of a proxy.
_TELLING = frozenset(
    {*_ADDRESSES, *_NESTED, *_FACTS["arch"], *_FACTS["memory"], "hostname", "ansible_user", "ssh_user"}
)
_DEEPEST = 4


def at(document: Document) -> At:
    """Where a YAML document names something."""
    return lambda keys: document.key_place(*keys)


def nodes_in(
    value: object, place: At, says: str, strength: Strength, *, names_alone: bool = False
) -> Iterator[Sighting]:
    """What lists of nodes say. A list of bare names counts only where `names_alone` says that it is about nodes."""
    for keys, found in _lists(value, ()):
        entries = list(_entries(found, names_alone=names_alone))
        # Some other list, such as virtual hosts of a web server.
        if entries and any(isinstance(entry, Mapping) and _TELLING & _lower(entry).keys() for _, _, entry in entries):
            yield from (_sighting(name, place((*keys, key)), says, strength, entry) for key, name, entry in entries)
        elif entries and names_alone:
            yield from (Sighting(name, place((*keys, key)), says, strength) for key, name, _ in entries)


def sighting_of(name: str, entry: object, place: Place, says: str, strength: Strength) -> Sighting | None:
    """What a mapping that is about one node says of it, if it says something."""
    if not isinstance(entry, Mapping) or not _TELLING & _lower(entry).keys() or not is_name(HOST, name):
        return None
    return _sighting(name, place, says, strength, entry)


def _lists(value: object, keys: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], object]]:
    if not isinstance(value, Mapping) or len(keys) > _DEEPEST:
        return
    for key, inner in value.items():
        if _LISTS.fullmatch(str(key)) and isinstance(inner, Mapping | list):
            yield (*keys, key), inner
        elif isinstance(inner, Mapping):
            yield from _lists(inner, (*keys, key))


def _entries(found: object, *, names_alone: bool) -> Iterator[tuple[str | int, str, object]]:
    if isinstance(found, Mapping):
        for key, entry in found.items():
            if is_name(HOST, key) and isinstance(entry, Mapping | None | str):
                yield key, str(key), entry
    elif isinstance(found, list):
        for index, entry in enumerate(found):
            name = _first(_lower(entry), _NAMES) if isinstance(entry, Mapping) else entry if names_alone else None
            if is_name(HOST, name):
                yield index, str(name), entry


def _sighting(name: str, place: Place, says: str, strength: Strength, entry: object) -> Sighting:
    if isinstance(entry, str):
        return Sighting(name, place, says, strength, address=entry if is_name(HOST, entry) else "")
    flat = _flat(entry)
    address, user, port = _first(flat, _ADDRESSES), _first(flat, _USERS), _first(flat, _PORTS)
    others = dict.fromkeys(word for key in ("hostname", "fqdn", *_NAMES) if is_name(HOST, word := flat.get(key)))
    address = address.partition("/")[0] if isinstance(address, str) else ""
    return Sighting(
        name,
        place,
        says,
        strength,
        tuple(str(word) for word in others if word != name),
        address if is_name(HOST, address) else "",
        str(user) if is_name(USER, user) else "",
        port if isinstance(port, int) and not isinstance(port, bool) and 0 < port < 65536 else 0,
        facts={what: said for what, words in _FACTS.items() if (said := _said(_first(flat, words)))},
    )


def _flat(entry: object) -> dict[str, Any]:
    flat = _lower(entry)
    for key in _NESTED:
        inner = flat.get(key)
        if isinstance(inner, Mapping):
            flat = {**_lower(inner), **flat}
    return flat


def _lower(entry: object) -> dict[str, Any]:
    return {str(key).lower(): value for key, value in entry.items()} if isinstance(entry, Mapping) else {}


def _first(entry: Mapping[str, Any], words: tuple[str, ...]) -> Any:
    return next((entry[word] for word in words if entry.get(word) and not isinstance(entry[word], Mapping)), None)


def _said(value: object) -> str:
    if isinstance(value, list):
        names = (str(_first(_lower(one), _NAMES) if isinstance(one, Mapping) else one) for one in value)
        return ",".join(names)
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
