"""What `stems init` makes a repository of is a good one as it lies there: no rule has anything to say about a copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from stems.configuration.load import load_cluster
from stems.infrastructure.local import LocalRunner
from stems.lifecycle.validate import validate_working_tree
from stems.model.cluster import CLUSTER_FILE
from stems.tools.git.command import git_command

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "src/stems/methodology/templates/repository"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    folder = tmp_path / "new-project"
    shutil.copytree(TEMPLATE, folder)
    assert LocalRunner().run(git_command(folder, "init", "--quiet")).ok
    return folder


def test_no_rule_finds_anything_in_a_copy(copied: Path) -> None:
    judgement = validate_working_tree(copied)

    assert [str(finding) for finding in judgement.findings] == []
    assert judgement.left == ()


def test_its_machines_are_nobodys() -> None:
    cluster = load_cluster((TEMPLATE / CLUSTER_FILE).read_text())

    assert all(node.ssh.host.startswith("192.0.2.") for node in cluster.nodes.values())


def test_it_has_every_part_that_a_repository_starts_with() -> None:
    names = {str(path.relative_to(TEMPLATE)) for path in TEMPLATE.rglob("*") if path.is_file()}

    assert {
        CLUSTER_FILE, "README.md", ".gitignore", ".pre-commit-config.yaml", ".github/workflows/stems.yml",
        ".forgejo/workflows/stems.yml", "validate.sh", "apply.sh", "ansible/site.yml", "services/hello/compose.yml",
    } <= names  # fmt: skip
    assert any(name.startswith("dotfiles/") for name in names)
    assert any(name.startswith("docs/decisions/") for name in names)
