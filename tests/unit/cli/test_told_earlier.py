"""What `status` says of the nodes does not depend on the ledger."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.cli.commands.status import told_earlier
from stems.tools.git.ledger import Ledger
from tests.support.builders import ID, workspace


def test_a_ledger_that_cannot_be_read_is_said_and_hides_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = workspace(tmp_path)
    Ledger.of(place.repository).append({f"deployments/{ID}-begin.json": b"{}"}, "Write")

    assert told_earlier(place) == ""
    assert "the ledger holds a deployment that cannot be read" in capsys.readouterr().err
