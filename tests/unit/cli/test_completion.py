"""Shells complete commands, and live names where a node, a plan or a deployment is meant."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from stems.cli.app import app
from stems.lifecycle.store import Store
from stems.tools.git.ledger import Ledger
from tests.support.builders import ID
from tests.support.scratch import Scratch
from tests.unit.model.test_plan import PLAN

CLUSTER = {
    "version": 1,
    "cluster": {"name": "colab"},
    "checkout": "~/colab-config",
    "nodes": {name: {"hostname": name, "ssh": {"host": f"{name}.example"}} for name in ("crtr", "drtr", "prtr")},
}


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scratch:
    made = Scratch(tmp_path / "repository")
    made.commit({"config/cluster.yml": json.dumps(CLUSTER)})
    monkeypatch.chdir(made.root)
    return made


def completed(*words: str) -> list[str]:
    """What a shell offers for the last word."""
    complete = ShellComplete(app, {}, "stems", "_STEMS_COMPLETE")
    return [item.value for item in complete.get_completions(list(words[:-1]), words[-1])]


def test_commands_are_known() -> None:
    assert completed("st") == ["status"]
    assert completed("lab", "he") == ["heal"]
    assert "--without" in completed("plan", "--")


@pytest.mark.parametrize("words", [("trust",), ("variables",), ("plan", "--node"), ("drift", "--without")])
def test_nodes_are_completed_where_a_node_is_meant(repository: Scratch, words: tuple[str, ...]) -> None:
    assert completed(*words, "") == ["crtr", "drtr", "prtr"]
    assert completed(*words, "p") == ["prtr"]


def test_a_node_is_offered_once(repository: Scratch) -> None:
    assert completed("plan", "--node", "prtr", "--node", "") == ["crtr", "drtr"]


def test_another_folder_is_asked_when_it_is_named(repository: Scratch, tmp_path: Path) -> None:
    os.chdir(tmp_path)

    assert completed("trust", "") == []
    assert completed("-C", str(repository.root), "trust", "d") == ["drtr"]


def test_saved_plans_are_completed_where_a_digest_is_meant(repository: Scratch) -> None:
    Store(repository.open().state_folder()).save_plan(PLAN)

    assert completed("approve", "") == completed("deploy", PLAN.digest[:3]) == [PLAN.digest[:12]]


def test_deployments_are_completed_from_the_ledger(repository: Scratch) -> None:
    ends = ("begin", "end", "end-1-20261122T123000Z-abcdef")
    Ledger.of(repository.open()).append({f"deployments/{ID}-{end}.json": b"{}" for end in ends}, "Write")

    assert completed("history", "2026") == completed("rollback", "") == [ID]


def test_a_file_that_cannot_be_read_completes_nothing(repository: Scratch) -> None:
    (repository.root / "config/cluster.yml").write_text("nodes: [")

    assert completed("trust", "") == []


def test_a_command_that_is_none_does_not_break_the_shell() -> None:
    assert "plan" in completed("no-such-command", "")
