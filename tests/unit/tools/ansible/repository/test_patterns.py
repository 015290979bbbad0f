"""`hosts:` matches here what it matches for Ansible."""

from __future__ import annotations

import pytest

from stems.tools.ansible.repository.patterns import matched, parts_of
from tests.unit.tools.ansible.repository.trees import tree

HOSTS = "[web]\nw1\nw2\n[db]\nd1\nw2\n[home:children]\nweb\n"


@pytest.mark.parametrize(
    ("hosts", "names"),
    [
        ("all", "d1 w1 w2"),
        ("*", "d1 w1 w2"),
        ("web", "w1 w2"),
        ("web:db", "d1 w1 w2"),
        ("web,db", "d1 w1 w2"),
        (["web", "db"], "d1 w1 w2"),
        ("all:!db", "w1"),
        ("web:&db", "w2"),
        ("!web", "d1"),
        ("home", "w1 w2"),
        ("w*", "w1 w2"),
        ("~^d", "d1 w2"),
        ("web[0]", "w1 w2"),
        ("gone", ""),
        ("w[12]", ""),
    ],
)
def test_a_pattern_means_nodes(hosts: object, names: str) -> None:
    (inventory,) = tree({"hosts": HOSTS, "site.yml": "- hosts: all\n  tasks: []\n"}).inventories
    parts = parts_of(hosts)

    assert parts is not None
    assert " ".join(sorted(matched(parts, inventory) or ())) == names


@pytest.mark.parametrize("hosts", ["{{ target }}", None, 3, {"a": "b"}])
def test_what_only_ansible_knows(hosts: object) -> None:
    assert parts_of(hosts) is None


@pytest.mark.parametrize("hosts", ["~(a+)+$", "all:!web[0]", "~" + "a" * 500])
def test_what_is_not_told(hosts: str) -> None:
    (inventory,) = tree({"hosts": HOSTS, "site.yml": "- hosts: all\n  tasks: []\n"}).inventories

    assert matched(parts_of(hosts) or (), inventory) is None
