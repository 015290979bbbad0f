"""The first list of approvers counts when a person agreed to it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from stems.cli.approving import confirm_approvers
from stems.errors import ApprovalError
from stems.lifecycle.workspace import Workspace
from stems.model.cluster import Approver
from stems.tools.git.ledger import Ledger
from tests.support.builders import CLUSTER, workspace

LISTED = replace(CLUSTER, approvers=(Approver("owner", "ssh-ed25519 AAAA"),))
SHOWN = "first use of `approvers`: from now on an approval must be signed by one of\n  owner  ssh-ed25519 AAAA\n"


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return workspace(tmp_path, LISTED)


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Standard input is a terminal; what is written here is typed at it."""
    typed, terminal = os.openpty()
    with os.fdopen(terminal) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        yield typed
    os.close(typed)


def test_yes_agrees_to_the_list_too_and_says_so(place: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    confirm_approvers(place, yes=True)

    assert capsys.readouterr().err == f"{SHOWN}--yes agrees to this list too\n"


def test_a_person_is_asked(place: Workspace, keyboard: int, capsys: pytest.CaptureFixture[str]) -> None:
    os.write(keyboard, b"y\n")
    confirm_approvers(place)

    assert capsys.readouterr().err.startswith(f"{SHOWN}are these the approvers?")


def test_a_list_that_a_person_does_not_know_is_refused(place: Workspace, keyboard: int) -> None:
    os.write(keyboard, b"n\n")

    with pytest.raises(ApprovalError, match="the approvers are not confirmed") as refused:
        confirm_approvers(place)
    assert "config/cluster.yml" in refused.value.remedy


@pytest.mark.parametrize("listed", [True, False])
def test_nobody_is_asked_where_a_list_counts_or_none_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], listed: bool
) -> None:
    place = workspace(tmp_path, LISTED if listed else CLUSTER)
    if listed:
        name = f"approvers/20261122T120000Z-{'1' * 64}.json"
        Ledger.of(place.repository).append({name: b'{"approvers": []}'}, "Add")
    confirm_approvers(place)

    assert capsys.readouterr().err == ""
