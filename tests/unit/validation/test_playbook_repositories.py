"""Rules about playbooks find nothing in trees that are well kept, with and without a cluster file."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.lifecycle.validate import validate_tree
from stems.model.cluster import CLUSTER_FILE
from stems.tools.base import Tree
from stems.validation.page import Example
from tests.unit.validation.examples import written
from tests.unit.validation.playbook_repositories import SAID

CASES = [pytest.param(example, codes, id=name) for name, (example, codes) in SAID.items()]


def told(tree: Tree) -> list[str]:
    findings = validate_tree(tree, every_stage=True).findings
    return [f"{each.code} {each.place}: {each.message}" for each in findings if "STM420" <= each.code <= "STM449"]


@pytest.mark.parametrize(("example", "codes"), CASES)
def test_what_is_well_kept_is_left_alone(example: Example, codes: tuple[str, ...], tmp_path: Path) -> None:
    assert [line.split()[0] for line in told(written(tmp_path, example))] == list(codes), told(
        written(tmp_path, example)
    )


@pytest.mark.parametrize(("example", "codes"), CASES)
def test_the_same_without_a_cluster(example: Example, codes: tuple[str, ...], tmp_path: Path) -> None:
    tree = written(tmp_path, example)
    (tmp_path / CLUSTER_FILE).unlink()

    found = told(Tree(tree.root, "", tree.tracked - {CLUSTER_FILE}))

    assert [line.split()[0] for line in found] == list(codes), found
