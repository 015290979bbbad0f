"""The page of a reverse proxy that shows everything and asks for nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.tools.compose.model.project import Service
from stems.validation.files import File
from stems.validation.images import name_of
from stems.validation.other_projects import containers_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject
from stems.validation.unit_settings import settings_in

CODE = "STM527"

PAGE = Page(
    checks="""Traefik with `--api.insecure`, or the same in the file of settings that it mounts, whose port 8080 is
published on every address of the node, or that is in the node's own network.""",
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
            "services/proxy/compose.yml": """
                services:
                  traefik:
                    image: traefik:v3.1
                    ports: ["8080:8080"]
                    volumes: ["./traefik.yml:/etc/traefik/traefik.yml:ro"]
                """,
            "services/proxy/traefik.yml": "log: {level: INFO}\napi:\n  dashboard: true\n  insecure: true\n",
        },
        {
            "quadlets/traefik.container": """
                [Container]
                Image=docker.io/library/traefik:v3.1
                Exec=--api.insecure=true --providers.docker
                PublishPort=8080:8080
                """,
        },
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
                    image: traefik:v3.1
                    ports: ["8080:8080"]
                    volumes: ["./traefik.yml:/etc/traefik/traefik.yml:ro"]
                """,
            "services/proxy/traefik.yml": "api:\n  # insecure: true\n  dashboard: true\nother:\n  insecure: true\n",
        },
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
_SETTINGS = re.compile(r"/traefik\.(?:ya?ml|toml)$")
_EVERY = frozenset({"", "0.0.0.0", "::"})  # noqa: S104  # compared, never bound


def check(subject: Subject) -> Iterator[Finding]:
    for service in subject.once(containers_of):
        if name_of(service.image) != "traefik" or not _is_open(service):
            continue
        place = _insecure(service) or _configured(subject, service)
        if place is not None:
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


def _configured(subject: Subject, service: Service) -> Place | None:
    """Where the file of settings that it mounts says so."""
    for mount in service.mounts:
        file = subject.files.get(mount.source) if isinstance(mount.source, str) else None
        if file is not None and isinstance(mount.target, str) and _SETTINGS.search(mount.target):
            return _said_in(file)
    return None


def _said_in(file: File) -> Place | None:
    for document in file.documents if file.name.endswith((".yml", ".yaml")) else ():
        api = document.value.get("api") if isinstance(document.value, dict) else None
        if isinstance(api, dict) and api.get("insecure") is True:
            return document.key_place("api", "insecure")
    for setting in settings_in(file.lines) if file.name.endswith(".toml") else ():
        if (setting.section, setting.name) == ("api", "insecure") and setting.value.startswith("true"):
            return file.place(setting.line, 1)
    return None


def _is_open(service: Service) -> bool:
    if service.text("network_mode") == "host":
        return True
    return any(
        port.target == _PORT and isinstance(port.address, str) and port.address in _EVERY for port in service.ports
    )


RULE = Rule(CODE, "open-dashboard", Stage.SERVICE, Principle.P4, PAGE, check, Severity.WARNING)
