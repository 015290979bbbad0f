"""The template of a node: what its variables say is what the role does, and no rule has anything to say about it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stems.infrastructure.local import LocalRunner
from stems.lifecycle.node.play import SWITCH, play_of, with_play
from stems.lifecycle.validate import validate_working_tree
from stems.tools.git.command import git_command

TEMPLATES = Path(__file__).parents[2] / "src/stems/methodology/templates"
NODE = TEMPLATES / "node-config"
DEFAULTS = NODE / "roles/node/defaults/main.yml"
EVERYTHING = """variables:
  node_updates: true
  node_monitoring: true
  node_backup: true
  node_firewall: true
  node_docker_source: docker
  node_accounts: [{name: me, ssh_keys: [ssh-ed25519 AAAA]}]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "home-config"
    shutil.copytree(TEMPLATES / "repository", folder)
    shutil.copytree(NODE / "roles", folder / "ansible/roles", dirs_exist_ok=True)
    site = folder / "ansible/site.yml"
    site.write_text(site.read_text().replace("  roles:\n", "  roles:\n    - node\n"))
    assert LocalRunner().run(git_command(folder, "init", "--quiet")).ok
    return folder


def test_no_rule_finds_anything_in_its_play(root: Path) -> None:
    """As `stems new node` adds it to the playbook of the other template."""
    shipped = (TEMPLATES / "repository/ansible/site.yml").read_text()
    made = with_play(shipped, "ansible/site.yml", play_of())
    assert made and SWITCH in made
    (root / "ansible/site.yml").write_text(made)

    assert [str(finding) for finding in validate_working_tree(root).findings] == []
    _is_right_for_ansible(root)


@pytest.mark.parametrize("variables", ["variables:\n", EVERYTHING], ids=["at first", "everything"])
def test_no_rule_finds_anything_in_it(root: Path, variables: str) -> None:
    cluster = root / "config/cluster.yml"
    cluster.write_text(cluster.read_text().replace("\nvariables:\n", f"\n{variables}"))

    assert [str(finding) for finding in validate_working_tree(root).findings] == []


def test_every_variable_of_the_role_is_listed_with_its_default() -> None:
    """As it is in the role, behind a `#`."""
    listed = (NODE / "variables.yml").read_text().split("\nvariables:\n")[1]
    lines = {re.sub(r"\s+", " ", line.strip().removeprefix("# ")) for line in listed.splitlines()}
    written = [re.sub(r"\s+", " ", line) for line in DEFAULTS.read_text().splitlines() if line.startswith("node_")]

    names = [line.split(":")[0] for line in written]
    assert len(names) > 30
    for line in written:
        assert line in lines, line


def test_every_variable_is_used() -> None:
    used = "".join(path.read_text() for path in (NODE / "roles/node").rglob("*") if path.is_file() and path != DEFAULTS)

    assert [name for name in re.findall(r"^(node_\w+):", DEFAULTS.read_text(), re.MULTILINE) if name not in used] == []


def test_only_modules_of_ansible_itself_are_used() -> None:
    text = "".join(path.read_text() for path in (NODE / "roles/node").rglob("*.yml"))

    assert not re.findall(r"^\s+(?!ansible\.builtin\.)[a-z_]+\.[a-z_]+\.[a-z_]+:", text, re.MULTILINE)


@pytest.mark.parametrize("script", ["validate.sh", "apply.sh"])
def test_a_script_calls_stems_in_the_repository_that_is_named(script: str, tmp_path: Path) -> None:
    (tmp_path / "stems").write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    (tmp_path / "stems").chmod(0o755)
    env = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    argv = ("sh", str(NODE / script), "--cluster", "/home/me/home-config", "--json")

    said = subprocess.run(argv, capture_output=True, text=True, check=True, env=env).stdout.split()

    assert said == ["-C", "/home/me/home-config", {"validate.sh": "validate", "apply.sh": "deploy"}[script], "--json"]


@pytest.mark.parametrize("script", ["validate.sh", "apply.sh"])
def test_a_script_says_how_to_get_stems(script: str, tmp_path: Path) -> None:
    (tmp_path / "dirname").symlink_to(str(shutil.which("dirname")))
    argv = (str(shutil.which("sh")), str(NODE / script))

    done = subprocess.run(argv, capture_output=True, text=True, check=False, env={"PATH": str(tmp_path)})

    assert done.returncode == 127
    assert "uv tool install" in done.stderr


def test_the_playbook_is_one_for_ansible(root: Path) -> None:
    _is_right_for_ansible(root)


def _is_right_for_ansible(root: Path) -> None:
    program = Path(sys.executable).with_name("ansible-playbook")
    if not program.exists():
        pytest.skip("this Python has no Ansible")
    argv = (str(program), "--syntax-check", "-i", "gate,", "site.yml")
    done = subprocess.run(argv, cwd=root / "ansible", capture_output=True, text=True, check=False, timeout=120)

    assert done.returncode == 0, done.stderr
