"""A database that everybody in the network can reach."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.compose.model.project import Port
from stems.validation.images import BACKENDS, family
from stems.validation.other_projects import containers_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM526"

PAGE = Page(
    checks="""Ports of well-known databases, caches, queues and proxies of Docker's socket that are published on every
address of the node.""",
    why="""Docker opens published ports past the firewall: `ufw` shows them closed, and they are open. Other
containers of the project need no published port, and what scans the network finds a Redis without a password within
minutes.""",
    instead="""Remove the port: services of one network reach each other by name. To reach it from the node itself,
write `127.0.0.1:5432:5432`.""",
    bad={
        "services/db/compose.yml": """
            services:
              db:
                image: postgres:16
                ports: ["5432:5432"]
            """,
    },
    good={
        "services/db/compose.yml": """
            services:
              db:
                image: postgres:16
                ports: ["127.0.0.1:5432:5432"]
            """,
    },
    also_bad=(
        {
            "services/cache/compose.yml": """
                services:
                  cache: {image: 'redis:7.4-alpine', ports: ['0.0.0.0:16379:6379']}
                """
        },
        {
            "nextcloud/docker-compose.yml": """
                services:
                  db:
                    image: docker.io/library/mariadb:11.4
                    ports:
                      - target: 3306
                        published: "3307"
                """,
        },
        {"stacks/mongo/compose.yaml": "services: {mongo: {image: 'mongo:7', ports: ['27017-27018:27017-27018']}}\n"},
        {
            "services/docker/compose.yml": """
                services:
                  docker: {image: 'tecnativa/docker-socket-proxy:0.3.0', ports: ['2375:2375']}
                """
        },
        {"services/db/compose.yml": "services: {db: {image: 'postgres:16', ports: ['[::]:5432:5432']}}\n"},
        {"quadlets/db.container": "[Container]\nImage=docker.io/library/postgres:16\nPublishPort=5432:5432\n"},
        {
            "site.yml": """
                - hosts: all
                  tasks:
                    - docker_container: {name: cache, image: "redis:7.4", published_ports: "6379:6379"}
                """,
        },
    ),
    also_good=(
        {
            "services/db/compose.yml": """
                services:
                  db: {image: 'postgres:16', ports: ['192.0.2.4:5432:5432', '[::1]:5432:5432']}
                """
        },
        {"services/db/compose.yml": "services: {db: {image: 'postgres:16', expose: [5432]}}\n"},
        {"quadlets/db.container": "[Container]\nImage=postgres:16\nPublishPort=127.0.0.1:5432:5432\n"},
        {
            "services/db/compose.yml": "services: {db: {image: 'postgres:16', ports: ['${DB_ADDRESS}:5432:5432']}}\n",
            "services/db/env.template": "DB_ADDRESS=\n",
        },
        # Its management page, and not the queue.
        {
            "services/queue/compose.yml": """
                services:
                  queue: {image: 'rabbitmq:3.13-management', ports: ['15672:15672']}
                """
        },
        {"services/db/compose.yml": "services:\n  db:\n    image: postgres:16\n    # ports: ['5432:5432']\n"},
        {"services/admin/compose.yml": "services: {admin: {image: 'adminer:4.8.1', ports: ['8080:8080']}}\n"},
    ),
)

_EVERY = frozenset({"", "0.0.0.0", "::"})  # noqa: S104  # compared, never bound


def check(subject: Subject) -> Iterator[Finding]:
    for service in subject.once(containers_of):
        known = family(service, BACKENDS)
        for port in service.ports if known else ():
            if _is_open(port) and port.target == BACKENDS[known]:
                message = f"{service.name}: {known} is open on every address of the node, past its firewall"
                remedy = f"remove the port, or begin it with an address: `127.0.0.1:{port.published or port.target}:…`"
                yield Finding(CODE, port.place, message, remedy, Severity.WARNING)


def _is_open(port: Port) -> bool:
    return isinstance(port.address, str) and port.address in _EVERY and isinstance(port.target, int)


RULE = Rule(CODE, "open-backend", Stage.SERVICE, Principle.P4, PAGE, check, Severity.WARNING)
