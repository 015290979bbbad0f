"""The page of a reverse proxy that shows everything and asks for nothing."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.tools.compose.model.project import Service
from stems.validation.images import name_of
from stems.validation.page import Page
from stems.validation.projects import services_of
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM527"

PAGE = Page(
    checks="""Traefik with `--api.insecure` whose port 8080 is published on every address of the node, or that is in
the node's own network.""",
    why="""The page asks nobody for a password, and lists every service with its name, its address and its
middlewares: a map for whoever got into the network.""",
    instead="""Remove `--api.insecure` and give the dashboard a router with authentication, or publish
`127.0.0.1:8080:8080` only.""",
    bad={
        "services/proxy/compose.yml": """
            services:
              traefik:
                image: traefik:v3.1
                command:
                  - --api.insecure=true
                  - --providers.docker=true
                ports: ["80:80", "8080:8080"]
            """,
    },
    good={
        "services/proxy/compose.yml": """
            services:
              traefik:
                image: traefik:v3.1
                command:
                  - --api.dashboard=true
                  - --providers.docker=true
                ports: ["80:80"]
            """,
    },
    also_bad=(
        {
            "proxy/docker-compose.yml": """
                services:
                  traefik:
                    image: 'traefik:v2.11'
                    command: --api.insecure=true --providers.docker
                    ports: ['8090:8080']
                """
        },
        {
            "services/proxy/compose.yml": """
                services:
                  traefik:
                    image: 'traefik:v3.1'
                    environment: {TRAEFIK_API_INSECURE: 'true'}
                    network_mode: host
                """
        },
    ),
    also_good=(
        {
            "services/proxy/compose.yml": """
                services:
                  traefik:
                    image: 'traefik:v3.1'
                    command: [--api.insecure=true]
                    ports: ['80:80', '127.0.0.1:8080:8080']
                """
        },
        {
            "services/proxy/compose.yml": """
                services:
                  traefik: {image: 'traefik:v3.1', command: [--api.insecure=false], ports: ['8080:8080']}
                """
        },
        {
            "services/proxy/compose.yml": """
                services:
                  traefik: {image: 'traefik:v3.1', command: [--api.insecure=true], ports: ['80:80', '443:443']}
                """
        },
        {
            "services/proxy/compose.yml": """
                services:
                  traefik:
                    image: traefik:v3.1
                    ports: ['8080:8080']
                    command:
                      # - --api.insecure=true
                      - --api.dashboard=true
                """
        },
    ),
)

_PORT = 8080
_EVERY = frozenset({"", "0.0.0.0", "::"})  # noqa: S104  # compared, never bound


def check(subject: Subject) -> Iterator[Finding]:
    for _, service in subject.once(services_of):
        if name_of(service.image) == "traefik" and (place := _insecure(service)) is not None and _is_open(service):
            message = f"{service.name}: its dashboard is open on every address of the node and asks for no password"
            remedy = "remove `--api.insecure`, or publish the port on 127.0.0.1 only"
            yield Finding(CODE, place, message, remedy, Severity.WARNING)


def _insecure(service: Service) -> Place | None:
    command = service.value.at("command")
    for item in (command.items or [command]) if command is not None else []:
        text = item.data.lower() if isinstance(item.data, str) else ""
        if any(word in ("--api.insecure", "--api.insecure=true") for word in text.split()):
            return item.place
    said = service.environment.get("TRAEFIK_API_INSECURE")
    return said.place if said is not None and said.value in ("true", "1") else None


def _is_open(service: Service) -> bool:
    if service.text("network_mode") == "host":
        return True
    return any(
        port.target == _PORT and isinstance(port.address, str) and port.address in _EVERY for port in service.ports
    )


RULE = Rule(CODE, "open-dashboard", Stage.SERVICE, Principle.P4, PAGE, check, Severity.WARNING)
