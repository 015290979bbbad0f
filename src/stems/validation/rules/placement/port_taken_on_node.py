"""A port that something undeclared has on the node already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.model.truth import UNKNOWN, FoundContainer, Truth
from stems.readers.ports import published
from stems.readers.truth import MARK
from stems.tools.compose.model.project import Port
from stems.tools.compose.naming import normalised
from stems.validation.hardware import Put, put_on
from stems.validation.page import Page
from stems.validation.projects import services_of
from stems.validation.resource import Resource, resource_of
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject
from stems.validation.truth import truth_of_nodes

CODE = "STM220"


def _found(container: str) -> str:
    return f"{MARK}.\nnode: gate\ncontainers:\n  - {container}\n"


_WEB = "services:\n  web:\n    image: home/web:1\n    ports:\n      - 8080:80\n"

PAGE = Page(
    checks="""Ports that Compose services publish on a node where `stems discover` found them published by a container
of a project that the node is not declared to have. Ports that Docker chooses, and containers that share the network of
the node, do not count.""",
    why="""The service does not start: `port is already allocated`. What has the port is managed by nobody, so that no
plan shows it.""",
    instead="""Give the service another port, or take over what has it: `stems adopt NODE`. Where it is gone, run
`stems discover` again.""",
    bad={
        "services/web/compose.yml": _WEB,
        "truth/gate.yml": _found("{name: portainer, image: portainer/portainer-ce:2.21.4, ports: ['8080:9000/tcp']}"),
    },
    good={
        "services/web/compose.yml": _WEB.replace("8080", "8081"),
        "truth/gate.yml": _found("{name: portainer, image: portainer/portainer-ce:2.21.4, ports: ['8080:9000/tcp']}"),
    },
    also_bad=(
        {
            "services/web/compose.yml": _WEB,
            "truth/gate.yml": _found("{name: a-b-1, image: 'a:1', project: a, ports: ['127.0.0.1:8080:1/tcp']}"),
        },
    ),
    also_good=(
        # Its own, from the last deployment or before stems.
        {
            "services/web/compose.yml": _WEB,
            "truth/gate.yml": _found("{name: web-web-1, image: 'home/web:1', project: web, ports: ['8080:80/tcp']}"),
        },
        {
            "services/web/compose.yml": _WEB.replace("    ports", "    container_name: site\n    ports"),
            "truth/gate.yml": _found("{name: site, image: 'home/web:1', ports: ['8080:80/tcp']}"),
        },
        {
            "services/web/compose.yml": _WEB.replace("8080:80", "127.0.0.1:8080:80"),
            "truth/gate.yml": _found("{name: a, image: 'a:1', ports: ['192.0.2.7:8080:1/tcp', '8080:1/udp']}"),
        },
        {"services/web/compose.yml": _WEB, "truth/gate.yml": f"{MARK}.\nnode: gate\ncontainers: unknown\n"},
        {
            "services/web/compose.yml": _WEB,
            "truth/work.yml": _found("{name: a, image: 'a:1', ports: ['8080:1/tcp']}").replace("gate", "work"),
        },
    ),
)

_MOST = 2000


def check(subject: Subject) -> Iterator[Finding]:
    truths, own = subject.once(truth_of_nodes).nodes, subject.once(_own_names)
    for name, puts in subject.once(put_on).items():
        taken = _taken(truths[name], own.get(name, frozenset())) if name in truths else {}
        for put in puts if taken else ():
            # A unit may be what has the port there.
            for port in put.service.ports if put.is_of_compose else ():
                yield from _finding(name, put, port, taken)


def _finding(
    node: str, put: Put, port: Port, taken: Mapping[str, list[tuple[Resource, FoundContainer]]]
) -> Iterator[Finding]:
    for asked in _resources(port):
        other = next((one for has, one in taken.get(asked.name, ()) if asked.meets(has)), None)
        if other is not None:
            message = f"{put.name}: publishes {asked.name}, which container {other.name} has on {node}"
            remedy = f"give it another port, or see `stems adopt {node}`; if it is gone, run `stems discover`"
            yield Finding(CODE, port.place, message, remedy, Severity.WARNING)
            return


def _own_names(subject: Subject) -> dict[str, frozenset[str]]:
    """By node, the projects and containers that are declared there, however Compose calls them."""
    found: dict[str, set[str]] = defaultdict(set)
    for composed, service in subject.once(services_of):
        declared, project = composed.declared, composed.project.name
        names = (project, service.text("container_name"), normalised(declared.name) if declared else "")
        for node in composed.nodes:
            found[node.name].update(name for name in names if isinstance(name, str) and name)
    return {name: frozenset(names) for name, names in found.items()}


def _taken(truth: Truth, own: frozenset[str]) -> dict[str, list[tuple[Resource, FoundContainer]]]:
    taken: dict[str, list[tuple[Resource, FoundContainer]]] = defaultdict(list)
    for container in truth.containers if truth.containers is not UNKNOWN else ():
        is_own = container.name in own or container.project in own
        for port in (each for text in container.ports if not is_own for each in published(text)):
            if port.is_certain and len(taken) < _MOST:
                resource = resource_of(f"port:{port}")
                taken[resource.name].append((resource, container))
    return taken


def _resources(port: Port) -> Iterator[Resource]:
    if not port.is_certain or not isinstance(port.address, str) or not isinstance(port.protocol, str):
        return
    address = f"[{port.address}]" if ":" in port.address else port.address
    for number in port.numbers:
        yield resource_of(f"port:{address}:{number}/{port.protocol}")


RULE = Rule(CODE, "port-taken-on-node", Stage.PLACEMENT, Principle.P1, PAGE, check, Severity.WARNING)
