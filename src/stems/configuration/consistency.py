"""What must agree inside one cluster file before anything may rely on it."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from stems.configuration.convert import EVERY_NODE
from stems.configuration.schema.file import ClusterFile
from stems.configuration.variables import connection_names, reserved_names
from stems.model.cluster import Cluster
from stems.model.finding import Finding
from stems.model.suggestion import did_you_mean
from stems.validation import codes

ANSIBLE = "ansible"
SYSTEMD = "systemd"
COMPOSE = "compose"
_RESERVED = {
    EVERY_NODE: f"`{EVERY_NODE}` means every node",
    "localhost": "`localhost` means the machine that stems runs on",
    "ungrouped": "`ungrouped` is a group of Ansible's own",
}


def check_consistency(file: ClusterFile, cluster: Cluster) -> Iterator[Finding]:
    """Every contradiction in a file whose parts are all well formed."""
    for check in (_nodes, _system, _services, _accounts, _gates, _approvers, _rollout):
        yield from check(file, cluster)
    yield from reserved_names(cluster)
    yield from connection_names(cluster)


def _nodes(file: ClusterFile, cluster: Cluster) -> Iterator[Finding]:
    for name in file.nodes:
        problem = _RESERVED.get(name) or _taken(cluster, name)
        if problem:
            place = cluster.written.key_place("nodes", name)
            yield Finding(codes.RESERVED_NODE_NAME, place, f"nodes.{name}: {problem}", "choose another name")


def _taken(cluster: Cluster, name: str) -> str:
    """Ansible takes a name of both a node and a group for the node, and the rest of the group is lost."""
    for kind in ("role", "arch"):
        others = [node.name for node in cluster.nodes.values() if getattr(node, kind) == name and node.name != name]
        if others:
            return f"`{name}` is the {kind} of {', '.join(others)}, and a name means one thing to Ansible"
    return ""


def _unknown_node(cluster: Cluster, name: str, *keys: str | int) -> Iterator[Finding]:
    if name not in cluster.nodes:
        subject = ".".join(key for key in keys if isinstance(key, str))
        message = f"{subject}: no node is called `{name}`{did_you_mean(name, cluster.nodes)}"
        yield Finding(codes.UNKNOWN_NODE, cluster.written.place(*keys), message, "name a node that is under `nodes:`")


def _system(file: ClusterFile, cluster: Cluster) -> Iterator[Finding]:
    part = file.domains.system
    for key in ("playbook", "inventory"):
        if part and part.tool != ANSIBLE and key in part.model_fields_set:
            place = cluster.written.key_place("domains", "system", key)
            message = f"domains.system.{key}: only {ANSIBLE} has one, and the tool of this domain is {part.tool}"
            yield Finding(codes.PLAYBOOK_WITHOUT_ANSIBLE, place, message, f"remove `{key}`")


_OF_TOOL = {
    **dict.fromkeys(("unit", "scope", "state", "enabled"), (SYSTEMD, codes.UNIT_WITHOUT_SYSTEMD, "units")),
    **dict.fromkeys(("project", "folder", "only"), (COMPOSE, codes.PROJECT_WITHOUT_COMPOSE, "projects")),
}


def _services(file: ClusterFile, cluster: Cluster) -> Iterator[Finding]:
    for name, part in file.services.items():
        if part.node != [EVERY_NODE]:
            for index, node in enumerate(part.node):
                yield from _unknown_node(cluster, node, "services", name, "node", index)
        if not cluster.services[name].tool:
            message = f"services.{name}: no tool: neither the service nor `domains.services` names one"
            place = cluster.written.key_place("services", name)
            yield Finding(codes.SERVICE_WITHOUT_TOOL, place, message, "add `domains: {services: {tool: compose, …}}`")
        tool = cluster.services[name].tool
        for key in sorted(part.model_fields_set & _OF_TOOL.keys()):
            owner, code, what = _OF_TOOL[key]
            if tool and tool != owner:
                place = cluster.written.key_place("services", name, key)
                message = f"services.{name}.{key}: only {owner} has {what}, and the tool of this service is {tool}"
                yield Finding(code, place, message, f"remove `{key}`")
        for index, other in enumerate(part.after):
            yield from _after(cluster, name, index, other)
    yield from _circles(cluster)


def _after(cluster: Cluster, name: str, index: int, other: str) -> Iterator[Finding]:
    if other not in cluster.services:
        place = cluster.written.place("services", name, "after", index)
        message = f"services.{name}.after: no service is called `{other}`{did_you_mean(other, cluster.services)}"
        yield Finding(codes.UNKNOWN_SERVICE, place, message, "name a service that is under `services:`")


def _circles(cluster: Cluster) -> Iterator[Finding]:
    known = {name: [o for o in service.after if o in cluster.services] for name, service in cluster.services.items()}
    try:
        TopologicalSorter(known).prepare()
    except CycleError as error:
        circle = list(reversed(error.args[1]))
        place = cluster.written.key_place("services", circle[0], "after")
        yield Finding(
            codes.CIRCULAR_AFTER, place, f"services.{circle[0]}.after: waits for itself: {' → '.join(circle)}"
        )


def _accounts(file: ClusterFile, cluster: Cluster) -> Iterator[Finding]:
    accounts = [part.account or "" for part in file.domains.user]
    for index, account in _repeated(accounts):
        whose = f"`{account}`" if account else "the SSH user"
        place = cluster.written.place("domains", "user", index)
        message = f"domains.user[{index}]: a second entry for {whose}"
        yield Finding(codes.REPEATED_ACCOUNT, place, message, "give each entry an `account` of its own")


def _gates(file: ClusterFile, cluster: Cluster) -> Iterator[Finding]:
    automatic = set(file.gates.automatic or [])
    for index, word in enumerate(file.gates.manual):
        if word in automatic:
            place = cluster.written.place("gates", "manual", index)
            message = f"gates: `{word}` is both automatic and manual"
            yield Finding(codes.CONFLICTING_GATES, place, message, "leave it in one of the lists")


def _approvers(file: ClusterFile, cluster: Cluster) -> Iterator[Finding]:
    approvers = file.approvers or []
    for index, name in _repeated([part.name for part in approvers]):
        place = cluster.written.place("approvers", index, "name")
        message = f"approvers[{index}]: `{name}` is listed twice"
        yield Finding(codes.REPEATED_APPROVER, place, message, "remove one of the two")
    for index, _ in _repeated([" ".join(part.key.split()[:2]) for part in approvers]):
        place = cluster.written.place("approvers", index, "key")
        message = f"approvers[{index}]: this key is listed twice"
        yield Finding(codes.REPEATED_APPROVER, place, message, "remove one of the two")


def _rollout(file: ClusterFile, cluster: Cluster) -> Iterator[Finding]:
    rollout = file.rollout
    for index, name in enumerate(rollout.order):
        yield from _unknown_node(cluster, name, "rollout", "order", index)
    for index, name in _repeated(rollout.order):
        place = cluster.written.place("rollout", "order", index)
        yield Finding(codes.UNKNOWN_NODE, place, f"rollout.order: `{name}` is listed twice", "remove one of the two")
    if rollout.pilot:
        yield from _unknown_node(cluster, rollout.pilot, "rollout", "pilot")
    if rollout.deadline <= rollout.healthy_for:
        key = "deadline" if "deadline" in rollout.model_fields_set else "healthy_for"
        message = "rollout: `deadline` must be longer than `healthy_for`, or no node can become healthy in time"
        yield Finding(codes.SHORT_DEADLINE, cluster.written.place("rollout", key), message, f"change `{key}`")


def _repeated(words: list[str]) -> Iterator[tuple[int, str]]:
    """Each word that was there before, with its index."""
    seen: set[str] = set()
    for index, word in enumerate(words):
        if word in seen:
            yield index, word
        seen.add(word)
