"""Inventories mean here what they mean to Ansible, and what only a program knows makes them incomplete."""

from __future__ import annotations

import pytest

from stems.tools.ansible.repository.inventory import Inventory
from stems.tools.ansible.repository.ranges import expanded
from tests.unit.tools.ansible.repository.trees import tree

PLAY = {"site.yml": "- hosts: all\n  tasks: []\n"}


def inventory(path: str, text: str) -> Inventory:
    (found,) = tree({**PLAY, path: text}).inventories
    return found


def test_an_ini_file_names_nodes_groups_and_variables() -> None:
    found = inventory(
        "hosts.ini",
        """
        lone.example

        [pi]
        gate ansible_host=192.0.2.7 ansible_user=me   # the way in
        cam[01:02]:2222 note='two words'

        [home:children]
        pi

        [pi:vars]
        region = "attic"
        """,
    )

    assert found.is_complete
    assert found.findings == ()
    assert sorted(found.hosts) == ["cam01", "cam02", "gate", "lone.example"]
    assert found.members("home") == {"gate", "cam01", "cam02"}
    assert found.members("ungrouped") == {"lone.example"}
    assert (found.hosts["gate"].address, found.hosts["gate"].user) == ("192.0.2.7", "me")
    assert found.hosts["cam02"].says("ansible_port", "note") == "2222"
    assert found.hosts["cam02"].says("note") == "two words"
    assert found.groups["pi"].variables["region"].value == "attic"
    assert (found.hosts["gate"].place.line, found.hosts["gate"].place.path) == (4, "hosts.ini")


def test_a_yaml_file_names_the_same() -> None:
    found = inventory(
        "hosts.yml",
        """
        all:
          vars: {region: attic}
          children:
            home:
              children:
                pi:
                  hosts:
                    gate: {ansible_host: 192.0.2.7}
                    cam[1:2]:
            empty:
        """,
    )

    assert found.is_complete
    assert found.members("home") == {"gate", "cam1", "cam2"} == found.members("all")
    assert found.members("empty") == frozenset()
    assert set(found.groups_of("gate")) == {"home", "pi", "all"}
    assert found.hosts["gate"].address == "192.0.2.7"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("inventory/hosts.py", "#!/usr/bin/env python3\n"),
        ("inventory/hosts", "#!/bin/sh\necho {}\n"),
        ("inventory/lab.yml", "plugin: community.general.proxmox\n"),
        ("inventory/hosts.yml", "$ANSIBLE_VAULT;1.1;AES256\n61\n"),
        ("inventory/hosts.ini", "[a]\n{% for x in y %}\n{{ x }}\n{% endfor %}\n"),
        ("inventory/hosts.ini", "[a]\n%{ for x in y ~}\n${ x.name } ansible_host=${ x.ip }\n%{ endfor ~}\n"),
        ("inventory/hosts.ini", "[a]\nb[1:99999999]\n"),
        ("ansible.cfg", "[defaults]\ninventory = /etc/ansible/hosts\n"),
        ("ansible.cfg", "[defaults]\ninventory = gone.ini\n"),
    ],
)
def test_what_is_not_known_makes_it_incomplete(path: str, text: str) -> None:
    found = tree({**PLAY, path: text})

    assert [each.is_complete for each in found.inventories] == [False]
    assert not found.has_all_inventories


def test_each_environment_is_an_inventory_of_its_own() -> None:
    found = tree(
        {
            **PLAY,
            "inventories/prod/hosts.yml": "all: {hosts: {a: }}\n",
            "inventories/prod/group_vars/all.yml": "x: 1\n",
            "inventories/lab/hosts.yml": "all: {hosts: {b: }}\n",
        }
    )

    assert sorted(sorted(each.hosts) for each in found.inventories) == [["a"], ["b"]]
    assert [(file.kind, file.name) for file in found.variable_files] == [("group", "all")]


def test_the_files_of_a_folder_are_one_inventory() -> None:
    found = inventory("inventory/a.ini", "[a]\nx\n")
    both = tree({**PLAY, "inventory/a.ini": "[a]\nx\n", "inventory/b.ini": "[b:children]\na\n"})

    assert sorted(found.hosts) == ["x"]
    assert [each.members("b") for each in both.inventories] == [{"x"}]
    assert both.inventories[0].findings == ()


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("web[01:03]", ("web01", "web02", "web03")),
        ("[a:c].example", ("a.example", "b.example", "c.example")),
        ("n[1:5:2]", ("n1", "n3", "n5")),
        ("[1:2][a:b]", ("1a", "1b", "2a", "2b")),
        ("plain", ("plain",)),
    ],
)
def test_ranges(written: str, names: tuple[str, ...]) -> None:
    assert expanded(written) == names


@pytest.mark.parametrize("written", ["a[9:1]", "a[1:]", "a[z:a]", "a[1:z]", "a[1:9][1:9999]"])
def test_ranges_that_stand_for_nothing_or_too_much(written: str) -> None:
    with pytest.raises(ValueError, match=r"range|stands for"):
        expanded(written)
