"""A source tree is read as chezmoi reads it, without a node and without chezmoi."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.model.claim import Certainty
from stems.tools.chezmoi.attributes import Kind
from stems.tools.chezmoi.source import read_source
from stems.tools.chezmoi.templated import Ignored
from stems.tools.chezmoi.tool import check, claims
from tests.support.dotfiles import NODE, Executable, Files, Link
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
        "dot_bashrc.tmpl": "", "private_dot_ssh/private_config": "x", "symlink_dot_vimrc": "x\n",
        "create_dot_local": "", "modify_dot_ini": "", "remove_dot_old": "", "run_once_a.sh": "",
        ".chezmoiscripts/run_after_b.sh": "", ".chezmoitemplates/part": "", ".chezmoidata.yaml": "", ".git-x/y": "",
        ".chezmoidata/more.toml": "", "exact_dot_d/file": "x",
    }  # fmt: skip

    assert targets(tmp_path, files) == {
        ".bashrc": Kind.FILE, ".ssh": Kind.DIR, ".ssh/config": Kind.FILE, ".vimrc": Kind.LINK, ".local": Kind.CREATE,
        ".ini": Kind.MODIFY, ".old": Kind.REMOVE, "a.sh": Kind.SCRIPT, ".chezmoiscripts/b.sh": Kind.SCRIPT,
        ".d": Kind.DIR, ".d/file": Kind.FILE,
    }  # fmt: skip


def test_a_file_without_content_removes_its_target(tmp_path: Path) -> None:
    """Unless its name says that it may be empty. What a template gives is known on a node only."""
    files: Files = {"dot_a": "", "dot_b": " \n\t\n", "empty_dot_c": "", "dot_d.tmpl": "", "create_dot_e": ""}

    assert targets(tmp_path, files) == {
        ".a": Kind.REMOVE, ".b": Kind.REMOVE, ".c": Kind.FILE, ".d": Kind.FILE, ".e": Kind.CREATE,
    }  # fmt: skip


def test_the_root_may_be_a_folder_below(tmp_path: Path) -> None:
    files: Files = {".chezmoiroot": "home\n", "home/dot_a": "x", "README.md": ""}

    assert targets(tmp_path, files) == {".a": Kind.FILE}


def test_names_below_an_external_folder_are_as_they_are(tmp_path: Path) -> None:
    files: Files = {
        "external_dot_vim/dot_a": "", "external_dot_vim/exact_b/run_c": Executable(""), "external_dot_vim/.d/e": "",
        "external_dot_vim/.chezmoiignore": "dot_a\n", "external_dot_vim/f": Link("dot_a"),
    }  # fmt: skip

    assert targets(tmp_path, files) == {
        ".vim": Kind.DIR, ".vim/dot_a": Kind.FILE, ".vim/exact_b": Kind.DIR, ".vim/exact_b/run_c": Kind.FILE,
        ".vim/.d": Kind.DIR, ".vim/.d/e": Kind.FILE, ".vim/.chezmoiignore": Kind.FILE, ".vim/f": Kind.LINK,
    }  # fmt: skip
    entries = {entry.target: entry for entry in read_source(Replay(tmp_path).job(files)).entries}
    assert [entries[path].attributes.mode for path in (".vim/dot_a", ".vim/exact_b/run_c")] == [0o666, 0o777]
    assert "exact" in entries[".vim/exact_b"].attributes.flags and entries[".vim/dot_a"].ignored is Ignored.NO


def test_folders_below_the_folder_of_scripts_only_order_them(tmp_path: Path) -> None:
    files: Files = {".chezmoiscripts/exact_dot_x/run_a.sh": "", "dot_config/.chezmoiscripts/run_b.sh": ""}

    assert targets(tmp_path, files) == {
        ".chezmoiscripts/.x/a.sh": Kind.SCRIPT, ".config": Kind.DIR, ".config/.chezmoiscripts/b.sh": Kind.SCRIPT,
    }  # fmt: skip


def test_a_link_in_the_source_is_followed(tmp_path: Path) -> None:
    """To a file it is that file; to a folder it is the folder, but chezmoi does not look behind it."""
    files: Files = {"dot_d/a": "x", "dot_b": Link("dot_d/a"), "private_dot_e": Link("dot_d")}

    assert targets(tmp_path, files) == {".d": Kind.DIR, ".d/a": Kind.FILE, ".b": Kind.FILE, ".e": Kind.DIR}


def test_what_is_owned(tmp_path: Path) -> None:
    """Not what is ignored, and not for sure what may be, where nothing that is known decides the condition."""
    files: Files = {
        ".chezmoiignore": 'README.md\n{{ if .work }}\n.mac\n{{ end }}\n.config/*/cache\n'
        '{{ if eq .chezmoi.os "linux" }}\n.linux\n{{ else }}\n.a\n{{ end }}\n',
        "README.md": "", "dot_mac": "", "dot_linux": "", "dot_a": "",
        "dot_config/b/cache": "", "dot_config/b/rc.tmpl": "",
        "create_dot_c": "", "run_d.sh": "", "remove_dot_e": "",
    }  # fmt: skip

    assert claimed(tmp_path, files) == [".a", ".config/b/rc", ".e"]


def test_patterns_of_a_folder_are_below_it(tmp_path: Path) -> None:
    files: Files = {"dot_config/.chezmoiignore": "a\n", "dot_config/a": "", "a": ""}

    assert claimed(tmp_path, files) == ["a"]


def test_a_slash_before_a_pattern_means_nothing_below_a_folder(tmp_path: Path) -> None:
    files: Files = {"dot_config/.chezmoiignore": "/a\n", "dot_config/a": "", ".chezmoiignore": "/b\n", "b": ""}

    assert claimed(tmp_path, files) == ["b"]


def test_an_ignored_folder_is_not_looked_into(tmp_path: Path) -> None:
    files: Files = {".chezmoiignore": ".d\n", "dot_d/.chezmoiremove": "old\n", "dot_d/.chezmoiignore": "[\n", "a": "x"}

    assert claimed(tmp_path, files) == ["a"]
    assert found(tmp_path, files) == []


def test_what_is_in_an_ignored_folder_is_ignored(tmp_path: Path) -> None:
    files: Files = {".chezmoiignore.tmpl": ".d\n", "dot_d/a": "x", "b": "x"}
    ignored = {entry.target: entry.ignored for entry in read_source(Replay(tmp_path).job(files)).entries}

    assert ignored == {".d": Ignored.YES, ".d/a": Ignored.YES, "b": Ignored.NO}


@pytest.mark.parametrize(
    ("files", "code", "place"),
    [
        ({"README": "x", ".chezmoiignore": "[\n"}, "STM313", "dotfiles/.chezmoiignore:1"),
        ({"a": "x", "a.tmpl": "x"}, "STM311", "dotfiles/a.tmpl"),
        ({"dot_a/b": "x", "private_dot_a/c": "x"}, "STM311", "dotfiles/private_dot_a"),
        ({".chezmoiscripts/a.sh": "x", "b": "x"}, "STM314", "dotfiles/.chezmoiscripts/a.sh"),
        ({".hidden": "x"}, "STM310", "dotfiles"),
        (
            {"private_readonly_dot_a": " \n", "empty_dot_b": "", "remove_dot_c": ""},
            "STM319",
            "dotfiles/private_readonly_dot_a",
        ),
        ({"run_": "x"}, "STM312", "dotfiles/run_"),
        ({"a\nb": "x"}, "STM312", "dotfiles/a�b"),
        ({"modify_a.py": "x", "a": "x"}, "STM311", "dotfiles/modify_a.py"),
        ({"dot_a": "x", ".chezmoiremove": "# old\n.[ab]\n"}, "STM311", "dotfiles/.chezmoiremove:2"),
        ({"a": "x", ".chezmoiversion": "2.71\n"}, "STM317", "dotfiles/.chezmoiversion:1"),
        ({"a": "x", ".chezmoiscripts/.chezmoiignore": "a\n"}, "STM317", "dotfiles/.chezmoiscripts/.chezmoiignore"),
        ({"a": "x", ".chezmoitemplates/x/.chezmoi.y": "x"}, "STM317", "dotfiles/.chezmoitemplates/x/.chezmoi.y"),
        ({".chezmoiroot": "x", ".chezmoiversion": "new", "x/a": "x"}, "STM317", "dotfiles/.chezmoiversion:1"),
    ],
)
def test_what_is_wrong_with_a_tree(tmp_path: Path, files: Files, code: str, place: str) -> None:
    assert [finding[:2] for finding in found(tmp_path, files)] == [(code, place)]


def test_a_good_tree_has_no_findings(tmp_path: Path) -> None:
    files: Files = {
        "dot_a": "x", ".chezmoiignore": "{{ if .x }}\na\n{{ end }}\n", ".chezmoiremove": ".old*\n",
        "dot_b.literal": "x", ".chezmoiscripts/x/run_once_before_a.sh": "x", ".chezmoiversion": "2.71.0\n", "x/c": "x",
        "literal_x/d": "x",
    }  # fmt: skip

    assert found(tmp_path, files) == []


def test_a_root_outside_of_the_source_is_refused(tmp_path: Path) -> None:
    assert ("STM317", "dotfiles/.chezmoiroot:1") in [each[:2] for each in found(tmp_path, {".chezmoiroot": "../x\n"})]


def test_a_variable_would_hide_what_chezmoi_knows(tmp_path: Path) -> None:
    ((code, _, message),) = found(tmp_path, {"a": "x"}, "chezmoi")

    assert code == "STM316" and "(on red)" in message


def test_what_keeps_an_empty_file_is_told_in_the_order_of_attributes(tmp_path: Path) -> None:
    (finding,) = check(Replay(tmp_path).job({"private_readonly_executable_dot_a": ""}))

    assert "private_readonly_empty_executable_dot_a" in finding.remedy
