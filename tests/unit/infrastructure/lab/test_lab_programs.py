"""Which chezmoi a lab's nodes get."""

from __future__ import annotations

import io
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from stems.errors import UsageError
from stems.infrastructure.lab.keys import belongings, require_keys
from stems.infrastructure.lab.programs import PLACE, find_chezmoi
from stems.infrastructure.lab.state import Lab
from stems.infrastructure.lab.up import EXAMPLE
from stems.infrastructure.local import LocalRunner


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("STEMS_CHEZMOI", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / "chezmoi"
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_the_one_on_the_path_unless_another_is_named(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_chezmoi() == program
    monkeypatch.setenv("STEMS_CHEZMOI", "/bin/sh")
    assert find_chezmoi() == Path("/bin/sh").resolve()
    monkeypatch.delenv("STEMS_CHEZMOI")
    program.unlink()
    assert find_chezmoi() is None


def test_one_that_is_named_and_not_there_is_refused(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEMS_CHEZMOI", f"{program}-2.72")

    with pytest.raises(UsageError, match="is no program"):
        find_chezmoi()


def test_it_is_among_what_a_node_gets(tmp_path: Path) -> None:
    lab = replace(Lab("mine", tmp_path / "lab", tmp_path / "repository", nodes=EXAMPLE[:1]))
    require_keys(lab, LocalRunner())
    given = belongings(lab, lab.nodes[0], b"", chezmoi=b"#!/bin/sh\n")

    with tarfile.open(fileobj=io.BytesIO(given)) as tar:
        assert tar.getmember(PLACE).mode == 0o755
    with tarfile.open(fileobj=io.BytesIO(belongings(lab, lab.nodes[0], b""))) as tar:
        assert PLACE not in tar.getnames()
