"""A plan stands in the order in which it is made, and says where chezmoi alone would take another."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.tools.chezmoi.order import FIRST
from tests.support.dotfiles import Files
from tests.unit.tools.chezmoi.replay import SCRIPT, Replay, previewed, remembers
from tests.unit.tools.chezmoi.test_blocks import CHANGE, GONE, NEW

FILES: Files = {"run_once_before_a.sh": "echo hello\n", "dot_bashrc": "x", ".chezmoiremove": ".old\n"}
EXTERNAL: Files = {**FILES, ".chezmoiexternal.toml": ""}


@pytest.fixture
def node(tmp_path: Path) -> Replay:
    node = Replay(tmp_path).install()
    for name in (".bashrc", ".old"):
        (node.home / name).write_text("x\n")
    remembers(node, ".bashrc", ".old")
    node.says("diff", SCRIPT + CHANGE + NEW.replace(".config", ".zsh") + GONE)
    return node


def test_what_is_given_up_and_externals_come_first(node: Replay) -> None:
    node.says("status", " R a.sh\n D .old\n A .zsh\n A .zsh/a b\nMM .bashrc\n")
    node.says("managed", ".zsh\n.zsh/a b\n")
    seen = previewed(node, node.job(EXTERNAL))

    assert [change.resource for change in seen.changes] == [
        "file:~/.bashrc", "external:~/.zsh", "script:a.sh", "file:~/.old",
    ]  # fmt: skip
    assert seen.changes[2].note == "runs once before the files, effect not predictable"
    assert FIRST in seen.notes


@pytest.mark.parametrize("status", [" R a.sh\n M .bashrc\n D .old\n", "MM .bashrc\n D .old\n"])
def test_where_the_order_is_that_of_chezmoi_nothing_is_said_of_it(node: Replay, status: str) -> None:
    node.says("status", status)
    seen = previewed(node, node.job(FILES))

    assert [change.resource.partition(":")[2].removeprefix("~/") for change in seen.changes] == [
        line[3:] for line in status.splitlines()
    ]
    assert FIRST not in seen.notes
