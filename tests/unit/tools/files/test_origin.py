"""A difference in a home leads to its file of the tree, unless that is a template or no file."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.errors import ToolError
from stems.model.change import Change, Domain, Risk
from stems.tools.files.tool import origin
from stems.tools.origin import Origin
from tests.support.dotfiles import Dotfiles, Executable, Files, Link, site

TREE: Files = {
    ".a": "x\n",
    ".b.j2": "{{ name }}\n",
    "bin/c": Executable("x\n"),
    ".d": Link(".a"),
    ".ssh/e": "x\n",
    ".stems-files.yml": 'modes: {".ssh/e": "0600"}',
}
MODES = "`modes` of dotfiles/.stems-files.yml"


def change(resource: str) -> Change:
    return Change("red", Domain.USER, "files", resource, "change", Risk.DESTRUCTIVE, by_hand=True)


def found(folder: Path, resource: str, account: str = "") -> Origin | None:
    (folder / "trees").mkdir()
    return origin(Dotfiles(folder / "trees", account=account).job(TREE), site(folder), change(resource))


@pytest.mark.parametrize(
    ("name", "executable"),
    [("file:~/.a", True), ("file:~/bin/c", True), ("link:~/.d", False), ("file:~/.ssh/e", False)],
)
def test_a_file_is_its_own_source(tmp_path: Path, name: str, executable: bool) -> None:
    path = name.partition("~/")[2]
    expected = Origin(f"{tmp_path}/home/{path}", f"dotfiles/{path}", executable=executable, mode_in=MODES)

    assert found(tmp_path, name) == expected


def test_a_file_of_another_account_is_of_another_entry(tmp_path: Path) -> None:
    assert found(tmp_path, "file:~root/.a") is None


@pytest.mark.parametrize(
    ("resource", "problem", "remedy"),
    [
        ("file:~/.b", "red: file:~/.b comes from the template dotfiles/.b.j2", "edit dotfiles/.b.j2 until"),
        ("dir:~/bin", "red: dir:~/bin is no file of the repository", MODES),
    ],
)
def test_what_cannot_be_brought_back_says_what_to_edit(
    tmp_path: Path, resource: str, problem: str, remedy: str
) -> None:
    with pytest.raises(ToolError) as refused:
        found(tmp_path, resource)

    assert refused.value.problem == problem
    assert remedy in refused.value.remedy
