"""The generated inventory: nodes by name, how to reach them, their variables, groups by role and architecture."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from stems.infrastructure.shell import RUN_VARIABLE
from stems.model.cluster import Cluster
from stems.model.node import SHARED, Node

CONNECTION = frozenset({
    "ansible_host", "ansible_port", "ansible_user", "ansible_connection", "ansible_ssh_host", "ansible_ssh_port",
    "ansible_ssh_user", "ansible_ssh_args", "ansible_ssh_common_args", "ansible_ssh_extra_args",
    "ansible_ssh_executable", "ansible_ssh_private_key_file", "ansible_private_key_file",
    "ansible_host_key_checking", "ansible_ssh_host_key_checking",
})  # fmt: skip
"""Variables that say how to reach a node: `config/cluster.yml` does, nothing else."""

MARKING_SSH = Path(__file__).parent / "marking-ssh"
"""What Ansible calls instead of ssh while it deploys: whatever runs on a node can be told for the deployment's."""

_TEMPLATE_MARKS = ("{{", "{%", "{#")


class Way(Protocol):
    """How Ansible reaches a node: a site is one."""

    @property
    def node(self) -> Node: ...

    @property
    def ssh(self) -> tuple[str, ...]: ...

    @property
    def is_local(self) -> bool: ...

    @property
    def password(self) -> Callable[[], str] | None: ...


def render_inventory(
    cluster: Cluster,
    variables: Mapping[str, Mapping[str, object]],
    ways: Sequence[Way],
    *,
    deployment: str = "",
    groups: bool = True,
) -> str:
    """YAML for every node of the cluster, so that a template finds the others whatever the run is limited to."""
    return as_values({"all": inventory_of(cluster, variables, ways, deployment=deployment, groups=groups)}) + "\n"


def inventory_of(
    cluster: Cluster,
    variables: Mapping[str, Mapping[str, object]],
    ways: Sequence[Way],
    *,
    deployment: str = "",
    groups: bool = True,
) -> dict[str, dict[str, Any]]:
    """The group `all`: its hosts with their variables, its own variables, its groups."""
    met = {way.node.name: way for way in ways}
    # `run_once` meets the first one: the pilot.
    ordered = {node.name: node for node in cluster.in_rollout_order()}
    own = {name: variables.get(name, {}) for name in ordered}
    # For the group, so that a variable of a node or of the user's own group wins: a playbook that came before stems may
    # have a `timezone` or `nodes` of its own.
    first = next(iter(own.values()), {})
    shared = {key: first[key] for key in SHARED if key in first}
    hosts = {
        name: {
            **{key: value for key, value in own[name].items() if key not in shared},
            **connection(node, met.get(name), deployment=deployment),
        }
        for name, node in ordered.items()
    }
    given = {"ansible_python_interpreter": "auto_silent", **shared}
    inventory: dict[str, dict[str, Any]] = {"hosts": hosts, "vars": given}
    if groups:
        inventory["children"] = {group: {"hosts": dict.fromkeys(names)} for group, names in groups_of(cluster).items()}
    return inventory


def listed(inventory: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The same as a dynamic inventory answers to `--list`."""
    groups = inventory.get("children", {})
    return {
        "_meta": {"hostvars": {name: unsafe(values) for name, values in inventory["hosts"].items()}},
        "all": {"hosts": [*inventory["hosts"]], "vars": unsafe(inventory["vars"]), "children": [*groups]},
        **{group: {"hosts": [*about["hosts"]]} for group, about in groups.items()},
    }


def groups_of(cluster: Cluster) -> dict[str, tuple[str, ...]]:
    """The nodes of each role and architecture."""
    found: dict[str, list[str]] = {}
    for node in cluster.in_rollout_order():
        for group in filter(None, dict.fromkeys((node.role, node.arch))):
            if group != "all":
                found.setdefault(group, []).append(node.name)
    return {group: tuple(names) for group, names in found.items()}


def connection(node: Node, way: Way | None, *, deployment: str) -> dict[str, object]:
    """Address variables are the same whoever is met in a run: templates may show them.

    `ansible_ssh_args` come first on the command line of ssh, where the first value of an option counts, so that neither
    an `ansible.cfg` nor a default can turn host key checking off.
    """
    reached: dict[str, object] = {"ansible_host": node.ssh.host}
    if node.ssh.user:
        reached["ansible_user"] = node.ssh.user
    if node.ssh.port:
        reached["ansible_port"] = node.ssh.port
    if way and way.password:
        # The file is private and gone after the run; an argument or a variable of the environment could be seen.
        reached["ansible_become_password"] = way.password()
    if way and way.is_local:
        return {**reached, "ansible_connection": "local"}
    # Some installers drop the right to execute it: then what an sshd accepts must do.
    marking = {"ansible_ssh_executable": str(MARKING_SSH)} if deployment and os.access(MARKING_SSH, os.X_OK) else {}
    marked = ("-o", f"SetEnv={RUN_VARIABLE}={deployment}") if deployment else ()
    arguments = shlex.join((*way.ssh, *marked)) if way else ""
    return {
        **reached,
        **marking,
        "ansible_connection": "ssh",
        "ansible_ssh_args": arguments,
        "ansible_ssh_common_args": "",
        "ansible_ssh_extra_args": "",
        "ansible_host_key_checking": True,
        # A node needs no sftp-server this way.
        "ansible_ssh_transfer_method": "piped",
    }


def as_values(value: object) -> str:
    """JSON, which is YAML, except that text with template marks is tagged: variables are values, not templates."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(str(key))}: {as_values(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(as_values, value)) + "]"
    text = json.dumps(value, ensure_ascii=False)
    return f"!unsafe {text}" if _is_template(value) else text


def unsafe(value: object) -> Any:
    """The same for JSON, in which Ansible knows such a text by the key that it stands under."""
    if isinstance(value, Mapping):
        return {str(key): unsafe(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [unsafe(inner) for inner in value]
    return {"__ansible_unsafe": value} if _is_template(value) else value


def _is_template(value: object) -> bool:
    return isinstance(value, str) and any(mark in value for mark in _TEMPLATE_MARKS)
