"""OpenSSH reads the configuration, reaches each node under each of its names, and trusts what is pinned."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from stems.errors import UnknownError, UsageError
from stems.lifecycle.generate.ssh_config import ssh_config
from tests.unit.lifecycle.generate.sample import CLUSTER, cluster


def effective(folder: Path, text: str, name: str) -> dict[str, str]:
    """What OpenSSH would do for `ssh NAME`."""
    (folder / "config").write_text(text)
    argv = ("ssh", "-G", "-F", str(folder / "config"), name)
    said = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    return dict(line.split(" ", 1) for line in said.splitlines())


@pytest.mark.parametrize("name", ["crtr", "cooperator", "cooperator.local"])
def test_a_node_is_reached_as_stems_reaches_it(tmp_path: Path, name: str) -> None:
    made = ssh_config(cluster(), known_hosts="/clone of 100%/known_hosts")
    found = effective(tmp_path, made.text, name)

    assert (found["hostname"], found["user"], found["port"]) == ("192.0.2.11", "owner", "2222")
    assert found["identityfile"] == "~/.ssh/my key" and found["identitiesonly"] == "yes"
    assert found["hostkeyalias"] == "crtr" and found["stricthostkeychecking"] == "true"
    assert found["userknownhostsfile"].replace("%%", "%") == "/clone of 100%/known_hosts"
    assert found["globalknownhostsfile"] == "/dev/null" and found["updatehostkeys"] == "false"


def test_other_hosts_are_not_touched(tmp_path: Path) -> None:
    found = effective(tmp_path, ssh_config(cluster(), known_hosts="known_hosts").text, "elsewhere.example")

    assert "hostkeyalias" not in found and found["hostname"] == "elsewhere.example"


def test_nodes_reach_one_another_at_their_own_address_and_port(tmp_path: Path) -> None:
    made = ssh_config(cluster(), known_hosts="~/colab-config/known_hosts", identity="~/.ssh/mesh", between_nodes=True)
    here, other = effective(tmp_path, made.text, "crtr"), effective(tmp_path, made.text, "director.local")

    assert (here["hostname"], here["port"]) == ("192.0.2.11", "2222")
    # The port of this machine's loopback is forwarded, and leads nowhere from there.
    assert (other["hostname"], other["port"]) == ("2001:db8::12", "22")
    assert here["identityfile"] == other["identityfile"] == "~/.ssh/mesh"


def test_the_port_for_other_nodes_can_be_said(tmp_path: Path) -> None:
    text = CLUSTER.replace('{address: "2001:db8::12"}', '{address: "2001:db8::12", ssh_port: 2200}')
    made = ssh_config(cluster(text), known_hosts="known_hosts", between_nodes=True)

    assert effective(tmp_path, made.text, "drtr")["port"] == "2200"


def test_a_node_without_an_address_is_left_out_and_named() -> None:
    made = ssh_config(cluster(CLUSTER.replace('{address: "2001:db8::12"}', "{}")), known_hosts="x", between_nodes=True)

    assert "Host drtr" not in made.text and "# drtr has no address that other nodes reach" in made.text
    assert "drtr" in made.notes[0].text and "address" in made.notes[0].remedy


def test_no_address_at_all_is_an_error() -> None:
    alone = "version: 1\ncluster: {name: a}\ncheckout: ~/a\nnodes: {one: {hostname: one, ssh: {host: localhost}}}\n"

    with pytest.raises(UnknownError):
        ssh_config(cluster(alone), known_hosts="x", between_nodes=True)


def test_what_may_be_an_alias_is_said() -> None:
    notes = [note.text for note in ssh_config(cluster(), known_hosts="x").notes]

    assert len(notes) == 1 and notes[0].startswith("prtr is reached as work:")


def test_a_name_of_a_node_never_leads_to_another_one(tmp_path: Path) -> None:
    text = CLUSTER.replace("hostname: cooperator", "hostname: drtr")
    found = effective(tmp_path, ssh_config(cluster(text), known_hosts="x").text, "drtr")

    assert found["hostkeyalias"] == "drtr"


def test_a_path_that_ssh_cannot_read_is_refused() -> None:
    with pytest.raises(UsageError, match="no way to write"):
        ssh_config(cluster(), known_hosts='/a"b')
