"""A path of the source that outlives the commit is told where templates only write it, and else is a finding."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stems.tools.chezmoi.changes import LEADS
from stems.tools.chezmoi.source_path import path_data, paths
from tests.support.dotfiles import Files
from tests.unit.tools.chezmoi.replay import Replay, only, previewed
from tests.unit.tools.chezmoi.test_blocks import NEW

LINK: Files = {"symlink_dot_vimrc.tmpl": "{{ .chezmoi.sourceDir }}/vimrc\n", "vimrc": "x"}
READING = '{{ include (joinPath .chezmoi.sourceDir "vimrc") }}'


@pytest.fixture
def node(tmp_path: Path) -> Replay:
    return Replay(tmp_path)


@pytest.mark.parametrize(
    "files",
    [
        LINK,
        {**LINK, "dot_a.tmpl": '{{ joinPath .chezmoi.workingTree "x" | quote }}', "README.md": READING},
        {**LINK, "run_a.sh": ". $CHEZMOI_SOURCE_DIR/lib", "dot_b.tmpl": '{{ include "vimrc" }}'},
        {**LINK, ".chezmoi.toml.tmpl": "sourceDir = {{ .chezmoi.sourceDir | quote }}"},
    ],
)
def test_templates_that_only_write_it_are_told_the_checkout(node: Replay, files: Files) -> None:
    job = node.job(files)

    checkout = f"{node.home}/colab"
    assert path_data(job, node.site) == {"chezmoi": {"sourceDir": f"{checkout}/dotfiles", "workingTree": checkout}}
    assert list(paths(job)) == []


def test_the_root_of_the_source_is_part_of_it(node: Replay) -> None:
    files = {f"home/{name}": text for name, text in LINK.items()}
    data = path_data(node.job({**files, ".chezmoiroot": "home\n"}), node.site)

    assert data == {"chezmoi": {"sourceDir": f"{node.home}/colab/dotfiles/home", "workingTree": f"{node.home}/colab"}}


@pytest.mark.parametrize(
    "more",
    [
        {"dot_a.tmpl": READING},
        {"dot_a.tmpl": '{{ $here := .chezmoi.sourceDir }}{{ stat (joinPath $here "x") }}'},
        {"dot_a.tmpl": '{{ output "ls" .chezmoi.sourceDir }}'},
        {"dot_a.tmpl": "{{ .chezmoi.sourceDir }"},
        {"run_onchange_a.sh.tmpl": "# {{ .chezmoi.sourceDir }}"},
        {"modify_dot_a": "{{- /* chezmoi:modify-template */ -}}{{ .chezmoi.sourceDir }}"},
        {".chezmoiignore": "{{ if .chezmoi.sourceDir }}x{{ end }}"},
        {".chezmoitemplates/a": "{{ .chezmoi.workingTree }}"},
        {"encrypted_dot_a.tmpl.age": "{{ .chezmoi.sourceDir }}"},
    ],
)
def test_one_that_could_read_another_commit_there_is_told_the_truth(node: Replay, more: Files) -> None:
    job = node.job({**LINK, **more})
    found = next(iter(paths(job)))

    assert path_data(job, node.site) == {}
    assert (str(found.place), found.code) == ("dotfiles/symlink_dot_vimrc.tmpl:1", "STM318")
    assert found.remedy == "write the path of the checkout on the node, ~/colab/dotfiles"


def test_another_account_cannot_enter_the_checkout(node: Replay) -> None:
    job = node.job(LINK, account="bob")
    (found,) = paths(job)

    assert path_data(job, node.site) == {} and "does not depend" in found.remedy


def test_a_link_that_a_script_makes_is_found(node: Replay) -> None:
    script = '#!/bin/sh\n. "$CHEZMOI_SOURCE_DIR/lib.sh"\nln -sfn "$CHEZMOI_SOURCE_DIR/vim" ~/.vim\n'
    found = paths(node.job({"run_once_a.sh": script, "dot_a": "x"}))

    assert [str(each.place) for each in found] == ["dotfiles/run_once_a.sh:3"]


def test_chezmoi_is_told_it_as_data(node: Replay) -> None:
    node.install()
    node.does("status", f'cp "$(printf %s "$*" | sed "s/.*--override-data-file //; s/ .*//")" {node.folder}/told')
    previewed(node, node.job(LINK, mail="a@b"))

    assert json.loads((node.folder / "told").read_text()) == {
        "chezmoi": {"sourceDir": f"{node.home}/colab/dotfiles", "workingTree": f"{node.home}/colab"},
        "mail": "a@b",
    }


def test_a_link_into_the_stage_is_shown_as_that(node: Replay) -> None:
    node.install()
    node.says("status", " A .config/a b\n")
    node.says(
        "diff",
        NEW.replace("new file mode 100600", "new file mode 120000").replace(
            "+one\n", f"+{node.site.stage}/dotfiles/x\n"
        ),
    )

    assert only(node, node.job({"dot_config/symlink_a b.tmpl": READING})).note == LEADS
