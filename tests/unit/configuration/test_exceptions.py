"""`config/exceptions.yml` is read strictly, with every mistake at its place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from stems.configuration.exceptions import exceptions_of, load_exceptions
from stems.configuration.invalid import InvalidClusterError

GOOD = """\
version: 1
exceptions:
  - {allow: STM405, where: ansible/roles/probe/, reason: Reads the firmware, until: 2027-01-31}
  - allow: STM404
    where: ansible/site.yml
    reason: The third node comes next month
"""


def test_what_is_written_is_read() -> None:
    first, second = load_exceptions(GOOD)

    assert (first.code, first.where, first.reason) == ("STM405", "ansible/roles/probe/", "Reads the firmware")
    assert (first.until, second.until) == (date(2027, 1, 31), None)
    assert str(second.place) == "config/exceptions.yml:4:5"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (", reason: Reads the firmware", "", "config/exceptions.yml:3:5: exceptions[0]: the key `reason` is missing"),
        ("Reads the firmware", "''", "config/exceptions.yml:3:58: exceptions[0].reason: must not be empty"),
        ("2027-01-31", "soon", "config/exceptions.yml:3:85: exceptions[0].until: must be a day"),
        ("STM405", "E501", "config/exceptions.yml:3:13: exceptions[0].allow: must be the code"),
        ("ansible/roles/probe/", "../x", "config/exceptions.yml:3:"),
        ("where:", "were:", "config/exceptions.yml:3:"),
        ("version: 1\n", "", "config/exceptions.yml:1:1: the key `version` is missing"),
        (GOOD, "[", "config/exceptions.yml:1:"),
        (GOOD, "", "config/exceptions.yml:"),
    ],
)
def test_mistakes_have_their_place(old: str, new: str, expected: str) -> None:
    with pytest.raises(InvalidClusterError) as raised:
        load_exceptions(GOOD.replace(old, new))

    places = [f"{finding.place}: {finding.message}" for finding in raised.value.findings]
    assert any(place.startswith(expected) for place in places), places


def test_without_the_file_there_are_none(tmp_path: Path) -> None:
    assert exceptions_of(tmp_path).listed == ()
    (tmp_path / "config").mkdir()
    (tmp_path / "config/exceptions.yml").write_text(GOOD)
    assert len(exceptions_of(tmp_path).listed) == 2
