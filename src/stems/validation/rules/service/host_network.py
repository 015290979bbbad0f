"""A container that is in the network of its node."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.images import OF_THE_NODE, family
from stems.validation.other_projects import containers_of
from stems.validation.page import Page
from stems.validation.per_project import PerProject
from stems.validation.rule import Rule
from stems.validation.services import key_place
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM517"

PAGE = Page(
    checks="""Services of Compose with `network_mode: host`, also in templates, and containers of Ansible, quadlets,
units and scripts in the same network. Several in one project are one finding. It is a note for images that have to
find devices in the network, answer DHCP, or look at the node itself, such as Home Assistant, Plex, Pi-hole and
node-exporter.""",
    why="""Whatever the program opens is open on the node itself, also what nobody wrote down, and it reaches what
listens on `127.0.0.1` only. Nothing can tell beforehand which ports collide.""",
    instead="Publish the ports that are needed with `ports`, with an address where not everybody should reach them.",
    bad={
        "services/web/compose.yml": """
            services:
              web:
                image: nginx:1.27.3
                network_mode: host
            """,
    },
    good={
        "services/web/compose.yml": """
            services:
              web:
                image: nginx:1.27.3
                ports: ["8080:80"]
            """,
    },
    also_bad=(
        {"services/db/compose.yml": "services: {db: {image: 'postgres:16', network_mode: host}}\n"},
        {"quadlets/a.container": "[Container]\nImage=docker.io/home/a:1\nNetwork=host\n"},
        {
            "site.yml": """
                - hosts: all
                  tasks:
                    - community.docker.docker_container: {name: a, image: "home/a:1", network_mode: host}
                """,
        },
        {"units/a.service": "[Unit]\nDescription=A\n[Service]\nExecStart=/usr/bin/docker run --net=host home/a:1\n"},
        {
            "media/docker-compose.yml": """
                services:
                  sonarr:
                    image: lscr.io/linuxserver/sonarr:4.0.9
                    network_mode: "host"
                """,
        },
        {
            "stacks/web/docker-compose.yml": """
                services:
                  web:
                    build: {context: ., network: host}
                    network_mode: host
                """,
        },
    ),
    also_good=(
        {"services/app/compose.yml": "services: {app: {image: 'home/app:1', build: {context: ., network: host}}}\n"},
        {
            "services/vpn/compose.yml": """
                services:
                  vpn: {image: "qmcgaw/gluetun:v3.39.0", cap_add: [NET_ADMIN], ports: ["8081:8081"]}
                  torrent: {image: "lscr.io/linuxserver/qbittorrent:5.0.0", network_mode: "service:vpn"}
                """,
        },
        {"services/web/compose.yml": "services: {web: {image: 'nginx:1.27', network_mode: bridge}}\n"},
        {"quadlets/a.container": "[Container]\nImage=docker.io/home/a:1\nNetwork=host.network\nHostName=host\n"},
        {
            "services/web/compose.yml": """
                services:
                  web: {image: 'nginx:1.27', networks: [host-net]}
                networks: {host-net: {}}
                """
        },
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for service in subject.once(containers_of):
        if service.text("network_mode") == "host":
            message = f"{service.name}: is in the network of the node, and no file says which ports it opens there"
            place = key_place(service, "network_mode")
            if family(service, OF_THE_NODE):
                yield Finding(CODE, place, message, "write beside it which ports those are", Severity.NOTE)
            else:
                remedy = "publish its ports instead, or write beside it why it needs this"
                yield Finding(CODE, place, message, remedy, Severity.WARNING)


_FOLD = PerProject("are in the network of the node, and no file says which ports they open there")

RULE = Rule(CODE, "host-network", Stage.SERVICE, Principle.P3, PAGE, check, Severity.WARNING, _FOLD)
