"""What is remembered of a cluster must be what judging it again would give, or nothing."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from stems.configuration.invalid import InvalidClusterError
from stems.configuration.load import load_cluster
from stems.configuration.remember import keep, known_cluster, recall
from tests.unit.configuration.example import EXAMPLE


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def kept(tmp_path: Path) -> list[Path]:
    return list(tmp_path.glob("stems/clusters/*"))


def test_the_second_reading_gives_what_the_first_gave(tmp_path: Path) -> None:
    first = known_cluster(EXAMPLE.encode())
    (path,) = kept(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    second = known_cluster(EXAMPLE.encode())
    assert second == first == load_cluster(EXAMPLE) == recall(path)
    assert second.written.place("cluster", "name") == first.written.place("cluster", "name")


def test_another_text_is_judged_for_itself(tmp_path: Path) -> None:
    known_cluster(EXAMPLE.encode())
    known_cluster(EXAMPLE.encode() + b"# more\n")
    assert len(kept(tmp_path)) == 2


def test_a_mistake_is_never_remembered(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(InvalidClusterError):
            known_cluster(b"version: 1\n")
    assert kept(tmp_path) == []


@pytest.mark.parametrize("content", [b"", b"\x80\x05", pickle.dumps({"a": 1}), pickle.dumps(os.getcwd), b"x" * 9])
def test_what_holds_no_cluster_is_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.pickle"
    path.touch(mode=0o600)
    path.write_bytes(content)
    assert recall(path) is None


def test_a_call_in_the_file_is_not_made(tmp_path: Path) -> None:
    path, made = tmp_path / "a.pickle", tmp_path / "made"
    path.touch(mode=0o600)

    class Call:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(made),)

    path.write_bytes(pickle.dumps(Call()))
    assert recall(path) is None
    assert not made.exists()


def test_a_file_that_others_can_write_or_a_link_is_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.pickle"
    keep(path, load_cluster(EXAMPLE))
    assert recall(path)
    (tmp_path / "link").symlink_to(path)
    assert recall(tmp_path / "link") is None
    path.chmod(0o622)
    assert recall(path) is None


def test_a_folder_that_cannot_be_made_costs_nothing_but_time(tmp_path: Path) -> None:
    (tmp_path / "stems").write_text("in the way")
    assert known_cluster(EXAMPLE.encode()) == load_cluster(EXAMPLE)
