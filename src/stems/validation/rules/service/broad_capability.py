"""A container with a capability that is as good as root."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.compose.model.value import Value
from stems.validation.other_projects import containers_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM519"

PAGE = Page(
    checks="""`cap_add` with `ALL`, `SYS_ADMIN`, `SYS_MODULE`, `SYS_RAWIO`, `DAC_READ_SEARCH` or `BPF`, and
`security_opt` that switches AppArmor or seccomp off. What is privileged anyway is not told again.""",
    why="""`SYS_ADMIN` lets a program mount the disk of the node, `SYS_MODULE` load code into its kernel. They are
often copied from an example for something that one device would do.""",
    instead="Name the one capability that is needed, such as `NET_ADMIN` for a VPN, or the `devices`.",
    bad={
        "services/rclone/compose.yml": """
            services:
              rclone:
                image: rclone/rclone:1.68.1
                cap_add: [SYS_ADMIN]
            """,
    },
    good={
        "services/vpn/compose.yml": """
            services:
              vpn:
                image: qmcgaw/gluetun:v3.39.0
                cap_add: [NET_ADMIN]
                devices: ["/dev/net/tun:/dev/net/tun"]
            """,
    },
    also_bad=(
        {"services/app/compose.yml": "services: {app: {image: 'home/app:1', cap_add: [ALL]}}\n"},
        {
            "wireguard/docker-compose.yml": """
                services:
                  wireguard:
                    image: lscr.io/linuxserver/wireguard:1.0.20210914
                    cap_add:
                      - NET_ADMIN
                      - CAP_SYS_MODULE
                """,
        },
        {"services/app/compose.yml": "services: {app: {image: 'home/app:1', security_opt: ['apparmor:unconfined']}}\n"},
        {"services/app/compose.yml": "services: {app: {image: 'home/app:1', security_opt: [seccomp=unconfined]}}\n"},
        {"quadlets/a.container": "[Container]\nImage=home/a:1\nAddCapability=NET_ADMIN CAP_SYS_ADMIN\n"},
        {"quadlets/a.container": "[Container]\nImage=home/a:1\nSeccompProfile=unconfined\n"},
        {"site.yml": "- hosts: a\n  tasks: [{docker_container: {name: a, image: 'a:1', capabilities: [sys_admin]}}]\n"},
    ),
    also_good=(
        {
            "services/app/compose.yml": """
                services:
                  app: {image: 'home/app:1', cap_drop: [ALL], cap_add: [CHOWN, NET_BIND_SERVICE]}
                """
        },
        {"services/app/compose.yml": "services: {app: {image: 'home/app:1', cap_add: [ALL], privileged: true}}\n"},
        {
            "services/app/compose.yml": """
                services:
                  app: {image: 'home/app:1', security_opt: ['no-new-privileges:true']}
                """
        },
        {
            "services/app/compose.yml": """
                services:
                  app: {image: 'home/app:1', security_opt: ['seccomp=./profile.json']}
                """
        },
        {
            "services/pihole/compose.yml": """
                services:
                  pihole:
                    image: pihole/pihole:2024.07.0
                    ports: ["192.0.2.2:53:53/tcp", "192.0.2.2:53:53/udp", "127.0.0.1:8081:80"]
                    cap_add: [NET_ADMIN, SYS_NICE]
                """,
        },
    ),
)

_BROAD = frozenset({"ALL", "SYS_ADMIN", "SYS_MODULE", "SYS_RAWIO", "DAC_READ_SEARCH", "BPF"})
_OFF = {"apparmor": "AppArmor", "seccomp": "seccomp"}


def check(subject: Subject) -> Iterator[Finding]:
    for service in subject.once(containers_of):
        if service.flag("privileged") is True:
            continue
        for item in _items(service.value.at("cap_add")):
            if isinstance(item.data, str) and item.data.upper().removeprefix("CAP_") in _BROAD:
                message = f"{service.name}: has the capability {item.data}, which is as good as root on the node"
                remedy = "name the one capability or device that it needs"
                yield Finding(CODE, item.place, message, remedy, Severity.WARNING)
        for item in _items(service.value.at("security_opt")):
            kind, _, rest = (
                item.data.replace("=", ":", 1).partition(":") if isinstance(item.data, str) else ("", "", "")
            )
            if kind in _OFF and rest == "unconfined":
                message = f"{service.name}: runs without {_OFF[kind]}, which keeps a container from the node"
                yield Finding(CODE, item.place, message, f"remove `{item.data}`", Severity.WARNING)


def _items(value: Value | None) -> list[Value]:
    return value.items if value is not None else []


RULE = Rule(CODE, "broad-capability", Stage.SERVICE, Principle.P4, PAGE, check, Severity.WARNING)
