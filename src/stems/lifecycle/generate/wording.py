"""How a catalogue and a diagram say what a node has, how it is reached, who owns what and what is checked."""

from __future__ import annotations

from stems.lifecycle.generate.addresses import in_url
from stems.model.check import Check, HttpCheck
from stems.model.cluster import Cluster
from stems.model.node import Node
from stems.model.service import Scope, Service

_STEP = 1024
_USUAL_PORT, _USUAL_ANSWER = 22, 200


def hardware(node: Node) -> str:
    """What a node is declared to have; nothing of what is not."""
    has = node.hardware
    parts = (
        node.arch,
        has.cpus and counted(has.cpus, "CPU"),
        has.memory and f"{size(has.memory)} memory",
        has.disk and f"{size(has.disk)} disk",
        has.gpu and counted(has.gpu, "GPU"),
    )
    return ", ".join(str(part) for part in parts if part)


def size(amount: float) -> str:
    """Bytes in the largest unit that is not smaller than one."""
    for unit in ("B", "K", "M", "G"):
        if amount < _STEP:
            return f"{amount:.3g}{unit}"
        amount /= _STEP
    return f"{amount:.3g}T"


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def ssh_words(node: Node) -> str:
    """Where this machine reaches a node, as ssh takes it."""
    user = f"{node.ssh.user}@" if node.ssh.user else ""
    port = f":{node.ssh.port}" if node.ssh.port not in (0, _USUAL_PORT) else ""
    return f"{user}{in_url(node.ssh.host) if port else node.ssh.host}{port}"


def check_words(check: Check) -> str:
    answer = f" answers {check.expect}" if isinstance(check, HttpCheck) and check.expect != _USUAL_ANSWER else ""
    return f"{check}{answer}"


def owner_words(service: Service) -> str:
    """The tool that owns a service, and what it calls it."""
    if service.unit:
        return f"{service.tool}, {service.unit}{' of the user' if service.scope is Scope.USER else ''}"
    return f"{service.tool}, project {service.project}" if service.project else service.tool


def domain_owners(cluster: Cluster) -> tuple[tuple[str, str, str], ...]:
    """Each domain with its tool and where its files lie in the repository."""
    domains = cluster.domains
    found = [("system", domains.system.tool, domains.system.source)] if domains.system else []
    found += [(f"user {each.account}".strip(), each.tool, each.source) for each in domains.user]
    found += [("services", domains.services.tool, domains.services.source)] if domains.services else []
    return tuple(found)
