"""A container that may do everything that the node may."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.other_projects import containers_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM515"

PAGE = Page(
    checks="""Services of Compose with `privileged: true`, also in templates, and containers of Ansible, quadlets,
units and scripts with the same.""",
    why="""Such a container has every device and capability of the node: who breaks into its program is root there,
and can read the disks of all other services.""",
    instead="""Give it what it needs: `devices` for a stick or a GPU, `cap_add` for single capabilities, `group_add`
for the group of a device.""",
    bad={
        "services/zigbee/compose.yml": """
            services:
              zigbee2mqtt:
                image: koenkk/zigbee2mqtt:1.40.1
                privileged: true
            """,
    },
    good={
        "services/zigbee/compose.yml": """
            services:
              zigbee2mqtt:
                image: koenkk/zigbee2mqtt:1.40.1
                devices: ["/dev/serial/by-id/usb-stick:/dev/ttyACM0"]
            """,
    },
    also_bad=(
        {
            "homeassistant/docker-compose.yml": """
                services:
                  homeassistant:
                    container_name: homeassistant
                    image: "ghcr.io/home-assistant/home-assistant:2024.9"
                    volumes: ["./config:/config", "/run/dbus:/run/dbus:ro"]
                    restart: unless-stopped
                    privileged: true
                    network_mode: host
                """,
        },
        {"services/web/compose.yml": "services: {web: {image: 'nginx:1.27', privileged: '${PRIVILEGED:-true}'}}\n"},
        {
            "services/web/compose.yml": "services: {web: {extends: {file: base.yml, service: web}}}\n",
            "services/web/base.yml": "services: {web: {image: 'nginx:1.27', privileged: true}}\n",
        },
        {
            "stacks/web/docker-compose.yml": "services: {web: {image: 'nginx:1.27'}}\n",
            "stacks/web/docker-compose.gpu.yml": "services:\n  web:\n    privileged: true\n",
        },
        {"quadlets/a.container": "[Container]\nImage=docker.io/home/a:1\nPodmanArgs=--privileged --cpus 2\n"},
        {
            "roles/zigbee/tasks/main.yml": """
                - name: Zigbee
                  community.docker.docker_container:
                    name: zigbee
                    image: koenkk/zigbee2mqtt:1.40.1
                    privileged: yes
                """,
        },
        {
            "units/zigbee.service": """
                [Unit]
                Description=Zigbee
                [Service]
                ExecStart=/usr/bin/podman run --name zigbee --privileged --replace docker.io/koenkk/zigbee2mqtt:1.40.1
                """,
        },
    ),
    also_good=(
        {"services/web/compose.yml": "services: {web: {image: 'nginx:1.27', privileged: false}}\n"},
        {"services/web/compose.yml": "services:\n  web:\n    image: nginx:1.27\n    # privileged: true\n"},
        {
            "services/web/compose.yml": "services: {web: {image: 'nginx:1.27', privileged: true}}\n",
            "services/web/compose.override.yml": "services: {web: {privileged: false}}\n",
        },
        {"docs/compose.yml": "services: {web: {image: 'nginx:1.27', privileged: true}}\n"},
        {"quadlets/a.container": "[Container]\nImage=docker.io/home/a:1\nPodmanArgs=--privileged=false\n"},
        {"site.yml": "- hosts: a\n  tasks: [{docker_container: {name: a, image: 'a:1', privileged: '{{ b }}'}}]\n"},
        {"units/a.service": "[Unit]\nDescription=A\n[Service]\nExecStart=/usr/bin/docker run a:1 --privileged\n"},
        {
            "services/web/compose.yml": "services: {web: {image: 'nginx:1.27', privileged: '${PRIVILEGED:-true}'}}\n",
            "services/web/env.template": "PRIVILEGED=\n",
        },
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for service in subject.once(containers_of):
        if service.flag("privileged") is True:
            message = f"{service.name}: is privileged, so that who breaks into it is root on the node"
            remedy = "give it only the `devices` and capabilities that it needs"
            yield Finding(CODE, service.place_of("privileged"), message, remedy, Severity.WARNING)


RULE = Rule(CODE, "privileged-container", Stage.SERVICE, Principle.P4, PAGE, check, Severity.WARNING)
