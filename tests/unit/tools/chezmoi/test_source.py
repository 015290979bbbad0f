"""A source tree is read as chezmoi reads it, without a node and without chezmoi."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.model.claim import Certainty
from stems.tools.chezmoi.attributes import Kind
from stems.tools.chezmoi.source import read_source
from stems.tools.chezmoi.templated import Ignored
from stems.tools.chezmoi.tool import check, claims
from tests.support.dotfiles import NODE, Files
from tests.unit.tools.chezmoi.replay import Replay


def targets(folder: Path, files: Files) -> dict[str, Kind]:
    return {entry.target: entry.kind for entry in read_source(Replay(folder).job(files)).entries}


def claimed(folder: Path, files: Files) -> list[str]:
    found = (claim for claim in claims(Replay(folder).job(files), NODE) if claim.certainty is Certainty.CERTAIN)
    return sorted(claim.resource.removeprefix("file:~/") for claim in found)


def found(folder: Path, files: Files, variable: str = "nas_path") -> list[tuple[str, str, str]]:
    job = Replay(folder).job(files, deployment="", **{variable: "x"})
    return [(finding.code, str(finding.place), finding.message) for finding in check(job)]


def test_every_kind_of_target(tmp_path: Path) -> None:
    files: Files = {
        "dot_bashrc.tmpl": "", "private_dot_ssh/private_config": "", "symlink_dot_vimrc": "x\n",
        "create_dot_local": "", "modify_dot_ini": "", "remove_dot_old": "", "run_once_a.sh": "",
        ".chezmoiscripts/run_after_b.sh": "", ".chezmoitemplates/part": "", ".chezmoidata.yaml": "", ".git-x/y": "",
        ".chezmoidata/more.toml": "", "exact_dot_d/file": "",
    }  # fmt: skip

    assert targets(tmp_path, files) == {
        ".bashrc": Kind.FILE, ".ssh": Kind.DIR, ".ssh/config": Kind.FILE, ".vimrc": Kind.LINK, ".local": Kind.CREATE,
        ".ini": Kind.MODIFY, ".old": Kind.REMOVE, "a.sh": Kind.SCRIPT, ".chezmoiscripts/b.sh": Kind.SCRIPT,
        ".d": Kind.DIR, ".d/file": Kind.FILE,
    }  # fmt: skip


def test_the_root_may_be_a_folder_below(tmp_path: Path) -> None:
    files: Files = {".chezmoiroot": "home\n", "home/dot_a": "", "README.md": ""}

    assert targets(tmp_path, files) == {".a": Kind.FILE}


def test_names_below_an_external_folder_are_as_they_are(tmp_path: Path) -> None:
    files: Files = {"external_dot_vim/dot_a": "", "external_dot_vim/exact_b/run_c": ""}

    assert targets(tmp_path, files) == {
        ".vim": Kind.DIR, ".vim/dot_a": Kind.FILE, ".vim/exact_b": Kind.DIR, ".vim/exact_b/run_c": Kind.FILE,
    }  # fmt: skip


def test_what_is_owned(tmp_path: Path) -> None:
    """Not what is ignored, and not for sure what may be: nobody can say on which node without rendering a condition."""
    files: Files = {
        ".chezmoiignore": 'README.md\n{{ if ne .chezmoi.os "linux" }}\n.mac\n{{ end }}\n.config/*/cache\n',
        "README.md": "", "dot_mac": "", "dot_a": "", "dot_config/b/cache": "", "dot_config/b/rc.tmpl": "",
        "create_dot_c": "", "run_d.sh": "", "remove_dot_e": "",
    }  # fmt: skip

    assert claimed(tmp_path, files) == [".a", ".config/b/rc", ".e"]


def test_patterns_of_a_folder_are_below_it(tmp_path: Path) -> None:
    files: Files = {"dot_config/.chezmoiignore": "a\n", "dot_config/a": "", "a": ""}

    assert claimed(tmp_path, files) == ["a"]


def test_what_is_in_an_ignored_folder_is_ignored(tmp_path: Path) -> None:
    files: Files = {".chezmoiignore.tmpl": ".d\n", "dot_d/a": "", "b": ""}
    ignored = {entry.target: entry.ignored for entry in read_source(Replay(tmp_path).job(files)).entries}

    assert ignored == {".d": Ignored.YES, ".d/a": Ignored.YES, "b": Ignored.NO}


@pytest.mark.parametrize(
    ("files", "code", "place"),
    [
        ({"README": "", ".chezmoiignore": "[\n"}, "STM313", "dotfiles/.chezmoiignore:1"),
        ({"a": "", "a.tmpl": ""}, "STM311", "dotfiles/a.tmpl"),
        ({"dot_a/b": "", "private_dot_a/c": ""}, "STM311", "dotfiles/private_dot_a"),
        ({".chezmoiscripts/a.sh": "", "b": ""}, "STM314", "dotfiles/.chezmoiscripts/a.sh"),
        ({".hidden": ""}, "STM310", "dotfiles"),
        ({"run_": ""}, "STM312", "dotfiles/run_"),
        ({"a\nb": ""}, "STM312", "dotfiles/a�b"),
    ],
)
def test_what_is_wrong_with_a_tree(tmp_path: Path, files: Files, code: str, place: str) -> None:
    assert [finding[:2] for finding in found(tmp_path, files)] == [(code, place)]


def test_a_good_tree_has_no_findings(tmp_path: Path) -> None:
    files: Files = {
        "dot_a": "", ".chezmoiignore": "{{ if .x }}\na\n{{ end }}\n", ".chezmoiremove": ".old*\n", "dot_b.literal": "",
        '.chezmoiscripts/x/run_once_before_a.sh': "",
    }  # fmt: skip

    assert found(tmp_path, files) == []


def test_a_variable_would_hide_what_chezmoi_knows(tmp_path: Path) -> None:
    ((code, _, message),) = found(tmp_path, {"a": ""}, "chezmoi")

    assert code == "STM316" and "(on red)" in message
