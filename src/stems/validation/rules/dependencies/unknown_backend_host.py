"""A database under a name that no service has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.model.suggestion import did_you_mean
from stems.readers.substitution import UNKNOWN, Unknown
from stems.tools.compose.model.project import Project, Service
from stems.validation.ansible_trees import ansible_trees_of
from stems.validation.images import BACKENDS, family
from stems.validation.page import Page
from stems.validation.projects import Composed, projects_of
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM533"

PAGE = Page(
    checks="""Variables of services that say where a database, cache or queue is - `DB_HOST`, `REDIS_HOST`,
`DATABASE_URL` and so on - in projects that have one: a name without a dot that no service of the repository, container,
alias or node has.""",
    why="""The service starts and cannot find its database: `could not translate host name "postgres" to address`. The
other service was renamed, or the variable was copied from another project.""",
    instead="Write the name of the service: containers of one project reach each other by it.",
    bad={
        "services/app/compose.yml": """
            services:
              app:
                image: home/app:1
                environment:
                  DB_HOST: postgres
              db:
                image: postgres:16
            """,
    },
    good={
        "services/app/compose.yml": """
            services:
              app:
                image: home/app:1
                environment:
                  DB_HOST: db
              db:
                image: postgres:16
            """,
    },
    also_bad=(
        {
            "stacks/cloud/docker-compose.yml": """
                services:
                  cloud:
                    image: nextcloud:30
                    environment: [MYSQL_HOST=mariadb, REDIS_HOST=redis]
                  redis: {image: 'redis:7.4'}
                  db: {image: 'mariadb:11'}
                """,
        },
        {
            "stacks/app/docker-compose.yml": """
                services:
                  app:
                    image: home/app:1
                    environment: {DATABASE_URL: "postgres://app:${DB_PASSWORD}@databse:5432/app?sslmode=disable"}
                  database: {image: 'postgres:16'}
                """,
        },
    ),
    also_good=(
        {
            "stacks/app/docker-compose.yml": """
                services:
                  app:
                    image: home/app:1
                    environment: {DB_HOST: app-postgres, REDIS_HOST: cache, MONGO_HOST: store, MYSQL_HOST: old}
                    extra_hosts: ["old:192.0.2.7"]
                  db: {image: 'postgres:16', container_name: app-postgres}
                  kept: {image: 'redis:7.4', networks: {default: {aliases: [cache]}}}
                  mongo: {image: 'mongo:7', hostname: store}
                """,
        },
        # It is on another machine, or in another project.
        {
            "stacks/app/docker-compose.yml": """
                services:
                  app:
                    image: home/app:1
                    environment: {REDIS_HOST: 192.0.2.7, DB_HOST: '${DB_HOST}', MYSQL_HOST: nas}
                  cache: {image: 'redis:7.4'}
                  db: {image: 'mariadb:11'}
                """,
            "hosts.ini": "[storage]\nnas ansible_host=192.0.2.9\n",
            "playbook.yml": "- hosts: all\n  tasks:\n    - ping:\n",
        },
        {
            "stacks/app/docker-compose.yml": """
                services:
                  app: {image: 'home/app:1', environment: {DB_HOST: postgres}}
                """,
        },
        {
            "stacks/app/docker-compose.yml": """
                services:
                  app: {image: 'home/app:1', environment: {DB_HOST: postgres}, networks: [data]}
                  cache: {image: 'redis:7.4'}
                networks: {data: {external: true}}
                """,
            "stacks/data/docker-compose.yml": """
                services: {postgres: {image: 'postgres:16', networks: [data]}}
                networks: {data: {name: data}}
                """,
        },
        {
            "stacks/app/docker-compose.yml": """
                services:
                  app: {image: 'home/app:1', environment: {DB_HOST: localhost, DB_NAME: postgres, SMTP_HOST: mail}}
                  db: {image: 'postgres:16', network_mode: 'service:app'}
                """,
        },
    ),
)

_KINDS = {
    "db": {5432, 3306}, "database": {5432, 3306}, "pg": {5432}, "postgres": {5432}, "postgresql": {5432},
    "mysql": {3306}, "mariadb": {3306}, "redis": {6379}, "rediss": {6379}, "valkey": {6379}, "mongo": {27017},
    "mongodb": {27017}, "rabbitmq": {5672}, "amqp": {5672}, "amqps": {5672},
}  # fmt: skip
"""The usual ports of what a variable or an address is about."""
_HOST = re.compile(
    r"(?:\w+_)?(?P<kind>DB|DATABASE|PG|POSTGRES|POSTGRESQL|MYSQL|MARIADB|REDIS|VALKEY|MONGO|MONGODB|RABBITMQ|AMQP)"
    r"_?(?:HOST|HOSTNAME|SERVER)(?:_NAME)?",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"(?P<kind>postgres|postgresql|mysql|mariadb|rediss?|mongodb|amqps?)(?:\+\w+)?://(?:[^@/\s]*@)?"
    r"(?P<host>[A-Za-z][\w-]*)(?:[:/?]|$)"
)
_NAME = re.compile(r"(?P<host>[A-Za-z][\w-]*)(?::\d+)?")
_ALWAYS = frozenset({"localhost", "host", "none", "null", "true", "false", "changeme"})
_LONGEST = 500


def check(subject: Subject) -> Iterator[Finding]:
    known: set[object] | None = None
    for composed in subject.once(projects_of):
        ports = _backends(composed)
        if not ports or UNKNOWN in set(_names(composed)):
            continue
        for service in composed.project.services.values():
            for name, variable in service.environment.items():
                host = _host(name, _text(service, name, variable.value), ports)
                if not host:
                    continue
                known = _known(subject) if known is None else known
                if host not in known:
                    own = did_you_mean(host, composed.project.services)
                    message = f"{service.name}: {name} says {host}, which no service is called{own}"
                    remedy = "write the name of the service that is meant"
                    yield Finding(CODE, variable.place, message, remedy, Severity.WARNING)


def _backends(composed: Composed) -> set[int]:
    """The ports of the databases that a project has for itself; none where it shares a network with others."""
    project = composed.project
    if not composed.is_alone or not project.is_complete:
        return set()
    if any(network.is_external is not False for network in project.networks.values()):
        return set()
    return {BACKENDS[name] for one in project.services.values() if (name := family(one, BACKENDS))}


def _text(service: Service, name: str, value: object) -> str:
    """The value, or how it is written where a part of it is not known."""
    if isinstance(value, str):
        return value
    item = service.value.at("environment", name)
    return item.written.removeprefix(f"{name}=") if item is not None else ""


def _host(name: str, value: str, ports: set[int]) -> str:
    if len(value) > _LONGEST:
        return ""
    said, written = _HOST.fullmatch(name), _ADDRESS.match(value)
    found = _NAME.fullmatch(value) if said else written
    kind = said or written
    if found is None or kind is None or ports.isdisjoint(_KINDS[kind["kind"].lower()]):
        return ""
    return found["host"] if found["host"].lower() not in _ALWAYS else ""


def _known(subject: Subject) -> set[object]:
    """Every name under which something may answer."""
    found: set[object] = set(subject.cluster.nodes)
    found |= {node.hostname for node in subject.cluster.nodes.values()}
    for composed in subject.once(projects_of):
        found.update(_names(composed))
    for tree in subject.once(ansible_trees_of):
        for inventory in tree.inventories:
            found |= inventory.names
    return found


def _names(composed: Composed) -> Iterator[object]:
    project = composed.project
    yield project.name
    for service in project.services.values():
        yield from (service.name, service.text("container_name"), service.text("hostname"))
        yield from _made(project, service)
        networks = service.value.at("networks")
        for network in networks.fields.values() if networks is not None else ():
            aliases = network.at("aliases")
            yield from (item.data for item in aliases.items if isinstance(item.data, str | Unknown)) if aliases else ()
        for key in ("extra_hosts", "links", "external_links"):
            value = service.value.at(key)
            for item in value.items if value is not None else ():
                yield from re.split(r"[:=]", item.data) if isinstance(item.data, str) else ()
            yield from value.fields if value is not None else ()


def _made(project: Project, service: Service) -> Iterator[str]:
    """The name that Compose gives to its container."""
    yield f"{project.name}-{service.name}-1"
    yield f"{project.name}_{service.name}_1"


RULE = Rule(
    CODE, "unknown-backend-host", Stage.DEPENDENCIES, Principle.P3, PAGE, check, Severity.WARNING, needs_every_file=True
)
