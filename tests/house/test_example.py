"""The example that `lab up` writes is a good one: no rule has anything to say about it."""

from __future__ import annotations

from pathlib import Path

from stems.infrastructure.lab import example
from stems.infrastructure.lab.keys import require_keys
from stems.infrastructure.lab.network import placed
from stems.infrastructure.lab.state import Lab
from stems.infrastructure.lab.up import EXAMPLE
from stems.infrastructure.local import LocalRunner
from stems.lifecycle.validate import validate_working_tree


def test_no_rule_finds_anything(tmp_path: Path) -> None:
    lab = placed(Lab("mine", tmp_path, tmp_path / "repository", nodes=EXAMPLE), "198.51.100.0/24")
    require_keys(lab, LocalRunner())
    example.write_example(lab, lab.repository, LocalRunner())

    judgement = validate_working_tree(lab.repository)

    assert [str(finding) for finding in judgement.findings] == []
    assert judgement.left == ()
