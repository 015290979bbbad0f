"""Durations, sizes and shares mean one thing, and what is not certain is refused."""

from __future__ import annotations

import pytest

from stems.readers.quantities import read_duration, read_share, read_size


def test_durations_are_seconds() -> None:
    assert [read_duration(text) for text in ("5s", "2m", "1h30m", "500ms", "0s", "1.5h")] == [
        5,
        120,
        5400,
        0.5,
        0,
        5400,
    ]


def test_sizes_are_bytes_in_powers_of_1024() -> None:
    assert [read_size(text) for text in ("1K", "512M", "1.5G", "1T", "2GiB", 0)] == [
        1024,
        512 * 1024**2,
        3 * 1024**3 // 2,
        1024**4,
        2 * 1024**3,
        0,
    ]


def test_shares_are_parts_of_one() -> None:
    assert read_share("10%") == 0.1


@pytest.mark.parametrize("text", ["", "5", 5, "5 s", "-5s", "s", "5x", None, True, "9" * 40 + "s"])
def test_a_duration_without_unit_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="must be a duration"):
        read_duration(text)


@pytest.mark.parametrize("text", ["", "5", "5MB", "5m", -1, True, None, 1.5, [], "9" * 40 + "M"])
def test_a_size_without_unit_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="must be a size"):
        read_size(text)


@pytest.mark.parametrize("text", ["101%", "10", "%", 10, "-1%"])
def test_a_share_outside_of_one_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="must be a share"):
        read_share(text)
