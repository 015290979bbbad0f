"""A cluster file that no commit can have is no valid one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stems.lifecycle.validate import validate_tree
from stems.model.cluster import CLUSTER_FILE
from tests.unit.validation.examples import written


@pytest.mark.parametrize(
    ("ignore", "places"),
    [
        ("config/\n", [".gitignore:1:1"]),
        ("*.log\ncluster.yml\n", [".gitignore:2:1"]),
        ("config/*\n!config/cluster.yml\n", []),
        ("# config/\n", []),
        ("services/*/config/\n", []),
    ],
)
def test_what_git_ignores_is_in_no_commit(tmp_path: Path, ignore: str, places: list[str]) -> None:
    tree = written(tmp_path, {".gitignore": ignore})
    listed = replace(tree, tracked=tree.tracked - {CLUSTER_FILE})

    found = [finding for finding in validate_tree(listed).findings if finding.code == "STM115"]
    assert [str(finding.place) for finding in found] == places


def test_one_that_git_tracks_all_the_same_is_in_a_commit(tmp_path: Path) -> None:
    findings = validate_tree(written(tmp_path, {".gitignore": "config/\n"}), every_stage=True).findings

    assert "STM115" not in {finding.code for finding in findings}
