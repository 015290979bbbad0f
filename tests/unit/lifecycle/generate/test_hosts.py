"""/etc/hosts has every node whose address is known, and every service where it runs."""

from __future__ import annotations

import pytest

from stems.errors import UnknownError
from stems.lifecycle.generate.hosts import hosts
from stems.readers.hosts_file import read_hosts_file
from tests.unit.lifecycle.generate.sample import CLUSTER, cluster


def entries(text: str) -> dict[str, list[str]]:
    """The addresses of each name."""
    found: dict[str, list[str]] = {}
    for entry in read_hosts_file(text, "hosts"):
        for name in entry.names:
            found.setdefault(name, []).append(entry.address)
    return found


def test_a_node_has_its_names_and_a_service_its_own() -> None:
    found = entries(hosts(cluster()).text)

    assert found["cooperator.local"] == found["cooperator"] == found["crtr"] == ["192.0.2.11"]
    assert found["caddy.local"] == ["192.0.2.11"]


def test_the_full_name_comes_first() -> None:
    assert "\n192.0.2.11 cooperator.local cooperator crtr\n" in hosts(cluster()).text


def test_a_service_on_several_nodes_has_all_of_their_addresses() -> None:
    assert entries(hosts(cluster()).text)["agent.local"] == ["192.0.2.11", "2001:db8::12"]


def test_a_service_follows_its_placement() -> None:
    moved = cluster(CLUSTER.replace("caddy: {node: crtr", "caddy: {node: drtr"))

    assert entries(hosts(moved).text)["caddy.local"] == ["2001:db8::12"]


def test_a_node_of_which_only_a_name_is_known_is_named_in_a_comment() -> None:
    made = hosts(cluster())

    assert "prtr" not in entries(made.text) and "# prtr has no known IP address" in made.text
    assert "# web.local also runs on prtr" in made.text
    assert [note.text.split()[0] for note in made.notes] == ["prtr"]


def test_a_loopback_address_is_no_address_for_others() -> None:
    made = hosts(cluster(CLUSTER.replace('{address: "2001:db8::12"}', "{}")))

    assert "127.0.0.1" not in made.text and [note.text.split()[0] for note in made.notes] == ["drtr", "prtr"]


def test_without_any_address_there_is_no_file() -> None:
    text = "version: 1\ncluster: {name: a}\ncheckout: ~/a\nnodes: {one: {hostname: one, ssh: {host: alias}}}\n"

    with pytest.raises(UnknownError, match="no node has"):
        hosts(cluster(text))


def test_a_service_never_takes_the_name_of_a_node() -> None:
    text = CLUSTER.replace("hostname: director", "hostname: caddy")
    made = hosts(cluster(text))

    assert entries(made.text)["caddy.local"] == ["2001:db8::12"]
    assert "caddy.local is drtr" in made.notes[-1].text
