"""Checks of mounts and free space are judged from the probe, and what cannot be read is not known."""

from __future__ import annotations

import pytest

from stems.infrastructure.probe import Section
from stems.lifecycle.look.checks import CheckResult, parse_snippet, snippet
from stems.model.check import DiskFreeCheck, HttpCheck, MountCheck

MOUNT = MountCheck("/cluster-nas")
SHARE = DiskFreeCheck("/", "10%")
SIZE = DiskFreeCheck("/srv", "5G")
HTTP = HttpCheck("http://127.0.0.1/")
GIB = 1024 * 1024


def judged(check: MountCheck | DiskFreeCheck, said: str) -> bool | None:
    (result,) = parse_snippet([check], Section(0, said))
    assert result.check == str(check)
    return result.passed


@pytest.mark.parametrize(("said", "passed"), [("yes\n", True), ("no\n", False), ("maybe\n", None), ("", None)])
def test_a_mount_is_there_or_not_or_not_known(said: str, passed: bool | None) -> None:
    assert judged(MOUNT, said) is passed


@pytest.mark.parametrize(
    ("check", "said", "passed"),
    [
        (SHARE, "1000 100\n", True),
        (SHARE, "1000 99\n", False),
        (SIZE, f"{100 * GIB} {5 * GIB}\n", True),
        (SIZE, f"{100 * GIB} {5 * GIB - 1}\n", False),
        (SHARE, "0 0\n", True),
        (SHARE, "unknown\n", None),
        (SHARE, "1000\n", None),
        (SHARE, "1000 100 100\n", None),
        (SHARE, "1000 -1\n", None),
        (SHARE, "1000 ²\n", None),
        (SHARE, "1000 ٣\n", None),
        (SHARE, f"1000 {'9' * 5000}\n", None),
    ],
)
def test_free_space_is_enough_or_not_or_not_known(check: DiskFreeCheck, said: str, passed: bool | None) -> None:
    assert judged(check, said) is passed


def test_answers_belong_to_the_checks_in_their_order() -> None:
    results = parse_snippet([MOUNT, HTTP, SHARE], Section(0, "no\n1000 500\n"))

    assert results == [
        CheckResult("mount /cluster-nas", passed=False, detail="not mounted"),
        CheckResult("10% free on /", passed=True, detail="50% free"),
    ]


def test_an_answer_too_few_makes_all_unknown() -> None:
    results = parse_snippet([MOUNT, SHARE], Section(0, "yes\n"))

    assert [result.passed for result in results] == [None, None]


def test_what_is_not_known_is_not_called_unmounted() -> None:
    (result,) = parse_snippet([MOUNT], Section(0, "?"))

    assert result.detail == "not known"


def test_a_path_is_a_word_of_the_script_and_never_more() -> None:
    text = snippet([MountCheck("/a b;$(x)"), DiskFreeCheck("/it's", "1G")])

    assert "'/a\\\\040b;$(x)'" in text
    assert """'/it'"'"'s'""" in text


def test_http_checks_are_not_part_of_the_probe() -> None:
    assert snippet([HTTP]) == ":"
    assert parse_snippet([HTTP], Section(0, "")) == []
