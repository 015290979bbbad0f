"""Whatever a path of the repository is, reading it ends soon, raises nothing and stays inside."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stems.model.finding import Place
from stems.readers.kept import Kept
from stems.validation import files
from stems.validation.content import LARGEST, Kind
from stems.validation.files import Files

SECONDS = 5


def one(folder: Path, content: bytes) -> files.File:
    (folder / "a").write_bytes(content)
    return Files(folder, ["a"])["a"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", Kind.TEXT),
        ("\ufeffhé\n".encode(), Kind.TEXT),
        (b"caf\xe9\n", Kind.ENCODED),
        ("a: b\n".encode("utf-16"), Kind.ENCODED),
        (b"\x7fELF\x00\x01", Kind.BINARY),
        (b"x" * LARGEST, Kind.TEXT),
        (b"x" * (LARGEST + 1), Kind.LARGE),
    ],
)
def test_only_text_has_something_to_read(tmp_path: Path, content: bytes, kind: Kind) -> None:
    file = one(tmp_path, content)

    assert file.kind is kind
    assert bool(file.text) == (kind is Kind.TEXT and bool(content))
    assert file.documents == () or kind is Kind.TEXT


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "link").symlink_to("/etc/hostname")
    (tmp_path / "module").mkdir()
    os.mkfifo(tmp_path / "pipe")
    kinds = {file.path: file.kind for file in Files(tmp_path, ["loop", "link", "module", "pipe", "gone", "a\0b"])}

    assert kinds == {
        "loop": Kind.LINK,
        "link": Kind.LINK,
        "module": Kind.UNREADABLE,
        "pipe": Kind.UNREADABLE,
        "gone": Kind.UNREADABLE,
        "a\0b": Kind.UNREADABLE,
    }


def test_a_folder_that_became_a_link_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a").write_text("secret\n")
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "out").symlink_to("../outside")
    (tmp_path / "inside" / "round").symlink_to("round")
    found = Files(tmp_path / "inside", ["out/a", "round/a", "../outside/a"])

    assert {file.path: (file.kind, file.text) for file in found} == {
        "out/a": (Kind.UNREADABLE, ""),
        "round/a": (Kind.LINK, ""),
        "../outside/a": (Kind.UNREADABLE, ""),
    }


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(100 * 1024 * 1024)

    assert Files(tmp_path, ["huge"])["huge"].kind is Kind.LARGE


def test_places_count_as_people_do(tmp_path: Path) -> None:
    file = one(tmp_path, b"one\r\ntwo three\r\n")

    assert file.lines == ["one", "two three", ""]
    assert file.at(file.text.index("three")) == Place("a", 2, 5)
    assert file.at(0) == Place("a", 1, 1)
    assert file.at(len(file.text)) == Place("a", 3, 1)
    assert [file.line(number) for number in range(5)] == ["", "one", "two three", "", ""]
    assert one(tmp_path, b"").at(0) == Place("a", 1, 1)


def test_many_places_in_one_file_cost_little(tmp_path: Path) -> None:
    file = one(tmp_path, b"ab\n" * 600_000)
    start = time.process_time()
    places = [file.at(offset) for offset in range(0, len(file.text), 30)]

    assert places[-1] == Place("a", 599_991, 1)
    assert file.line(600_000) == "ab"
    assert time.process_time() - start < SECONDS


def test_yaml_has_places_or_an_error(tmp_path: Path) -> None:
    assert one(tmp_path, b"a: 1\n---\nb: 2\n").documents[1].key_place("b") == Place("a", 3, 1)
    broken = one(tmp_path, b"a: [1\n")

    assert broken.documents == () and broken.yaml_error is not None
    assert broken.yaml_error.place.line


def test_what_has_a_key_twice_is_read_with_the_last_value(tmp_path: Path) -> None:
    file = one(tmp_path, b"- a: 1\n  a: 2\n  b: {c: 1}\n- d: 1\n  d: 2\n---\ne: 1\n")

    for _ in range(2):
        assert [document.value for document in file.documents] == [[{"a": 2, "b": {"c": 1}}, {"d": 2}], {"e": 1}]
        assert [each.place.line for each in file.repeated_keys] == [2, 5]
        assert file.yaml_error is file.repeated_keys[0]


def test_files_are_found_by_name_path_and_folder(tmp_path: Path) -> None:
    found = Files(tmp_path, ["b/compose.yml", "a/x.yaml", "compose.yml", "a/deep/compose.yml", "README"])

    assert [file.path for file in found.named("*.yaml", "compose.yml")] == [
        "a/deep/compose.yml", "a/x.yaml", "b/compose.yml", "compose.yml",
    ]  # fmt: skip
    assert [file.path for file in found.named("a/*.yml")] == ["a/deep/compose.yml"]
    assert [file.path for file in found.under("a")] == ["a/deep/compose.yml", "a/x.yaml"]
    assert len(list(found.under("."))) == len(found) == 5
    assert [file.path for file in found.named()] == []
    assert ("README" in found, found.get("none")) == (True, None)
    assert (found["a/x.yaml"].name, found["a/x.yaml"].folder, found["README"].folder) == ("x.yaml", "a", "")


@pytest.mark.parametrize(
    ("path", "tells"),
    [("README.md", True), ("docs/examples/compose.yml", True), ("services/Docs.rst", True), ("docs.yml", False)],
)
def test_documentation_is_not_configuration(path: str, tells: bool) -> None:
    assert Files(None, [path])[path].is_documentation == tells


@pytest.mark.parametrize(
    ("path", "is_aside"),
    [
        ("archive/2024/compose.yml", True),
        ("services/_old/web/compose.yml", True),
        (".stems/templates/service/compose.yml", True),
        ("ansible/roles/ssh/tests/inventory", True),
        ("ansible/roles/ssh/templates/sshd_config.j2", False),
        ("services/backup/compose.yml", False),
        ("services/tests.yml", False),
        ("compose.yml", False),
    ],
)
def test_what_lies_aside_does_not_run(path: str, is_aside: bool) -> None:
    assert Files(None, [path])[path].is_aside == is_aside


def test_a_file_is_read_once_as_long_as_there_is_room(tmp_path: Path) -> None:
    file = one(tmp_path, b"old\n")
    assert file.text == "old\n"
    (tmp_path / "a").write_bytes(b"new\n")

    assert file.text == "old\n"


def test_no_more_is_kept_than_there_is_room_for() -> None:
    kept = Kept[str](10)
    kept.keep("a", "one", weight=4)
    kept.keep("b", "two", weight=4)
    assert kept.get("a") == "one"
    kept.keep("c", "three", weight=4)
    kept.keep("d", "four", weight=11)

    assert [kept.get(key) for key in "abcd"] == ["one", None, "three", None]


@given(st.binary(max_size=300))
def test_any_content_is_read(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = one(tmp_path_factory.getbasetemp(), content)

    assert file.kind in (Kind.TEXT, Kind.ENCODED, Kind.BINARY)
    assert isinstance(file.documents, tuple) and len(file.lines) <= len(content) + 1


@pytest.mark.parametrize(
    "text",
    [
        "[" * 5000,
        "a: " * 3000,
        "&a [" * 200,
        "x: &a [*a]",
        "{" * 200 + "}" * 200,
        "- " * 4000,
        "a: \x00",
        "\t- a",
        "!!x",
    ],
)
def test_hostile_yaml_is_an_error_and_no_traceback(tmp_path: Path, text: str) -> None:
    assert one(tmp_path, text.encode()).documents == () or text == "!!x"


def test_a_bomb_of_aliases_ends_soon(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]" for n in range(1, 30)]

    assert one(tmp_path, "\n".join(lines).encode()).yaml_error is not None
