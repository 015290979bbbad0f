"""What a lab would ask of Docker and ssh, before anything runs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from stems.errors import StemsError, UsageError
from stems.infrastructure.lab import state
from stems.infrastructure.lab.example import FOLDER, LINKS, fill, placeholders
from stems.infrastructure.lab.faults import FAULTS, MEANINGS
from stems.infrastructure.lab.network import placed
from stems.infrastructure.lab.nodes import CGROUPS, WAYS, create_words, parse_states
from stems.infrastructure.lab.reach import ssh_argv
from stems.infrastructure.lab.recipe import recipe_digest
from stems.infrastructure.lab.state import Lab, LabNode
from stems.infrastructure.lab.up import EXAMPLE, with_fresh


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    folder = state.lab_folder("mine")
    folder.mkdir(parents=True)
    return Lab("mine", folder, folder / "repository", nodes=EXAMPLE, way="privileged")


def test_nodes_get_an_address_and_keep_their_port(lab: Lab) -> None:
    once = placed(lab, "172.30.0.0/16")
    twice = placed(once, "172.30.0.0/16")

    assert [node.address for node in once.nodes] == ["172.30.0.11", "172.30.0.12", "172.30.0.13"]
    assert once == twice
    assert {node.host for node in once.nodes} == {"127.0.0.1"}


def test_lab_with_no_way_out_publishes_no_port(lab: Lab) -> None:
    inner = placed(replace(lab, internal=True), "172.30.0.0/16")
    words = create_words(inner, inner.nodes[0], image="node:1", rights=())

    assert "--publish" not in words
    assert (inner.nodes[0].host, inner.nodes[0].port) == ("172.30.0.11", 22)


def test_ports_are_published_on_loopback_only(lab: Lab) -> None:
    lab = placed(lab, "172.30.0.0/16")
    words = create_words(lab, lab.nodes[0], image="node:1", rights=(*WAYS["privileged"], *CGROUPS["2"]))

    assert f"127.0.0.1:{lab.nodes[0].port}:22" in words
    assert words[-1] == "node:1"


def test_host_keys_are_always_checked(lab: Lab) -> None:
    words = ssh_argv(lab, lab.nodes[0])

    assert "StrictHostKeyChecking=yes" in words
    assert "HostKeyAlias=crtr" in words


def test_states_are_read_by_container() -> None:
    assert parse_states("stems-a-crtr running\nstems-a-drtr exited\n") == [
        ("stems-a-crtr", "running"),
        ("stems-a-drtr", "exited"),
    ]


def test_saved_lab_is_the_same_lab(lab: Lab) -> None:
    state.save(placed(lab, "172.30.0.0/16"))
    loaded = state.require_lab("mine")

    assert loaded.folder == lab.folder
    assert [node.name for node in loaded.nodes] == ["crtr", "drtr", "prtr"]
    assert state.lab_names() == ("mine",)


def test_unreadable_lab_is_an_error_and_not_absent(lab: Lab) -> None:
    (lab.folder / "lab.json").write_text(json.dumps({"schema": "stems.lab/0"}))

    with pytest.raises(StemsError, match="cannot be read"):
        state.load("mine")


@pytest.mark.parametrize("name", ["", "../up", "A", "a b", "-a", "a" * 40])
def test_lab_name_is_one_word(name: str) -> None:
    with pytest.raises(UsageError):
        state.lab_folder(name)


def test_unknown_node_is_answered_with_the_known_ones(lab: Lab) -> None:
    with pytest.raises(UsageError) as caught:
        with_fresh(lab, ["nobody"])

    assert caught.value.remedy == "name one of crtr, drtr, prtr"


def test_example_has_no_placeholder_left(lab: Lab) -> None:
    text = fill((FOLDER / "config" / "cluster.yml").read_text(), placeholders(placed(lab, "172.30.0.0/16")))

    assert "@@" not in text


def test_links_of_the_example_lead_somewhere() -> None:
    for name, target in LINKS.items():
        assert (FOLDER / Path(name).parent.parent.parent / Path(target).name).is_file()


def test_digest_names_the_recipe_and_its_compose() -> None:
    assert recipe_digest("2.40.3") == recipe_digest("2.40.3") != recipe_digest("2.40.4")


def test_every_fault_says_what_it_does() -> None:
    assert list(FAULTS) == list(MEANINGS)


def test_node_of_another_account_lives_in_its_home() -> None:
    assert state.home(LabNode("a", "a", "work", user="trtr")) == "/home/trtr"
    assert state.home(LabNode("a", "a", "work", user="root")) == "/root"
