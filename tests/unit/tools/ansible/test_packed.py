"""What Ansible packed for nodes, from one run to the next."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from stems.tools.ansible.packed import UNUSED, Packed

COPY = "ansible.modules.copy-ZIP_DEFLATED-none"


@pytest.fixture
def ansible(tmp_path: Path) -> Path:
    """An installation with one module."""
    folder = tmp_path / "site-packages" / "ansible"
    for name in ("release.py", "modules/copy.py", "module_utils/basic.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"{name}\n")
    return folder


def _packed(tmp_path: Path, ansible: Path, run: str, *others: Path) -> Packed:
    return Packed(tmp_path / "cache", tmp_path / run, ansible, [ansible / "modules", *others])


def _ran(tmp_path: Path, ansible: Path, *names: str, others: tuple[Path, ...] = ()) -> None:
    """A run that packed `names`."""
    own = tmp_path / "first"
    own.mkdir(exist_ok=True)
    for name in names:
        (own / name).write_text(f"packed {name}\n")
    _packed(tmp_path, ansible, "first", *others).keep()


def _lent(tmp_path: Path, ansible: Path, *others: Path) -> dict[str, str]:
    _packed(tmp_path, ansible, "second", *others).lend()
    own = tmp_path / "second"
    return {file.name: file.read_text() for file in own.iterdir()} if own.exists() else {}


def test_the_next_run_has_what_one_packed(tmp_path: Path, ansible: Path) -> None:
    _ran(tmp_path, ansible, COPY)
    assert _lent(tmp_path, ansible) == {COPY: f"packed {COPY}\n"}


def test_only_whole_modules_of_ansible_itself_are_kept(tmp_path: Path, ansible: Path) -> None:
    names = f"{COPY}.lock", f"{COPY}-part", "ansible.legacy.copy-ZIP_DEFLATED-none", "ansible.modules.mine-ZIP_DEFLATED"
    _ran(tmp_path, ansible, *names, "ansible_collections.a.b.plugins.modules.copy-ZIP_DEFLATED-none")
    assert _lent(tmp_path, ansible) == {}


def test_a_folder_that_may_shadow_something_ends_it(tmp_path: Path, ansible: Path) -> None:
    library = tmp_path / "library"
    _ran(tmp_path, ansible, COPY, others=(library,))
    assert _lent(tmp_path, ansible, library), "it is not there"
    library.mkdir()
    (tmp_path / "second" / COPY).unlink()
    assert _lent(tmp_path, ansible, library) == {}
    _ran(tmp_path, ansible, "ansible.modules.copy-ZIP_STORED-none", others=(library,))
    assert list(_lent(tmp_path, ansible)) == [COPY], "the second was packed with the folder there"


@pytest.mark.parametrize("name", ["release.py", "modules/copy.py", "module_utils/basic.py"])
def test_another_ansible_has_its_own(tmp_path: Path, ansible: Path, name: str) -> None:
    _ran(tmp_path, ansible, COPY)
    (ansible / name).write_text("another\n")
    assert _lent(tmp_path, ansible) == {}


def test_a_damaged_file_is_packed_again(tmp_path: Path, ansible: Path) -> None:
    _ran(tmp_path, ansible, COPY)
    (kept,) = (tmp_path / "cache").glob(f"*/{COPY}.*")
    kept.write_text("")
    assert _lent(tmp_path, ansible) == {}


def test_what_others_can_write_is_not_run(tmp_path: Path, ansible: Path) -> None:
    _ran(tmp_path, ansible, COPY)
    (folder,) = (tmp_path / "cache").iterdir()
    folder.chmod(0o770)
    assert _lent(tmp_path, ansible) == {}


def test_what_nobody_used_for_long_goes(tmp_path: Path, ansible: Path) -> None:
    old, recent = tmp_path / "cache" / "old", tmp_path / "cache" / "recent"
    for folder in (old, recent):
        folder.mkdir(parents=True)
    os.utime(old, (0, time.time() - UNUSED - 60))
    _ran(tmp_path, ansible, COPY)
    assert (old.exists(), recent.exists()) == (False, True)
