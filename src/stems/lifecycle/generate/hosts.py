"""Entries for /etc/hosts: each node, and each service where it runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stems.lifecycle.generate.addresses import address_for, full_name, names_of, require_some
from stems.lifecycle.generate.made import Made, Note, says
from stems.model.cluster import Cluster
from stems.model.service import Service

NAME = "hosts"


def hosts(cluster: Cluster) -> Made:
    """A line for each node, and one for each node of a service: who looks a name up gets all addresses that it has."""
    found = {name: address_for(cluster, node) for name, node in cluster.nodes.items()}
    addresses = {name: address.host for name, address in found.items() if address.is_literal}
    notes = require_some(cluster, (name for name in found if name not in addresses), "a known IP address")
    names = names_of(cluster)
    taken = {name: node for node, words in names.items() for name in words}
    lines = [f"# {says(NAME)}", *(f"# {note.text}" for note in notes), "", "# nodes"]
    lines += [f"{address} {' '.join(_longest_first(cluster, name, names))}" for name, address in addresses.items()]
    services = {f"{name}.{cluster.domain}": service for name, service in cluster.services.items()}
    lines += ["", "# services", *_services(services, addresses, taken)] if services else []
    return Made("\n".join(lines) + "\n", (*notes, *_shadowed(services, taken)))


def _longest_first(cluster: Cluster, name: str, names: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """The first name is the one that `hostname --fqdn` and reverse look-ups say."""
    full = full_name(cluster, cluster.nodes[name])
    short, *others = names[name]
    yield from (word for word in others if word == full)
    yield from (word for word in others if word != full)
    yield short


def _services(services: Mapping[str, Service], addresses: Mapping[str, str], taken: Mapping[str, str]) -> Iterator[str]:
    for name, service in services.items():
        if name not in taken:
            yield from (f"{addresses[node]} {name}" for node in service.nodes if node in addresses)
            yield from (f"# {name} also runs on {node}" for node in service.nodes if node not in addresses)


def _shadowed(services: Mapping[str, Service], taken: Mapping[str, str]) -> Iterator[Note]:
    for name, service in services.items():
        if name in taken:
            text = f"{name} is {taken[name]}, so the service {service.name} gets no entry"
            yield Note(text, "call one of them otherwise")
