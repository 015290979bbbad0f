"""An Ansible inventory as stems itself uses: for a file, or as a dynamic inventory answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from stems.infrastructure.ssh import trust_options
from stems.lifecycle.generate.made import Made, says
from stems.lifecycle.jobs import variables_of
from stems.lifecycle.workspace import require_node
from stems.model.cluster import Cluster
from stems.model.names import escaped
from stems.model.node import Node
from stems.readers.written import write_scalar
from stems.tools.ansible.inventory import as_values, inventory_of, listed, unsafe

NAME = "inventory"
# What Ansible does where nobody sets `ansible_ssh_args`, which these do.
_SHARED_CONNECTION = {"ControlMaster": "auto", "ControlPersist": "60s"}
_VARIABLES = 2
"""How deep the variables of a node lie below `all`."""


@dataclass(frozen=True, slots=True)
class _Way:
    """How a person's own Ansible reaches a node: with the keys that are pinned."""

    node: Node
    ssh: tuple[str, ...]
    is_local: bool = False
    password: Callable[[], str] | None = None


def inventory(cluster: Cluster, known_hosts: str) -> Made:
    """YAML, a line for each variable so that a difference is one of lines."""
    lines = (f"# {says(NAME)}", "all:", *_lines(_inventory(cluster, known_hosts), 1))
    return Made(escaped("\n".join(lines)) + "\n")


def inventory_list(cluster: Cluster, known_hosts: str) -> Made:
    """What a dynamic inventory prints when it is asked with `--list`."""
    return Made(_json(listed(_inventory(cluster, known_hosts))), is_marked=False)


def inventory_host(cluster: Cluster, known_hosts: str, name: str) -> Made:
    """What it prints when it is asked with `--host NAME`."""
    node = require_node(cluster, name)
    return Made(_json(unsafe(_inventory(cluster, known_hosts)["hosts"][node.name])), is_marked=False)


def _inventory(cluster: Cluster, known_hosts: str) -> dict[str, dict[str, Any]]:
    ways = [_Way(node, _ssh(node, known_hosts)) for node in cluster.nodes.values()]
    return inventory_of(cluster, variables_of(cluster), ways)


def _ssh(node: Node, known_hosts: str) -> tuple[str, ...]:
    # Ansible splits the words as a shell does, and ssh splits a value with a space once more.
    options = trust_options(node, _quoted(known_hosts))
    if node.ssh.identity:
        options |= {"IdentityFile": _quoted(node.ssh.identity), "IdentitiesOnly": "yes"}
    return tuple(word for name, value in (options | _SHARED_CONNECTION).items() for word in ("-o", f"{name}={value}"))


def _quoted(path: str) -> str:
    return f'"{path}"' if " " in path else path


def _lines(value: Mapping[str, Any], depth: int) -> Iterator[str]:
    """Groups, hosts and their variables in block style, values as Ansible is given them."""
    for name, inner in value.items():
        key = f"{'  ' * depth}{write_scalar(name)}:"
        if isinstance(inner, Mapping) and inner and depth <= _VARIABLES:
            yield key
            yield from _lines(inner, depth + 1)
        else:
            yield key if inner is None else f"{key} {as_values(inner)}"


def _json(value: object) -> str:
    return escaped(json.dumps(value, indent=2, ensure_ascii=False)) + "\n"
