"""A catalogue for people: every node and service with its owners, ports, checks, reasons and the pages about it."""

from __future__ import annotations

from collections.abc import Iterator

from stems.lifecycle.generate.entries import Entries
from stems.lifecycle.generate.made import Made, says
from stems.lifecycle.generate.markdown import code, listed, table, words
from stems.lifecycle.generate.source import Source
from stems.lifecycle.generate.wording import domain_owners, hardware
from stems.model.cluster import Cluster

NAME = "docs"


def catalogue(source: Source, *, folder: str = "") -> Made:
    """`folder` is the way from where the page lies to the root of the repository, for its links."""
    return Made("\n".join(_lines(source.cluster, Entries(source, folder))) + "\n", source.unknown())


def _lines(cluster: Cluster, entries: Entries) -> Iterator[str]:
    yield from (f"<!-- {says(NAME)} -->", f"# Catalogue of {words(cluster.name)}", "", *_cluster(cluster))
    yield from ("", "## Nodes", "", *table(("node", "role", "hardware", "services"), [*_nodes(cluster, entries)]))
    if cluster.services:
        head = ("service", "nodes", "ports", "data", "reason")
        yield from ("", "## Services", "", *table(head, [*_services(cluster, entries)]))
    for node in cluster.nodes.values():
        yield from ("", f"## {entries.node_heading(node.name)}", "", *listed(entries.of_node(node)))
    for service in cluster.services.values():
        yield from ("", f"## {words(entries.service_heading(service.name))}", "", *listed(entries.of_service(service)))


def _cluster(cluster: Cluster) -> Iterator[str]:
    owners = (f"{domain} {words(tool)} from {code(source)}" for domain, tool, source in domain_owners(cluster))
    return listed((
        ("Domain", code(cluster.domain)),
        ("Time zone", words(cluster.timezone)),
        ("Checkout on each node", code(cluster.checkout)),
        ("Owners", "; ".join(owners)),
        ("Rollout", " → ".join(node.name for node in cluster.in_rollout_order())),
        ("Approvers", ", ".join(words(each.name) for each in cluster.approvers)),
    ))  # fmt: skip


def _nodes(cluster: Cluster, entries: Entries) -> Iterator[tuple[str, ...]]:
    for node in cluster.nodes.values():
        run = ", ".join(entries.to_service(service.name) for service in cluster.services_on(node.name))
        yield entries.to_node(node.name), words(node.role), words(hardware(node)), run


def _services(cluster: Cluster, entries: Entries) -> Iterator[tuple[str, ...]]:
    for service in cluster.services.values():
        ports = dict.fromkeys(filter(None, (entries.ports(service, node) for node in service.nodes)))
        nodes = ", ".join(map(entries.to_node, service.nodes))
        yield entries.to_service(service.name), nodes, "; ".join(ports), service.data.value, words(service.reason)
