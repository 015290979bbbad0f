"""A chosen node is written with its reason, and with nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from stems.errors import UsageError
from stems.lifecycle.placing import choose, write_placement
from tests.unit.lifecycle.test_place import CLUSTER, PHOTOS, placed

DAY = date(2026, 1, 2)


def test_only_node_and_reason_change(tmp_path: Path) -> None:
    found = placed(tmp_path, "web", {})
    written = write_placement(tmp_path, found, choose(found, "work", ""), "More memory", DAY)

    after = (tmp_path / "config/cluster.yml").read_text()
    assert after == CLUSTER.replace("web: {node: gate, reason: It is there}", "web: {node: work, reason: More memory}")
    page = (tmp_path / written.decision).read_text()
    assert "## Decision\n\nweb runs on work: More memory.\n" in page
    assert "After it run photos." in page


def test_what_is_written_already_is_not_decided_again(tmp_path: Path) -> None:
    found = placed(tmp_path, "web", {})
    written = write_placement(tmp_path, found, choose(found, "gate", ""), "It is there", DAY)

    assert written.decision == ""
    assert (tmp_path / "config/cluster.yml").read_text() == CLUSTER
    assert not (tmp_path / "docs").exists()


def test_an_undeclared_service_is_declared(tmp_path: Path) -> None:
    found = placed(tmp_path, "extra", {"services/extra/compose.yml": PHOTOS.replace("photos", "extra")})
    write_placement(tmp_path, found, choose(found, "gate", ""), "It fits", DAY)

    after = (tmp_path / "config/cluster.yml").read_text()
    assert after == CLUSTER + "  extra:\n    node: gate\n    reason: It fits\n"


def test_a_node_that_does_not_fit_needs_a_name_and_a_reason(tmp_path: Path) -> None:
    found = placed(tmp_path, "photos", {})

    with pytest.raises(UsageError, match="does not fit on gate"):
        choose(found, "gate", "")
    assert choose(found, "gate", "It is quiet there").node == "gate"


def test_data_is_not_left_behind(tmp_path: Path) -> None:
    keeps = CLUSTER.replace("reason: It is there", "reason: It is there, data: local")
    found = placed(tmp_path, "web", {"config/cluster.yml": keeps})

    with pytest.raises(UsageError, match="keeps data on gate"):
        choose(found, "work", "More memory")
    assert choose(found, "gate", "").node == "gate"
