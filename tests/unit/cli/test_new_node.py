"""`stems new node` writes an entry, the role and its name, and nothing where something is wrong."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stems.__main__ import run
from stems.configuration.load import load_cluster
from stems.lifecycle.node.play import play_of, with_play
from stems.lifecycle.template import Template
from stems.lifecycle.validate import validate_working_tree

TEMPLATES = Path(__file__).parents[3] / "src/stems/methodology/templates"
NODE = ["--host", "192.0.2.14", "--no-preflight"]
CLOSED = ["--host", "127.0.0.1", "--port", "9"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "home-config"
    shutil.copytree(TEMPLATES / Template.REPOSITORY.value, folder)
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    return folder


def new(root: Path, *words: str) -> int:
    return run(["-C", str(root), "new", "node", *words])


def test_all_that_is_written_is_valid(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, site = ((root / name).read_text() for name in ("config/cluster.yml", "ansible/site.yml"))

    assert new(root, "four", *NODE, "--role", "work", "--arch", "arm64") == 0

    text = (root / "config/cluster.yml").read_text()
    node = load_cluster(text).nodes["four"]
    assert (node.ssh.host, node.ssh.user, node.role, node.arch) == ("192.0.2.14", "me", "work", "arm64")
    assert {*before.splitlines()} <= {*text.splitlines()}
    assert node.variables["node_setup"] is True
    assert (root / "ansible/site.yml").read_text() == with_play(site, "", play_of())
    assert [str(finding) for finding in validate_working_tree(root).findings] == []
    assert "stems trust four" in capsys.readouterr().out


def test_a_second_one_writes_its_entry_alone(root: Path) -> None:
    assert new(root, "four", *NODE) == 0
    role = root / "ansible/roles/node/tasks/main.yml"
    role.write_text("[]\n")

    assert new(root, "five", "--host", "192.0.2.15", "--no-preflight") == 0

    assert role.read_text() == "[]\n"
    assert (root / "ansible/site.yml").read_text().count("name: node\n") == 1
    nodes = load_cluster((root / "config/cluster.yml").read_text()).nodes
    assert [name for name, node in nodes.items() if node.variables.get("node_setup")] == ["four", "five"]


def test_a_role_that_every_node_has_asks_for_no_variable(root: Path) -> None:
    site = root / "ansible/site.yml"
    site.write_text(site.read_text().replace("  roles:\n", "  roles:\n    - node\n"))

    assert new(root, "four", *NODE) == 0

    assert "node_setup" not in load_cluster((root / "config/cluster.yml").read_text()).nodes["four"].variables


def test_a_copy_of_the_template_that_was_edited_is_taken(root: Path, tmp_path: Path) -> None:
    copy = tmp_path / "node-setup"
    shutil.copytree(TEMPLATES / Template.NODE.value, copy)
    variables = copy / "variables.yml"
    variables.write_text(variables.read_text().replace("# node_docker: true", "node_docker: false"))
    (copy / "roles/node/tasks/custom.yml").write_text("[]\n")

    assert new(root, "four", "--from", str(copy), "--port", "2222", "--no-preflight") == 0

    node = load_cluster((root / "config/cluster.yml").read_text()).nodes["four"]
    assert (node.ssh.host, node.ssh.port, node.role) == ("192.0.2.14", 2222, "work")
    assert (node.variables["node_docker"], node.variables["node_setup"]) == (False, True)
    assert (root / "ansible/roles/node/tasks/custom.yml").read_text() == "[]\n"


def test_a_machine_that_does_not_answer_is_unknown_and_written(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new(root, "four", *CLOSED) == 0

    said = capsys.readouterr()
    assert "? network" in said.out
    assert "network is not known" in said.err
    assert "four" in load_cluster((root / "config/cluster.yml").read_text()).nodes


def test_a_person_is_asked_with_what_the_cluster_has(root: Path) -> None:
    ours, theirs = pty.openpty()
    try:
        os.write(ours, b"192.0.2.14\n\nwork\n")
        argv = [sys.executable, "-m", "stems", "-C", str(root), "new", "node", "four", "--no-preflight"]
        ended = subprocess.run(argv, stdin=theirs, capture_output=True, text=True, timeout=60, check=False)
    finally:
        os.close(ours)
        os.close(theirs)

    assert ended.returncode == 0, ended.stderr
    node = load_cluster((root / "config/cluster.yml").read_text()).nodes["four"]
    assert (node.ssh.host, node.ssh.user, node.role) == ("192.0.2.14", "me", "work")
    assert "gateway, gpu, work" in ended.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["four"], 2, "--host"),
        (["gate", *NODE], 2, "there is a node gate"),
        (["Four", *NODE], 2, "not a name for a node"),
        (["four", "--host", "192.0.2.11", "--no-preflight"], 3, "gate: has that address already"),
        (["four", "--host", "-oProxyCommand=x", "--no-preflight"], 2, "not a host"),
    ],
)
def test_what_is_wrong_writes_nothing(
    root: Path, words: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (root / "config/cluster.yml").read_text()

    assert new(root, *words) == code

    assert said in capsys.readouterr().err
    assert (root / "config/cluster.yml").read_text() == before
    assert not (root / "ansible/roles/node").exists()
