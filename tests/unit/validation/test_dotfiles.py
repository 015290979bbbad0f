"""chezmoi sources are found where only chezmoi could have named the files, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.validation.dotfiles import sources_of
from stems.validation.dotfiles_data import Known, data_of
from stems.validation.files import Files
from stems.validation.subject import NO_CLUSTER, Subject


def subject(folder: Path, files: dict[str, str]) -> Subject:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return Subject(NO_CLUSTER, files=Files(folder, files))


@pytest.mark.parametrize(
    ("paths", "roots"),
    [
        (["dot_bashrc"], [""]),
        (["home/dot_config/nvim/init.lua", "ansible/site.yml"], ["home"]),
        (["home/private_dot_ssh/config"], ["home"]),
        (["a/dot_x", "b/private_executable_dot_y"], ["a", "b"]),
        (["dots/run_once_install.sh"], ["dots"]),
        (["dots/.chezmoiignore", "dots/Documents/dot_x"], ["dots"]),
        (["dots/.chezmoiscripts/run_after_x.sh", "dots/bin/x"], ["dots"]),
        (["archive/dot_bashrc", "tests/dot_x"], []),
        (["polka_dot_dress.txt", "run_tests.sh", "docs/chezmoi.md", "dot_"], []),
    ],
)
def test_where_sources_are(tmp_path: Path, paths: list[str], roots: list[str]) -> None:
    found = sources_of(subject(tmp_path, dict.fromkeys(paths, "x\n")))

    assert [dotfiles.source.root for dotfiles in found] == roots


def test_a_pointer_at_the_top_says_where_the_only_source_is(tmp_path: Path) -> None:
    files = {".chezmoiroot": "home\n", "home/dot_bashrc": "a\n", "other/dot_x": "b\n", "README.md": "c\n"}
    (dotfiles,) = sources_of(subject(tmp_path, files))

    assert (dotfiles.top, dotfiles.source.root) == ("", "home")
    assert [entry.target for entry in dotfiles.source.entries] == [".bashrc"]


def test_what_is_known_of_the_data(tmp_path: Path) -> None:
    files = {"home/dot_a": "a\n", "home/.chezmoidata/x.toml": "fonts = []\n", "home/.chezmoidata.json": '{"b": 1}\n'}
    config = "home/.chezmoi.toml.tmpl"
    (partly,) = sources_of(subject(tmp_path / "1", files))
    (wholly,) = sources_of(subject(tmp_path / "2", {**files, config: "[data]\n  email = 'x'\n[data.git]\n"}))
    (lax,) = sources_of(subject(tmp_path / "3", {**files, config: 'options = ["missingkey=zero"]\n'}))
    (broken,) = sources_of(subject(tmp_path / "4", {**files, "home/.chezmoidata/y.yaml": "a: [\n"}))

    assert data_of(partly).names == {"chezmoi", "fonts", "b"}
    assert data_of(partly).known is Known.PARTLY
    assert {"email", "git"} <= data_of(wholly).names and data_of(wholly).known is Known.WHOLLY
    assert data_of(lax).known is data_of(broken).known is Known.NOT
