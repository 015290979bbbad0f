"""Two nodes that are reached at one address."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding
from stems.model.node import ADDRESS, SSH_PORT, SshAddress
from stems.model.principle import Principle
from stems.validation.codes import DUPLICATE_NODE_ADDRESS
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

PAGE = Page(
    checks="""Two nodes with one SSH host and port, and two with one variable `address` of their own, by which the
others reach them, and one `ssh_port`. Names are compared as they are written, whatever their case.""",
    why="""A node is copied in the file and its address is not changed. A rolling deploy then meets the same machine
twice and never the other one, and a service restarts in the middle of its own health check. Made from one `address`,
`/etc/hosts` sends who looks for one node, or for a service there, to the other.""",
    instead="Give each node its own host or port, and its own `address`.",
    bad={
        "config/cluster.yml": """
            version: 1
            cluster: {name: home}
            checkout: ~/home-config
            nodes:
              gate: {hostname: gate, ssh: {host: gate.example}}
              work: {hostname: work, ssh: {host: gate.example}}
            """,
    },
    good={
        "config/cluster.yml": """
            version: 1
            cluster: {name: home}
            checkout: ~/home-config
            nodes:
              gate: {hostname: gate, ssh: {host: gate.example}}
              work: {hostname: work, ssh: {host: work.example}}
            """,
    },
    also_bad=(
        {
            "config/cluster.yml": """
                version: 1
                cluster: {name: home}
                checkout: ~/home-config
                nodes:
                  gate: {hostname: gate, ssh: {host: gate.example}, variables: {address: 192.0.2.11}}
                  work: {hostname: work, ssh: {host: work.example}, variables: {address: 192.0.2.11}}
                """,
        },
    ),
    also_good=(
        {
            "config/cluster.yml": """
                version: 1
                cluster: {name: home}
                checkout: ~/home-config
                variables: {address: Elm Street 1}
                nodes:
                  gate: {hostname: gate, ssh: {host: gate.example}}
                  work: {hostname: work, ssh: {host: work.example}, variables: {address: 192.0.2.11}}
                  pump: {hostname: pump, ssh: {host: pump.example}, variables: {address: 192.0.2.11, ssh_port: 2222}}
                """,
        },
        {
            "config/cluster.yml": """
                version: 1
                cluster: {name: home}
                checkout: ~/home-config
                nodes:
                  gate: {hostname: gate, ssh: {host: home.example, port: 2201}}
                  work: {hostname: work, ssh: {host: home.example, port: 2202}}
                """,
        },
    ),
)

_SSH_PORT = 22


def check(subject: Subject) -> Iterator[Finding]:
    yield from _for_this_machine(subject)
    yield from _between_nodes(subject)


def _for_this_machine(subject: Subject) -> Iterator[Finding]:
    seen: dict[tuple[str, int], str] = {}
    for name, node in subject.cluster.nodes.items():
        first = seen.setdefault(_end(node.ssh), name)
        if first != name:
            place = subject.cluster.written.place("nodes", name, "ssh", "host")
            message = f"nodes.{name}.ssh: {node.ssh.host} is the address of `{first}` too"
            yield Finding(DUPLICATE_NODE_ADDRESS, place, message, "give each node its own host or port")


def _between_nodes(subject: Subject) -> Iterator[Finding]:
    seen: dict[tuple[str, str], str] = {}
    for name, node in subject.cluster.nodes.items():
        address = node.variables.get(ADDRESS)
        if not isinstance(address, str):
            continue
        first = seen.setdefault((address.lower(), str(node.variables.get(SSH_PORT, _SSH_PORT))), name)
        if first != name:
            place = subject.cluster.written.place("nodes", name, "variables", ADDRESS)
            message = f"nodes.{name}.variables.{ADDRESS}: {address} is the address of `{first}` too"
            yield Finding(DUPLICATE_NODE_ADDRESS, place, message, "give each node its own address")


def _end(address: SshAddress) -> tuple[str, int]:
    return address.host.lower(), address.port or _SSH_PORT


RULE = Rule(DUPLICATE_NODE_ADDRESS, "duplicate-node-address", Stage.PLACEMENT, Principle.P1, PAGE, check)
