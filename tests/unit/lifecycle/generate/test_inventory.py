"""The inventory is the one that stems uses, for a file and for a dynamic inventory."""

from __future__ import annotations

import json
import shlex
from typing import Any

import pytest
import yaml

from stems.errors import UsageError
from stems.lifecycle.generate.inventory import inventory, inventory_host, inventory_list
from tests.unit.lifecycle.generate.sample import cluster


class _Loader(yaml.SafeLoader):
    pass


_Loader.add_constructor("!unsafe", lambda _, node: {"__ansible_unsafe": node.value})


def static() -> dict[str, Any]:
    return yaml.load(inventory(cluster(), "/a b/known_hosts").text, _Loader)["all"]  # type: ignore[no-any-return]


def test_both_forms_say_the_same() -> None:
    listed = json.loads(inventory_list(cluster(), "/a b/known_hosts").text)

    assert listed["_meta"]["hostvars"] == static()["hosts"]
    assert listed["all"]["hosts"] == [*static()["hosts"]] and listed["gateway"] == {"hosts": ["crtr"]}
    assert set(listed["all"]["children"]) == {*static()["children"]} == {"gateway", "arm64", "gpu", "x86_64", "work"}


def test_one_host_is_a_part_of_the_list() -> None:
    one = json.loads(inventory_host(cluster(), "/a b/known_hosts", "crtr").text)

    assert one == static()["hosts"]["crtr"]
    with pytest.raises(UsageError, match="nobody: no such node"):
        inventory_host(cluster(), "x", "nobody")


def test_host_keys_are_checked_as_stems_does() -> None:
    words = shlex.split(static()["hosts"]["crtr"]["ansible_ssh_args"])

    assert {"HostKeyAlias=crtr", "StrictHostKeyChecking=yes", 'UserKnownHostsFile="/a b/known_hosts"'} <= set(words)
    assert 'IdentityFile="~/.ssh/my key"' in words


def test_variables_are_values_and_harmless_on_a_terminal() -> None:
    crtr = static()["hosts"]["crtr"]

    assert crtr["motto"] == {"__ansible_unsafe": "{{ not a template }}"} and crtr["odd"] == "a\u202eb: #1"
    assert "\u202e" not in inventory(cluster(), "x").text


def test_services_are_known_with_their_nodes_and_addresses() -> None:
    services = {each["name"]: each for each in static()["vars"]["cluster_services"]}

    assert services["web"] == {"name": "web", "nodes": ["drtr", "prtr"], "addresses": ["2001:db8::12", "work"]}
