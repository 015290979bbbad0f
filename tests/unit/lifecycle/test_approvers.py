"""Which list of approvers counts: not one that somebody added to the ledger of a node."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stems.lifecycle.approvers import approvers
from stems.lifecycle.workspace import Workspace
from stems.tools.git.ledger import Ledger
from tests.support.builders import workspace

FIRST, SECOND = f"approvers/20261122T120000Z-{'1' * 64}.json", f"approvers/20261122T130000Z-{'2' * 64}.json"
OLDER = f"approvers/19700101T000000Z-{'0' * 64}.json"


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return workspace(tmp_path)


def add(place: Workspace, name: str, who: str) -> None:
    document = {"schema": "stems.approvers/1", "approvers": [{"name": who, "key": "ssh-ed25519 AAAA"}]}
    Ledger.of(place.repository).append({name: json.dumps(document).encode()}, "Add")


def counting(place: Workspace) -> list[str] | None:
    found = approvers(place)
    return None if found is None else [each.name for each in found]


def test_nothing_recorded_is_no_list(place: Workspace) -> None:
    assert counting(place) is None


def test_the_first_list_counts_by_its_use(place: Workspace) -> None:
    add(place, FIRST, "owner")

    assert counting(place) == ["owner"]


def test_a_later_list_that_nobody_signed_does_not_count(place: Workspace) -> None:
    add(place, FIRST, "owner")
    add(place, SECOND, "mallory")

    assert counting(place) == ["owner"]


def test_an_older_list_that_appears_later_does_not_count(place: Workspace) -> None:
    """Files are ordered by their names, and whoever can write on a node can name one as they like."""
    add(place, FIRST, "owner")
    assert counting(place) == ["owner"]
    add(place, OLDER, "mallory")

    assert counting(place) == ["owner"]


@pytest.mark.parametrize("name", ["approvers/zzz.json", "approvers/zz-zz.json"])
def test_a_name_that_is_none_is_left_out(place: Workspace, name: str) -> None:
    add(place, name, "mallory")
    assert counting(place) is None
    add(place, FIRST, "owner")

    assert counting(place) == ["owner"]
