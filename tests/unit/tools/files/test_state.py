"""The manifest comes back as it was written, whatever the names, and never half-read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stems.tools.files.state import Kind, State, format_left, format_manifest, parse_manifest, sha256

NAMES = st.text(st.characters(exclude_characters="/", exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), min_size=1)
PATHS = st.lists(NAMES.filter(lambda name: name not in {".", ".."}), min_size=1, max_size=3).map("/".join)
STATES = st.sampled_from(
    [
        State(Kind.FILE, "0644", sha256(b"")),
        State(Kind.DIR),
        State(Kind.FOUND, "700"),
        State(Kind.LINK, sha=sha256(b"x")),
    ]
)


@given(st.dictionaries(PATHS, STATES))
def test_manifest_round_trip(manifest: dict[str, State]) -> None:
    assert parse_manifest(format_manifest(manifest).split("\n")[:-1]) == manifest


NO_LINES = ["", "file", "file 0644 x a", "other - - a", "file 0644 - ", "dir - - ../x", "dir - - /x", "dir - - a\x1bb"]


@pytest.mark.parametrize("line", NO_LINES)
def test_a_manifest_that_cannot_be_read_is_not_an_empty_one(line: str) -> None:
    with pytest.raises(ValueError, match=r"^not a"):
        parse_manifest([line])


def test_modes_compare_as_numbers() -> None:
    assert State(Kind.FILE, "0644") == State(Kind.FILE, "644")
    assert State(Kind.FILE, "4755").mode == "4755"


def test_left_names_files_that_every_sha256sum_can_read() -> None:
    manifest = {
        "b c": State(Kind.FILE, "644", "0" * 64),
        "back\\slash": State(Kind.FILE, "644", "1" * 64),
        "d": State(Kind.DIR),
    }

    assert format_left("/home/x", manifest) == f"{'0' * 64}  /home/x/b c\n"
