"""Ports of a container that is in the network of another one, or of the node."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.compose.model.project import Service
from stems.validation.page import Page
from stems.validation.projects import services_of, worst
from stems.validation.rule import Rule
from stems.validation.services import key_place
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM528"

PAGE = Page(
    checks="""`ports` of services with `network_mode` set to a service or a container, which Docker refuses, and to
`host`, `none`, where they have no effect and it is a warning.""",
    why="""A torrent client is put behind a VPN, its ports stay where they were, and Docker refuses it: `conflicting
options: port publishing and the container type network mode`. With `host` they have no effect.""",
    instead="Publish the ports at the service whose network it is; with `host`, remove them.",
    bad={
        "services/vpn/compose.yml": """
            services:
              vpn:
                image: qmcgaw/gluetun:v3.39.0
                cap_add: [NET_ADMIN]
              torrent:
                image: lscr.io/linuxserver/qbittorrent:5.0.0
                network_mode: service:vpn
                ports: ["8081:8081"]
            """,
    },
    good={
        "services/vpn/compose.yml": """
            services:
              vpn:
                image: qmcgaw/gluetun:v3.39.0
                cap_add: [NET_ADMIN]
                ports: ["8081:8081"]
              torrent:
                image: lscr.io/linuxserver/qbittorrent:5.0.0
                network_mode: service:vpn
            """,
    },
    also_bad=(
        {
            "services/media/docker-compose.yml": """
                services:
                  torrent:
                    image: 'linuxserver/transmission:4.0.6'
                    network_mode: 'container:vpn'
                    ports: ['9091:9091']
                """
        },
        {
            "services/vpn/compose.yml": """
                services:
                  vpn: {image: "qmcgaw/gluetun:v3.39.0"}
                  torrent: {extends: {file: torrent.yml, service: torrent}, network_mode: "service:vpn"}
                """,
            "services/vpn/torrent.yml": """
                services:
                  torrent: {image: 'linuxserver/qbittorrent:5.0.0', ports: ['8081:8081']}
                """,
        },
    ),
    also_good=(
        {
            "services/ha/compose.yml": """
                services:
                  ha: {image: 'ghcr.io/home-assistant/home-assistant:2024.9', network_mode: host}
                """
        },
        {
            "services/web/compose.yml": """
                services:
                  web: {image: 'nginx:1.27', network_mode: bridge, ports: ['8080:80']}
                """
        },
        {
            "services/web/compose.yml": """
                services:
                  web: {image: 'nginx:1.27', network_mode: '${MODE:-host}', ports: ['8080:80']}
                """,
            "services/web/env.template": "MODE=\n",
        },
        {
            "services/vpn/compose.yml": """
                services:
                  vpn: {image: "qmcgaw/gluetun:v3.39.0"}
                  torrent:
                    image: linuxserver/qbittorrent:5.0.0
                    network_mode: service:vpn
                    # ports: ["8081:8081"]
                """,
        },
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for composed, service in subject.once(services_of):
        mode = service.text("network_mode")
        if isinstance(mode, str) and service.ports:
            yield from _of(service, mode, worst(subject, composed))


def _of(service: Service, mode: str, severity: Severity) -> Iterator[Finding]:
    kind, _, other = mode.partition(":")
    place = key_place(service, "ports")
    if kind in ("service", "container") and other:
        message = f"{service.name}: Docker refuses `ports` of what is in the network of {other}"
        yield Finding(CODE, place, message, f"publish them at {other}", severity)
    elif mode in ("host", "none"):
        message = f"{service.name}: `ports` have no effect with `network_mode: {mode}`"
        yield Finding(CODE, place, message, "remove them", Severity.WARNING)


RULE = Rule(CODE, "ports-of-borrowed-network", Stage.SERVICE, Principle.P3, PAGE, check)
