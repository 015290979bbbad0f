"""A service on a node that is declared not to have what it requires."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.cluster import Cluster
from stems.model.finding import Finding
from stems.model.node import Hardware, Node
from stems.model.principle import Principle
from stems.model.service import Requirements, Service
from stems.validation.codes import MISPLACED_SERVICE
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

PAGE = Page(
    checks="""A service that `requires` an architecture, memory or a GPU that its node is declared not to have. What
is not declared is not judged.""",
    why="""A person decides where a service runs, and writes down what it needs. An image for another architecture
does not start (`exec format error`), and a node without the memory ends something else to make room.""",
    instead="Put the service on a node that has what it needs; the finding names those.",
    bad={
        "config/cluster.yml": """
            version: 1
            cluster: {name: home}
            checkout: ~/home-config
            nodes:
              gate: {hostname: gate, ssh: {host: gate.example}, arch: arm64}
              work: {hostname: work, ssh: {host: work.example}, arch: x86_64}
            domains:
              services: {tool: systemd, source: services}
            services:
              web: {node: gate, unit: web.service, requires: {arch: [x86_64]}}
            """,
    },
    good={
        "config/cluster.yml": """
            version: 1
            cluster: {name: home}
            checkout: ~/home-config
            nodes:
              gate: {hostname: gate, ssh: {host: gate.example}, arch: arm64}
              work: {hostname: work, ssh: {host: work.example}, arch: x86_64}
            domains:
              services: {tool: systemd, source: services}
            services:
              web: {node: work, unit: web.service, requires: {arch: [x86_64]}}
            """,
    },
    also_good=(
        {
            "config/cluster.yml": cluster("""
                domains:
                  services: {tool: systemd, source: services}
                services:
                  web: {node: gate, unit: web.service, requires: {memory: 64G, gpu: 2}}
                """),
        },
    ),
)

_GIB = 1024**3


def check(subject: Subject) -> Iterator[Finding]:
    cluster = subject.cluster
    for service in cluster.services.values():
        if service.requires == Requirements():
            continue
        for name in service.nodes:
            for key, message in _missing(service, cluster.nodes[name]):
                place = cluster.written.place("services", service.name, "requires", key)
                problem = f"services.{service.name}: requires {message}"
                yield Finding(MISPLACED_SERVICE, place, problem, _remedy(cluster, service))


def _missing(service: Service, node: Node) -> Iterator[tuple[str, str]]:
    needs, has = service.requires, node.hardware
    if needs.arch and node.arch and node.arch not in needs.arch:
        yield "arch", f"{' or '.join(needs.arch)}, and {node.name} is {node.arch}"
    if has.memory and needs.memory > has.memory:
        yield "memory", f"{_size(needs.memory)} of memory, and {node.name} has {_size(has.memory)}"
    if has != Hardware() and needs.gpu > has.gpu:
        yield "gpu", f"{needs.gpu} gpu, and {node.name} has {has.gpu or 'none'}"


def _remedy(cluster: Cluster, service: Service) -> str:
    fit = [node.name for node in cluster.nodes.values() if not list(_missing(service, node))]
    return f"it fits on {', '.join(fit)}" if fit else "no node has what it requires"


def _size(number: int) -> str:
    return f"{number / _GIB:.3g}G" if number >= _GIB else f"{number / 1024**2:.3g}M"


RULE = Rule(MISPLACED_SERVICE, "misplaced-service", Stage.PLACEMENT, Principle.P5, PAGE, check)
