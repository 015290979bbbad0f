"""The network where the nodes of a lab meet, with an address that stays for each of them."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import replace

from stems.infrastructure.lab.engine import Engine
from stems.infrastructure.lab.state import Lab, LabNode

FIRST_NUMBER = 11
SUBNET = "{{(index .IPAM.Config 0).Subnet}}"


def require_network(lab: Lab, engine: Engine) -> str:
    """The subnet of the lab's network, made if it is not there."""
    if subnet := _subnet(lab, engine):
        return subnet
    words = ("--label", lab.label, *(("--internal",) if lab.internal else ()))
    # Docker knows which subnet is free, but gives fixed addresses only in one that was asked for.
    engine.act("network", "create", *words, lab.network)
    subnet = _subnet(lab, engine)
    engine.act("network", "rm", lab.network)
    engine.act("network", "create", *words, "--subnet", subnet, lab.network)
    return subnet


def _subnet(lab: Lab, engine: Engine) -> str:
    found = engine.ask("network", "inspect", "--format", SUBNET, lab.network)
    return found.text.strip() if found.ok else ""


def placed(lab: Lab, subnet: str) -> Lab:
    """The lab with an address and a port for every node; a port that was chosen before stays."""
    first = ipaddress.ip_network(subnet).network_address + FIRST_NUMBER
    nodes = (_placed(node, str(first + number), internal=lab.internal) for number, node in enumerate(lab.nodes))
    return replace(lab, nodes=tuple(nodes))


def _placed(node: LabNode, address: str, *, internal: bool) -> LabNode:
    if internal:
        # Docker publishes no port of an internal network; this machine, its gateway, reaches it all the same.
        return replace(node, address=address, host=address, port=22)
    return replace(node, address=address, host="127.0.0.1", port=node.port if node.host else _free_port())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
