"""A service on a node that is declared not to have what it requires."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.model.service import Requirements, Service
from stems.readers.truth import MARK
from stems.validation.codes import MISPLACED_SERVICE
from stems.validation.hardware import Has, has_of, size
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

PAGE = Page(
    checks="""A service that `requires` an architecture, memory or a GPU that its node is declared not to have. Where
nothing is declared, what `stems discover` found counts; what is not known is not judged.""",
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
    also_bad=(
        {
            "config/cluster.yml": cluster("""
                domains:
                  services: {tool: systemd, source: services}
                services:
                  web: {node: gate, unit: web.service, requires: {memory: 64G}}
                """),
            "truth/gate.yml": f"{MARK}.\nnode: gate\nmemory: 8G\n",
        },
    ),
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


def check(subject: Subject) -> Iterator[Finding]:
    cluster, nodes = subject.cluster, subject.once(has_of)
    for service in cluster.services.values():
        if service.requires == Requirements():
            continue
        for name in service.nodes:
            for key, message in _missing(service, name, nodes[name]):
                place = cluster.written.place("services", service.name, "requires", key)
                problem = f"services.{service.name}: requires {message}"
                yield Finding(MISPLACED_SERVICE, place, problem, _remedy(nodes, service))


def _missing(service: Service, name: str, has: Has) -> Iterator[tuple[str, str]]:
    needs = service.requires
    if needs.arch and has.arch and has.arch not in needs.arch:
        yield "arch", f"{' or '.join(needs.arch)}, and {name} is {has.arch}"
    if has.memory and needs.memory > has.memory:
        yield "memory", f"{size(needs.memory)} of memory, and {name} has {size(has.memory)}"
    if has.gpu is not None and needs.gpu > has.gpu:
        yield "gpu", f"{needs.gpu} gpu, and {name} has {has.gpu or 'none'}"


def _remedy(nodes: Mapping[str, Has], service: Service) -> str:
    fit = [name for name, has in nodes.items() if not list(_missing(service, name, has))]
    return f"it fits on {', '.join(fit)}" if fit else "no node has what it requires"


RULE = Rule(MISPLACED_SERVICE, "misplaced-service", Stage.PLACEMENT, Principle.P5, PAGE, check)
