"""The entry of each node and each service in the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from stems.lifecycle.generate.addresses import address_for, names_of
from stems.lifecycle.generate.markdown import anchor, code, codes, link, words
from stems.lifecycle.generate.source import Source
from stems.lifecycle.generate.wording import check_words, hardware, owner_words, size, ssh_words
from stems.model.check import Check
from stems.model.node import Node
from stems.model.service import Service

_NOT_SAID, _UNKNOWN = "not said", "not known"
Said = Iterator[tuple[str, str]]
"""What is told, and the text; empty where there is nothing to tell."""


@dataclass(frozen=True)
class Entries:
    """What a page says of the parts of a cluster. `folder` is the way from the page to the root of the repository."""

    source: Source
    folder: str = ""

    def of_node(self, node: Node) -> Said:
        cluster = self.source.cluster
        run = cluster.services_on(node.name)
        names = names_of(cluster)[node.name]
        address = address_for(cluster, node).host
        taken = {service.name: self.ports(service, node.name) for service in run}
        yield "Role", words(node.role)
        yield "Names", codes(names)
        yield "Hardware", words(hardware(node)) or _NOT_SAID
        yield "Address for other nodes", code(address) if address else _NOT_SAID
        yield "Reached by SSH as", code(ssh_words(node))
        yield "Privilege", node.privilege.value
        yield "Services", ", ".join(self.to_service(service.name) for service in run) or "none"
        yield "Ports", "; ".join(f"{words(name)} {ports}" for name, ports in taken.items() if ports)
        yield "Checks", _checks(node.checks)
        yield "While it is down", words(node.when_down.impact)
        yield "What to do then", words(node.when_down.mitigation)
        yield "Paused", words(node.paused)
        yield "Decisions", self._decisions(names)

    def of_service(self, service: Service) -> Said:
        source, name = self.source, service.name
        page = source.pages.get(name, "")
        yield "Reason", words(service.reason) or _NOT_SAID
        yield "Nodes", ", ".join(map(self.to_node, service.nodes))
        yield "Name in the network", code(f"{name}.{source.cluster.domain}")
        yield "Owner", words(owner_words(service))
        yield "Runs", _by_node({node: codes(source.runs.get((name, node), ())) or _UNKNOWN for node in service.nodes})
        yield "Images", codes(source.images.get(name, ()))
        yield "Ports", _by_node({node: self.ports(service, node) or "none" for node in service.nodes})
        yield "Checks", _checks(service.checks)
        yield "Requires", words(_requires(service))
        yield "Data", service.data.value
        yield "Rolls back safely", words(service.rollback_safe)
        yield "After", ", ".join(map(self.to_service, service.after))
        yield "Paused", words(service.paused)
        yield "Page", link(words(page), self.folder + page) if page else ""
        yield "Decisions", self._decisions((name,))

    def ports(self, service: Service, node: str) -> str:
        """Those that files publish, and what they leave open."""
        if not self.source.is_known(service.name, node):
            return _UNKNOWN
        others = ["others in the network of the node"] if service.name in self.source.in_host_network else []
        return ", ".join([*map(code, self.source.ports.get((service.name, node), ())), *others])

    def node_heading(self, name: str) -> str:
        return f"Node {name}"

    def service_heading(self, name: str) -> str:
        return f"Service {name}"

    def to_node(self, name: str) -> str:
        return link(name, anchor(self.node_heading(name)))

    def to_service(self, name: str) -> str:
        return link(words(name), anchor(self.service_heading(name)))

    def _decisions(self, names: Iterable[str]) -> str:
        found = [each for each in self.source.decisions if each.names(*names)]
        return ", ".join(link(words(each.title), self.folder + each.path) for each in found)


def _checks(checks: Iterable[Check]) -> str:
    return codes(map(check_words, checks)) or "none"


def _requires(service: Service) -> str:
    needs = service.requires
    parts = (
        needs.memory and f"{size(needs.memory)} memory",
        " or ".join(needs.arch),
        needs.gpu and f"{needs.gpu} GPU",
    )
    return ", ".join(str(part) for part in parts if part)


def _by_node(texts: Mapping[str, str]) -> str:
    """Once where it is the same on all nodes."""
    if len(set(texts.values())) == 1:
        return next(iter(texts.values()))
    return "; ".join(f"{text} on {node}" for node, text in texts.items())
