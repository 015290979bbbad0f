"""`stems generate` says what it left out, writes only its own files, and tells a stale one by its exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stems.__main__ import run
from stems.lifecycle.generate.made import says
from tests.unit.lifecycle.generate import sample

FORMATS = {
    "ssh-config": "ssh_config", "hosts": "hosts", "inventory": "inventory.yml", "chezmoi-data": ".chezmoidata.yaml",
    "prometheus": "prometheus.yml", "diagram": "cluster.svg", "docs": "catalogue.md",
}  # fmt: skip
MORE = {"chezmoi-data": ["--node", "crtr"]}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return sample.read(tmp_path).repository.root


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_is_made_checked_and_found_stale(root: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    made = root / FORMATS[name]
    command = ["-C", str(root), "generate", name, *MORE.get(name, [])]

    assert run([*command, "--output", "."]) == 0
    capsys.readouterr()
    assert run(command) == 0 and capsys.readouterr().out == made.read_text()
    assert says(name) in made.read_text().splitlines()[0]
    assert run([*command, "--output", ".", "--check"]) == 0 and capsys.readouterr().out == ""
    cluster = root / "config" / "cluster.yml"
    cluster.write_text(cluster.read_text().replace("192.0.2.11", "192.0.2.99"))
    assert run([*command, "--output", ".", "--check"]) == 1
    said = capsys.readouterr()
    assert f"{made.name} is stale" in said.err and any(
        line.startswith("+") and "192.0.2.99" in line for line in said.out.splitlines()
    )
    assert "192.0.2.99" not in made.read_text()


def test_a_file_of_somebody_else_is_refused(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "hosts").write_text("127.0.0.1 localhost\n")

    assert run(["-C", str(root), "generate", "hosts", "--output", "hosts"]) == 2
    assert (root / "hosts").read_text() == "127.0.0.1 localhost\n" and "overwritten" in capsys.readouterr().err


def test_a_node_that_is_left_out_is_said(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", str(root), "generate", "hosts"]) == 0
    assert "warning: prtr has no known IP address" in capsys.readouterr().err


def test_no_known_address_at_all_is_unknown(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "version: 1\ncluster: {name: a}\ncheckout: ~/a\nnodes: {one: {hostname: one, ssh: {host: alias}}}\n"
    (root / "config" / "cluster.yml").write_text(text)

    assert run(["-C", str(root), "generate", "hosts"]) == 7
    assert "no node has a known IP address" in capsys.readouterr().err


def test_one_document_has_the_text_and_what_is_not_in_it(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", str(root), "generate", "hosts", "--json"]) == 0
    said = capsys.readouterr()
    document = json.loads(said.out)

    assert (document["schema"], document["format"]) == ("stems.generate/1", "hosts")
    assert "cooperator" in document["text"] and document["notes"][0]["text"].startswith("prtr") and said.err == ""


@pytest.mark.parametrize(
    "words",
    [
        ["hosts", "--check"], ["inventory", "--list", "--host", "crtr"], ["inventory", "--host", "nobody"],
        ["chezmoi-data"], ["chezmoi-data", "--node", "nobody"], ["prometheus", "--from", "nobody"],
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_wrong_usage(root: Path, words: list[str]) -> None:
    assert run(["-C", str(root), "generate", *words]) == 2


def test_a_cluster_file_with_a_mistake_makes_nothing(root: Path) -> None:
    (root / "config" / "cluster.yml").write_text("version: 2\n")

    assert run(["-C", str(root), "generate", "docs"]) == 3
