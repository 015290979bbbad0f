"""A port that two services of one project publish."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.compose.model.project import Port, Project, Service
from stems.validation.ansible_trees import ansible_trees_of
from stems.validation.page import Page
from stems.validation.projects import projects_of
from stems.validation.quadlet_containers import quadlet_containers_of
from stems.validation.resource import Resource, resource_of
from stems.validation.rule import Rule
from stems.validation.services import runs
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM215"

PAGE = Page(
    checks="""Ports that two Compose services publish on one address with one protocol, in one project or in two that
lie in the folder of one node, as `hosts/gate/web` and `hosts/gate/dns` do, and two quadlets in one folder. Only
projects that no service of `config/cluster.yml` has are meant; for the others two-owners tells it on each node.
Ranges, and services that run only with a profile, do not count.""",
    why="""The second container does not start: `port is already allocated`. Which one is the second changes from
start to start.""",
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
        {
            "hosts/gate/a/compose.yml": "services: {a: {image: 'home/a:1', ports: ['8080:80']}}\n",
            "hosts/gate/b/compose.yml": "services: {b: {image: 'home/b:1', ports: ['8080:80']}}\n",
        },
        {"compose.yml": "services: {a: {image: 'home/a:1', ports: ['8080:80', '8080:81']}}\n"},
        {
            "quadlets/a.container": "[Container]\nImage=docker.io/home/a:1\nPublishPort=8080:80\n",
            "quadlets/b.container": "[Container]\nImage=docker.io/home/b:1\nPublishPort=0.0.0.0:8080:8000\n",
        },
        {
            "hosts.ini": "[homelab]\ngate ansible_host=192.0.2.7\nwork ansible_host=192.0.2.8\n",
            "playbook.yml": "- hosts: all\n  tasks:\n    - ping:\n",
            "docker/gate/a/compose.yml": "services: {a: {image: 'home/a:1', ports: ['8080:80']}}\n",
            "docker/gate/b/compose.yml": "services: {a: {image: 'home/b:1', ports: ['8080:80']}}\n",
        },
    ),
    also_good=(
        # Each on its own node, or on one that is not known.
        {
            "hosts/gate/a/compose.yml": "services: {a: {image: 'home/a:1', ports: ['8080:80']}}\n",
            "hosts/gpu/b/compose.yml": "services: {b: {image: 'home/b:1', ports: ['8080:80']}}\n",
        },
        {
            "stacks/media/a/compose.yml": "services: {a: {image: 'home/a:1', ports: ['8080:80']}}\n",
            "stacks/media/b/compose.yml": "services: {b: {image: 'home/b:1', ports: ['8080:80']}}\n",
        },
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
        {"compose.yml": "services: {a: {image: 'home/a:1', ports: ['8080:80', '8080:80/udp', '8080:80']}}\n"},
        {
            "quadlets/a.container": "[Container]\nImage=docker.io/home/a:1\nPublishPort=192.0.2.1:53:53/udp\n",
            "quadlets/b.container": "[Container]\nImage=docker.io/home/b:1\nPublishPort=192.0.2.2:53:53/udp\n",
            "gate/quadlets/c.container": "[Container]\nImage=docker.io/home/c:1\nPublishPort=53:53/udp\n",
        },
        # Two projects may be on two nodes.
        {
            "a/compose.yml": "services: {a: {image: 'home/a:1', ports: ['8080:80']}}\n",
            "b/compose.yml": "services: {b: {image: 'home/b:1', ports: ['8080:80']}}\n",
        },
    ),
)

_MOST = 2000
_OF_NODES = frozenset({"hosts", "nodes", "machines"})


def check(subject: Subject) -> Iterator[Finding]:
    names = subject.once(_node_names)
    groups: dict[str, list[Project]] = defaultdict(list)
    for number, composed in enumerate(subject.once(projects_of)):
        if composed.declared is None and composed.is_alone:
            groups[_node_folder(composed.project.folder, names) or str(number)].append(composed.project)
    for projects in groups.values():
        yield from _of([service for project in projects for service in project.services.values()])
    folders: dict[str, list[Service]] = defaultdict(list)
    for service in subject.once(quadlet_containers_of):
        folders[posixpath.dirname(service.place.path)].append(service)
    for services in folders.values():
        yield from _of(services)


def _node_names(subject: Subject) -> frozenset[str]:
    trees = subject.once(ansible_trees_of)
    found = (name for tree in trees for inventory in tree.inventories for name in inventory.hosts)
    return frozenset((*subject.cluster.nodes, *found))


def _node_folder(folder: str, names: frozenset[str]) -> str:
    """The folder of the one node that a project is for, as far as its path says so."""
    parts = folder.split("/")
    for index, part in enumerate(parts):
        if part in names or (index > 0 and parts[index - 1] in _OF_NODES):
            return "/".join(parts[: index + 1])
    return ""


def _of(services: list[Service]) -> Iterator[Finding]:
    taken: dict[str, list[tuple[Resource, Service, Port]]] = {}
    count = 0
    for service in services:
        if not service.is_started or not runs(service) or not service.publishes:
            continue
        for port, resource in ((one, each) for one in service.ports for each in _resources(one)):
            count += 1
            if count > _MOST:
                return
            others = taken.setdefault(resource.name, [])
            meeting = [(one, there) for meets, one, there in others if resource.meets(meets)]
            # Compose takes one of two entries that say the same.
            other = next((one for one, there in meeting if one is not service or there.target != port.target), None)
            if other is not None:
                who = "it" if other is service else other.name
                message = f"{service.name}: publishes {resource.name}, which {who} publishes too"
                remedy = "give one of them another port"
                yield Finding(CODE, port.place, message, remedy, Severity.WARNING, (other.place,))
            others.append((resource, service, port))


def _resources(port: Port) -> Iterator[Resource]:
    if not port.is_certain or not isinstance(port.address, str) or not isinstance(port.protocol, str):
        return
    address = f"[{port.address}]:" if ":" in port.address else f"{port.address}:" if port.address else ""
    for number in port.numbers:
        yield resource_of(f"port:{address}{number}/{port.protocol}")


RULE = Rule(CODE, "port-taken-twice", Stage.PLACEMENT, Principle.P1, PAGE, check, Severity.WARNING)
