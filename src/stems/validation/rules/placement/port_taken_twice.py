"""A port that two services of one project publish."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.tools.compose.model.project import Port, Project
from stems.validation.page import Page
from stems.validation.projects import projects_of
from stems.validation.resource import Resource, resource_of
from stems.validation.rule import Rule
from stems.validation.services import runs
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM215"

PAGE = Page(
    checks="""Ports that two Compose services of one project publish on one address with one protocol, in projects that
no service of `config/cluster.yml` has; for those that one has, two-owners tells it on each node. Ranges, and services
that run only with a profile, do not count.""",
    why="""The second container does not start: `port is already allocated`. Which one is the second changes from start
to start.""",
    instead="Give one of them another port, or an address of its own.",
    bad={
        "stacks/media/docker-compose.yml": """
            services:
              sonarr:
                image: lscr.io/linuxserver/sonarr:4.0.9
                ports: ["8989:8989"]
              radarr:
                image: lscr.io/linuxserver/radarr:5.11.0
                ports: ["8989:7878"]
            """,
    },
    good={
        "stacks/media/docker-compose.yml": """
            services:
              sonarr:
                image: lscr.io/linuxserver/sonarr:4.0.9
                ports: ["8989:8989"]
              radarr:
                image: lscr.io/linuxserver/radarr:5.11.0
                ports: ["7878:7878"]
            """,
    },
    also_bad=(
        {
            "compose.yml": """
                services:
                  a: {image: 'home/a:1', ports: ['127.0.0.1:8080:80']}
                  b: {image: 'home/b:1', ports: ['8080:80']}
                """
        },
        {
            "compose.yml": """
                services:
                  a: {image: 'home/a:1', ports: ['[::1]:53:53/udp']}
                  b: {image: 'home/b:1', ports: ['[::]:53:53/udp']}
                """
        },
        {
            "compose.yml": """
                services:
                  a: {image: 'home/a:1', ports: ['8000-8010:8000-8010']}
                  b: {image: 'home/b:1', ports: ['8005:80']}
                """
        },
        {
            "compose.yml": """
                services:
                  a: {image: 'home/a:1', ports: [{target: 80, published: '8080'}]}
                  b: {image: 'home/b:1', ports: ['8080:80']}
                """
        },
    ),
    also_good=(
        # Pi-hole and another resolver, each on its own address.
        {
            "dns/docker-compose.yml": """
                services:
                  pihole:
                    image: pihole/pihole:2024.07.0
                    ports: ["192.0.2.2:53:53/tcp", "192.0.2.2:53:53/udp", "192.0.2.2:80:80"]
                  unbound:
                    image: mvance/unbound:1.21.1
                    ports: ["192.0.2.3:53:53/tcp", "192.0.2.3:53:53/udp"]
                """,
        },
        {"compose.yml": "services: {a: {image: 'home/a:1', ports: ['8080:80/tcp', '8080:80/udp']}}\n"},
        {
            "compose.yml": """
                services:
                  a: {image: 'home/a:1', ports: ['8080:80']}
                  b: {image: 'home/b:1', profiles: [b], ports: ['8080:80']}
                """
        },
        {
            "compose.yml": """
                services:
                  a: {image: 'home/a:1', ports: ['8080-8090:80']}
                  b: {image: 'home/b:1', ports: ['8080:80']}
                """
        },
        {
            "compose.yml": """
                services:
                  a: {image: 'home/a:1', ports: ['${A:-8080}:80']}
                  b: {image: 'home/b:1', ports: ['8080:80']}
                """
        },
        {"compose.yml": "services: {a: {image: 'home/a:1', ports: [80]}, b: {image: 'home/b:1', ports: [80]}}\n"},
        # Two projects may be on two nodes.
        {
            "a/compose.yml": "services: {a: {image: 'home/a:1', ports: ['8080:80']}}\n",
            "b/compose.yml": "services: {b: {image: 'home/b:1', ports: ['8080:80']}}\n",
        },
    ),
)

_MOST = 2000


def check(subject: Subject) -> Iterator[Finding]:
    for composed in subject.once(projects_of):
        if composed.declared is None and composed.is_alone:
            yield from _of(composed.project)


def _of(project: Project) -> Iterator[Finding]:
    taken: dict[str, list[tuple[Resource, str, Place]]] = {}
    count = 0
    for service in project.services.values():
        if not service.is_started or not runs(service) or service.text("network_mode"):
            continue
        for port in service.ports:
            for resource in _resources(port):
                count += 1
                if count > _MOST:
                    return
                others = taken.setdefault(resource.name, [])
                for other, name, place in others:
                    if name != service.name and resource.meets(other):
                        message = f"{service.name}: publishes {resource.name}, which {name} publishes too"
                        remedy = "give one of them another port"
                        yield Finding(CODE, port.place, message, remedy, Severity.WARNING, (place,))
                        break
                others.append((resource, service.name, port.place))


def _resources(port: Port) -> Iterator[Resource]:
    if not port.is_certain or not isinstance(port.address, str) or not isinstance(port.protocol, str):
        return
    address = f"[{port.address}]:" if ":" in port.address else f"{port.address}:" if port.address else ""
    for number in port.numbers:
        yield resource_of(f"port:{address}{number}/{port.protocol}")


RULE = Rule(CODE, "port-taken-twice", Stage.PLACEMENT, Principle.P1, PAGE, check, Severity.WARNING)
