"""The generated inventory: nodes by name, how to reach them, their variables, groups by role and architecture."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence

from stems.infrastructure.shell import RUN_VARIABLE
from stems.model.cluster import Cluster
from stems.model.node import Node
from stems.tools.base import Site

CONNECTION = frozenset({
    "ansible_host", "ansible_port", "ansible_user", "ansible_connection", "ansible_ssh_host", "ansible_ssh_port",
    "ansible_ssh_user", "ansible_ssh_args", "ansible_ssh_common_args", "ansible_ssh_extra_args",
    "ansible_ssh_executable", "ansible_ssh_private_key_file", "ansible_private_key_file",
    "ansible_host_key_checking", "ansible_ssh_host_key_checking",
})  # fmt: skip
"""Variables that say how to reach a node: `config/cluster.yml` does, nothing else."""

_TEMPLATE_MARKS = ("{{", "{%", "{#")


def render_inventory(
    cluster: Cluster,
    variables: Mapping[str, Mapping[str, object]],
    sites: Sequence[Site],
    *,
    deployment: str = "",
    groups: bool = True,
) -> str:
    """YAML for every node of the cluster, so that a template finds the others whatever the run is limited to."""
    met = {site.node.name: site for site in sites}
    # `run_once` meets the first one: the pilot.
    ordered = {node.name: node for node in cluster.in_rollout_order()}
    hosts = {
        name: {**variables.get(name, {}), **connection(node, met.get(name), deployment=deployment)}
        for name, node in ordered.items()
    }
    # For the group, so that a variable of a node or of the user's own group wins.
    inventory: dict[str, object] = {"hosts": hosts, "vars": {"ansible_python_interpreter": "auto_silent"}}
    if groups:
        inventory["children"] = {group: {"hosts": dict.fromkeys(names)} for group, names in groups_of(cluster).items()}
    return _yaml({"all": inventory}) + "\n"


def groups_of(cluster: Cluster) -> dict[str, tuple[str, ...]]:
    """The nodes of each role and architecture."""
    found: dict[str, list[str]] = {}
    for node in cluster.in_rollout_order():
        for group in filter(None, dict.fromkeys((node.role, node.arch))):
            if group != "all":
                found.setdefault(group, []).append(node.name)
    return {group: tuple(names) for group, names in found.items()}


def connection(node: Node, site: Site | None, *, deployment: str) -> dict[str, object]:
    """Address variables are the same whoever is met in a run: templates may show them.

    `ansible_ssh_args` come first on the command line of ssh, where the first value of an option counts, so that neither
    an `ansible.cfg` nor a default can turn host key checking off.
    """
    reached: dict[str, object] = {"ansible_host": node.ssh.host}
    if node.ssh.user:
        reached["ansible_user"] = node.ssh.user
    if node.ssh.port:
        reached["ansible_port"] = node.ssh.port
    if site and site.password:
        # The file is private and gone after the run; an argument or a variable of the environment could be seen.
        reached["ansible_become_password"] = site.password()
    if site and site.is_local:
        return {**reached, "ansible_connection": "local"}
    marked = ("-o", f"SetEnv={RUN_VARIABLE}={deployment}") if deployment else ()
    arguments = shlex.join((*site.ssh, *marked)) if site else ""
    return {
        **reached,
        "ansible_connection": "ssh",
        "ansible_ssh_args": arguments,
        "ansible_ssh_common_args": "",
        "ansible_ssh_extra_args": "",
        "ansible_host_key_checking": True,
        # A node needs no sftp-server this way.
        "ansible_ssh_transfer_method": "piped",
    }


def _yaml(value: object) -> str:
    """JSON, which is YAML, except that text with template marks is tagged: variables are values, not templates."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(str(key))}: {_yaml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_yaml, value)) + "]"
    text = json.dumps(value, ensure_ascii=False)
    return f"!unsafe {text}" if isinstance(value, str) and any(mark in value for mark in _TEMPLATE_MARKS) else text
