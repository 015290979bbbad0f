"""Targets for Prometheus' file_sd_configs: the node_exporter of each node, and the http checks of services."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from stems.lifecycle.generate.addresses import address_for, in_url, is_loopback
from stems.lifecycle.generate.made import Made, Note, says
from stems.lifecycle.generate.source import Source
from stems.model.check import HttpCheck
from stems.model.names import escaped
from stems.model.node import Node
from stems.model.service import Service
from stems.readers.written import write_yaml

NAME = "prometheus"
NODES, SERVICES = "nodes", "services"
_PORTS = {"http": 80, "https": 443}


def prometheus(source: Source, *, port: int, only: str = "", seen_from: str = "", as_json: bool = False) -> Made:
    """Nodes as `host:port`, checks as the URLs that blackbox_exporter takes; `seen_from` is where Prometheus runs."""
    seen = _Seen(source, seen_from)
    found = [*([] if only == SERVICES else seen.nodes(port)), *([] if only == NODES else seen.checks())]
    notes = tuple(seen.notes(found))
    groups = [{"targets": [one.target], "labels": one.labels} for one in found if one.target]
    if as_json:
        return Made(json.dumps(groups, indent=2, ensure_ascii=False) + "\n", notes, is_marked=False)
    left_out = [f"# {note.text}\n" for note in notes]
    return Made(f"# {says(NAME)}\n{''.join(left_out)}{escaped(write_yaml(groups))}", notes)


@dataclass(frozen=True, slots=True)
class _Target:
    """What is to be asked, empty where it cannot be: of a node that is not reached, or (`is_local`) only by itself."""

    node: str
    target: str
    labels: Mapping[str, str]
    is_local: bool = False


@dataclass(frozen=True, slots=True)
class _Seen:
    """A cluster as Prometheus sees it, from one of its nodes or from elsewhere."""

    source: Source
    place: str

    def nodes(self, port: int) -> Iterator[_Target]:
        for node in self.source.cluster.nodes.values():
            host = "127.0.0.1" if node.name == self.place else address_for(self.source.cluster, node).host
            yield _Target(node.name, f"{in_url(host)}:{port}" if host else "", self._labels(node))

    def checks(self) -> Iterator[_Target]:
        for service in self.source.cluster.services.values():
            for name in service.nodes:
                for check in service.checks:
                    if isinstance(check, HttpCheck):
                        yield self._check(service, self.source.cluster.nodes[name], check)

    def _check(self, service: Service, node: Node, check: HttpCheck) -> _Target:
        url, labels = urlsplit(check.url), self._labels(node, service.name)
        if node.name == self.place or not is_loopback(url.hostname or ""):
            return _Target(node.name, check.url, labels)
        number = url.port or _PORTS.get(url.scheme, 0)
        taken = [port for port in self.source.ports.get((service.name, node.name), ()) if number in port]
        if taken and all(port.is_local for port in taken):
            return _Target(node.name, "", labels, is_local=True)
        host = address_for(self.source.cluster, node).host
        return _Target(node.name, _elsewhere(url, host) if host else "", labels)

    def _labels(self, node: Node, service: str = "") -> dict[str, str]:
        named = {"cluster": self.source.cluster.name, "node": node.name, "role": node.role, "service": service}
        return {"kind": "service" if service else "node", **{name: value for name, value in named.items() if value}}

    def notes(self, found: Sequence[_Target]) -> Iterator[Note]:
        """A line for each reason, with all that are left out because of it."""
        lost = dict.fromkeys(one.node for one in found if not one.target and not one.is_local)
        if lost:
            remedy = f"say it in config/cluster.yml: `nodes: {{{next(iter(lost))}: {{variables: {{address: …}}}}}}`"
            yield Note(f"left out, because no address is known that other machines reach: {', '.join(lost)}", remedy)
        local = dict.fromkeys(f"{one.labels['service']} on {one.node}" for one in found if one.is_local)
        if local:
            remedy = "say with `--from` on which node Prometheus runs, and publish what others are to reach"
            yield Note(f"left out, because only its node reaches it: {', '.join(local)}", remedy)


def _elsewhere(url: SplitResult, host: str) -> str:
    """The same URL for another machine."""
    port = f":{url.port}" if url.port else ""
    return url._replace(netloc=f"{in_url(host)}{port}").geturl()
