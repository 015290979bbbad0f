"""Mounts and networks of a container: the same ones, by the names that they have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from stems.model.names import printable
from stems.tools.compose.existing.found import Existing, Found
from stems.tools.compose.project import Section, as_list, as_section

ANONYMOUS = re.compile(r"[0-9a-f]{64}")
_LABEL = "com.docker.compose."
_MODES = {"z", "Z", "nocopy"}


@dataclass(slots=True)
class Attached:
    """The top-level volumes and networks that services of one file use, and what could not be said in it."""

    found: Found
    project: str
    """The Compose project whose volumes and networks keep their short names; empty for a container of its own."""
    volumes: dict[str, object] = field(default_factory=dict)
    networks: dict[str, object] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def mounts(self, one: Existing) -> list[object]:
        entries = [self._mount(one, mount) for mount in one.mounts]
        for mount in as_list(one.part("HostConfig", "Mounts")):
            self.notes.extend(_left_out(one, as_section(mount)))
        return sorted((entry for entry in entries if entry), key=str)

    def _mount(self, one: Existing, mount: Section) -> object | None:
        kind, target = mount.get("Type"), str(mount["Destination"])
        if kind == "volume":
            name = str(mount["Name"])
            if self.project and ANONYMOUS.fullmatch(name):
                # Compose hands it on to what replaces its container, where that has a volume of no name there, too.
                given = as_section(as_section(self.found.images.get(one.text("Image"))).get("Config")).get("Volumes")
                return None if target in as_section(given) else target
            source = self._volume(name, target)
        elif kind == "bind":
            source = str(mount["Source"])
        else:
            self.notes.append(f"{one.name}: the mount {target} of type {kind} cannot be carried over")
            return None
        return _entry(str(kind), source, target=target, mount=mount) if source else None

    def _volume(self, name: str, target: str) -> str:
        about = self.found.volumes.get(name, {})
        labels = as_section(about.get("Labels"))
        key = str(labels.get(f"{_LABEL}volume") or "")
        is_own = self.project and labels.get(f"{_LABEL}project") == self.project and name == f"{self.project}_{key}"
        if is_own and about.get("Driver") == "local" and not about.get("Options"):
            self.volumes[key] = {}
            return key
        of_target = re.sub(r"[^A-Za-z0-9]+", "_", target).strip("_") or "root"
        key = of_target if ANONYMOUS.fullmatch(name) else name
        while self.volumes.get(key, {"external": True, "name": name}) != {"external": True, "name": name}:
            key += "_"
        self.volumes[key] = {"external": True, "name": name}
        return key

    def network_part(self, one: Existing, service: str) -> Iterator[tuple[str, object]]:
        """`network_mode`, or the networks that a container is in."""
        joined = as_section(one.part("NetworkSettings", "Networks"))
        mode = one.text("HostConfig", "NetworkMode")
        if mode.startswith("container:"):
            yield "network_mode", self._sharing(mode)
        elif mode in {"host", "none"}:
            yield "network_mode", mode
        elif mode in {"default", "bridge"}:
            yield "network_mode", "bridge"
            others = sorted(set(joined) - {"bridge"})
            if others:
                self.notes.append(f"{one.name}: is also in {', '.join(others)}, which goes with no `network_mode`")
        else:
            ends = {name: _endpoint(one, service, as_section(how)) for name, how in joined.items()}
            entries = {self._network(name, end): end for name, end in ends.items()}
            if entries and (set(entries) != {"default"} or entries["default"]):
                yield "networks", entries

    def _network(self, name: str, end: Section) -> str:
        about = self.found.networks.get(name, {})
        labels = as_section(about.get("Labels"))
        key = str(labels.get(f"{_LABEL}network") or "")
        is_own = self.project and labels.get(f"{_LABEL}project") == self.project and name == f"{self.project}_{key}"
        # Somebody who chose an address chose the network's addresses, too.
        if is_own and _is_plain(about) and "ipv4_address" not in end:
            if key != "default":
                self.networks[key] = {}
            return key
        # As external one it stays what it is, whatever it was made with.
        self.networks[key if is_own else name] = {"external": True, "name": name}
        return key if is_own else name

    def sharing(self, one: Existing) -> Iterator[tuple[str, object]]:
        """The namespaces of processes and of memory that are not a container's own."""
        for key, name in (("PidMode", "pid"), ("IpcMode", "ipc")):
            mode = one.text("HostConfig", key)
            if mode and mode not in {"private", "shareable"}:
                yield name, self._sharing(mode)

    def _sharing(self, mode: str) -> str:
        kind, _, identity = mode.partition(":")
        if kind != "container":
            return mode
        for other in self.found.containers:
            if identity in {other.identity, other.name}:
                own = self.project and other.project == self.project
                return f"service:{other.service}" if own else f"container:{other.name}"
        return mode


def _entry(kind: str, source: str, *, target: str, mount: Section) -> object:
    modes = [] if mount.get("RW", True) else ["ro"]
    # Docker writes `z` for every volume.
    modes += [word for word in str(mount.get("Mode") or "").split(",") if kind == "bind" and word in _MODES]
    propagation = str(mount.get("Propagation") or "")
    if kind == "bind" and propagation not in {"", "rprivate"}:
        modes.append(propagation)
    if ":" not in source + target:
        return ":".join([source, target, *([",".join(modes)] if modes else [])])
    made: dict[str, object] = {"type": kind, "source": source, "target": target}
    return made | ({"read_only": True} if "ro" in modes else {})


def _left_out(one: Existing, mount: Section) -> Iterator[str]:
    for key in ("BindOptions", "VolumeOptions", "TmpfsOptions"):
        left = [name for name, value in as_section(mount.get(key)).items() if value and name != "Propagation"]
        if left:
            yield f"{one.name}: {', '.join(left)} of the mount {mount.get('Target')} cannot be carried over"


def _endpoint(one: Existing, service: str, how: Section) -> dict[str, object]:
    own = {one.identity[:12], one.name, one.text("Config", "Hostname"), service}
    aliases = sorted({str(alias) for alias in as_list(how.get("Aliases"))} - own)
    given = as_section(how.get("IPAMConfig"))
    made: dict[str, object] = {"aliases": aliases} if aliases else {}
    for key, name in (("IPv4Address", "ipv4_address"), ("IPv6Address", "ipv6_address")):
        made |= {name: given[key]} if given.get(key) else {}
    return made


def _is_plain(network: Section) -> bool:
    """Whether Compose would make the same network from nothing but its name."""
    has_options = any(network.get(key) for key in ("Options", "Internal", "EnableIPv6", "Attachable"))
    labels = {key for key in as_section(network.get("Labels")) if not key.startswith(_LABEL)}
    return network.get("Driver") == "bridge" and not has_options and not labels


def told_mounts(one: Existing) -> Iterator[str]:
    """What of a container's data stays where it is on the node."""
    for mount in one.mounts:
        where = printable(str(mount["Destination"]))
        if mount.get("Type") == "volume":
            yield f"volume {printable(str(mount.get('Name')))}, at {where} in {one.name}"
        elif mount.get("Type") == "bind":
            yield f"{printable(str(mount.get('Source')))}, at {where} in {one.name}"
