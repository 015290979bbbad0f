"""A `config/cluster.yml` made from an assessment: what is known stands there, each guess says where it comes from."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from posixpath import basename, dirname

from stems.lifecycle.assessment.nodes import is_address
from stems.lifecycle.assessment.proposed_domains import ProposedDomain, named_groups, proposed_domains
from stems.model.assessment import Assessment, Evidence, FoundDomain, FoundNode, FoundService, Strength
from stems.model.change import Domain
from stems.model.names import FOLDER, HOST, NODE, SERVICE, is_name
from stems.model.service import UNWRITTEN

_RESERVED = frozenset({"all", "localhost", "ungrouped"})
_ARCHITECTURES = {
    "x86_64": "x86_64", "amd64": "x86_64", "x64": "x86_64", "x86-64": "x86_64", "arm64": "arm64", "aarch64": "arm64",
    "armv7": "armv7", "armv7l": "armv7", "armhf": "armv7", "armv6": "armv6", "armv6l": "armv6", "riscv64": "riscv64",
}  # fmt: skip
_SIZE = re.compile(r"(?P<number>[1-9]\d{0,6})\s*(?P<unit>[MGT])(?:i?B)?", re.IGNORECASE)
_NONE = frozenset({"", "0", "no", "none", "false", "off", "null", "n/a", "-"})
_HOSTNAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class ProposedNode:
    """A node with its keys, each with the place that it was guessed from. `doubt` is why it should stay out."""

    name: str
    hostname: Evidence
    host: Evidence
    user: Evidence | None
    port: Evidence | None
    role: Evidence | None
    arch: Evidence | None
    hardware: Mapping[str, Evidence]
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class ProposedService:
    """A service with its nodes and its keys. `doubt` is why it should stay out."""

    one: FoundService
    name: str
    nodes: tuple[str, ...]
    keys: Mapping[str, str]
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """All that would be in the file."""

    cluster: str
    checkout: str
    nodes: tuple[ProposedNode, ...]
    domains: tuple[ProposedDomain, ...]
    services: tuple[ProposedService, ...]
    timezone: Evidence | None = None

    @property
    def is_usable(self) -> bool:
        """Whether it has a node: without one there is no cluster."""
        return any(not node.doubt for node in self.nodes)


def propose(assessment: Assessment) -> Proposal:
    name = valid_name(assessment.name, 32) or "home"
    nodes = tuple(_nodes(assessment.nodes))
    sure = {node.name for node in nodes if not node.doubt}
    domains = proposed_domains(assessment, sure, {one.says for node in nodes for one in (node.role, node.arch) if one})
    nodes = tuple(_in_groups(nodes, assessment.nodes, named_groups(domains)))
    services = tuple(_services(assessment.services, domains, sure, _names(assessment.nodes)))
    return Proposal(name, f"~/{name}", nodes, domains, services, assessment.timezone)


def valid_name(name: str, longest: int = 63) -> str:
    """A name as the cluster file wants it, empty where nothing is left of one."""
    text = re.sub(r"[^a-z0-9-]+", "-", name.lower()).strip("-")
    return re.sub(r"^[^a-z]+", "", text)[:longest].rstrip("-")


# --- nodes


def _nodes(found: Sequence[FoundNode]) -> Iterator[ProposedNode]:
    names = {_name(node) for node in found} | _RESERVED
    taken: set[str] = set(_RESERVED)
    for node in found:
        one = _node(node, doubt(node, found))
        if one.name not in taken and is_name(NODE, one.name):
            taken.add(one.name)
            # To Ansible a name means one thing: a node, or a group of them.
            yield replace(one, role=_unless(one.role, names), arch=_unless(one.arch, names))


def _in_groups(
    nodes: Sequence[ProposedNode], found: Sequence[FoundNode], wanted: Collection[str]
) -> Iterator[ProposedNode]:
    """With the group that plays name as the role of a node, where the inventory that has it cannot be given."""
    names = {_name(node) for node in found} | _RESERVED
    first: dict[str, Evidence] = {}
    for node in found:
        for sighting in node.sightings:
            for group in sighting.groups:
                if group in wanted and group not in names and is_name(NODE, group):
                    first.setdefault(_name(node), Evidence(sighting.place, group))
    for one in nodes:
        yield one if one.role and one.role.says in wanted else replace(one, role=first.get(one.name, one.role))


def _unless(value: Evidence | None, names: Collection[str]) -> Evidence | None:
    return None if value and value.says in names else value


def _names(found: Sequence[FoundNode]) -> dict[str, str]:
    """The name that each node gets in the file."""
    return {node.name: _name(node) for node in found}


def _name(node: FoundNode) -> str:
    name = valid_name(node.name)
    return name or f"node-{re.sub(r'[^0-9a-f]+', '-', node.name.lower()).strip('-')}"[:63].rstrip("-")


def _node(node: FoundNode, doubt: str) -> ProposedNode:
    first = Evidence(node.sightings[0].place, node.name)
    hosts = (node.said("address"), _by_name(node), first, Evidence(first.place, _name(node)))
    host = next(one for one in hosts if one and is_name(HOST, one.says))
    said = node.said("hostname")
    hostname = next((one for one in (said, first) if one and _is_hostname(one.says)), None)
    arch, role = node.said("arch"), node.said("role") or node.said("group")
    known = _ARCHITECTURES.get(arch.says.lower()) if arch else None
    return ProposedNode(
        _name(node),
        hostname or Evidence(first.place, _name(node)),
        host,
        node.said("user"),
        node.said("port"),
        role if role and is_name(NODE, role.says) else None,
        Evidence(arch.place, known) if arch and known else None,
        dict(_hardware(node)),
        doubt,
    )


def _hardware(node: FoundNode) -> Iterator[tuple[str, Evidence]]:
    """Memory where it has a unit, and how many graphics processors there are."""
    memory, gpu = node.said("memory"), node.said("gpu")
    size = _SIZE.fullmatch(memory.says) if memory else None
    if memory and size:
        yield "memory", Evidence(memory.place, f"{size['number']}{size['unit'].upper()}")
    if gpu and gpu.says.lower() not in _NONE:
        number = (
            int(gpu.says) if gpu.says.isdecimal() and len(gpu.says) < 3 else len(re.findall(r",(?!\s)", gpu.says)) + 1
        )
        yield "gpu", Evidence(gpu.place, str(number))


def _is_hostname(name: str) -> bool:
    return _HOSTNAME.fullmatch(name) is not None and not is_address(name)


def _by_name(node: FoundNode) -> Evidence | None:
    """A name that leads somewhere by itself: a long one, or one that an ssh_config knows."""
    for sighting in node.sightings:
        for word in (sighting.name, *sighting.others):
            if is_name(HOST, word) and (("." in word and not is_address(word)) or sighting.says == "ssh_config"):
                return Evidence(sighting.place, word)
    return None


def doubt(node: FoundNode, nodes: Sequence[FoundNode]) -> str:
    """Why a node should stay out of a cluster file, empty for one that is sure."""
    strongest = min(tuple(Strength).index(one.strength) for one in nodes)
    places = {sighting.says for sighting in node.sightings}
    if connection := node.said("connection"):
        return f"Ansible reaches it over {connection.says}, and stems over SSH"
    if node.strength is Strength.MENTIONED:
        return "only a hosts file names it, which may be a printer or a router"
    if tuple(Strength).index(node.strength) > strongest and len(places) == 1:
        return f"only one place names it ({next(iter(places))}), and other nodes are declared"
    return ""


# --- services


def _services(
    found: Sequence[FoundService], domains: Sequence[ProposedDomain], sure: set[str], names: Mapping[str, str]
) -> Iterator[ProposedService]:
    source = next((each.one for each in domains if not each.doubt and each.one.domain is Domain.SERVICES), None)
    taken: set[str] = set()
    for one in found:
        name = _service_name(one, taken) if one.tool in ("compose", "systemd") else ""
        if not name:
            continue
        taken.add(name)
        nodes = tuple(known for node in one.nodes if (known := names.get(node, "")) in sure)
        keys, doubt = _keys(one, name, source)
        if not nodes:
            doubt = doubt or "nothing says on which node it runs"
        yield ProposedService(one, name, nodes, keys, doubt)


def _service_name(one: FoundService, taken: Collection[str]) -> str:
    """Its own name; where another one has that, with the folder that it is in."""
    own, above = _plain(one.name), _plain(basename(dirname(one.folder)))
    return next((name for name in (own, f"{own}-{above}"[:63]) if is_name(SERVICE, name) and name not in taken), "")


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9_.-]+", "-", name.lower()).strip("-_.")[:63]


def _keys(one: FoundService, name: str, source: FoundDomain | None) -> tuple[dict[str, str], str]:
    if source is None:
        return {}, "no folder of services is known"
    root = "" if source.root == "." else f"{source.root}/"
    below = one.folder.removeprefix(root)
    keys = {} if one.tool == source.tool else {"tool": one.tool}
    if not one.folder.startswith(root) or not is_name(FOLDER, below):
        return keys, f"it lies in {one.folder or '.'}, which cannot be named as a folder below {source.root}"
    if below != name:
        if one.tool != "compose":
            return keys, f"its folder {below} is not called like it"
        keys["folder"] = below
    keys["reason"] = UNWRITTEN
    if one.keeps_data:
        keys["data"] = "local"
    return keys, f"its tool refuses it: {one.trouble}" if one.trouble else ""
