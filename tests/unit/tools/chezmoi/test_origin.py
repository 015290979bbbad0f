"""A difference in a home leads to its source where chezmoi copies it; all else is refused with what helps."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.errors import ToolError
from stems.model.change import Change, Domain, Risk
from stems.tools.chezmoi.tool import origin
from stems.tools.origin import Origin
from tests.support.dotfiles import Files
from tests.unit.tools.chezmoi.replay import Replay

TREE: Files = {
    "dot_a": "x", "private_dot_ssh/executable_b": "x", "dot_c.tmpl.literal": "x", "create_dot_d": "", "dot_e.tmpl": "",
    "encrypted_dot_f.age": "", "modify_dot_g": "", "symlink_dot_h": "x", "run_once_i.sh": "", "remove_dot_j": "",
}  # fmt: skip


def found(folder: Path, resource: str, files: Files = TREE) -> Origin | None:
    change = Change("red", Domain.USER, "chezmoi", resource, "change", Risk.DESTRUCTIVE)
    replay = Replay(folder)
    return origin(replay.job(files), replay.site, change)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (".a", "dot_a"),
        (".ssh/b", "private_dot_ssh/executable_b"),
        (".c.tmpl", "dot_c.tmpl.literal"),
        (".d", "create_dot_d"),
    ],
)
def test_a_plain_source_is_the_file(tmp_path: Path, path: str, name: str) -> None:
    origin = found(tmp_path, f"file:~/{path}")

    assert origin and (origin.path, origin.place, origin.account, origin.executable) == (
        f"{tmp_path}/home/{path}", f"dotfiles/{name}", "", False,
    )  # fmt: skip
    assert "chezmoi chattr" in origin.mode_in


@pytest.mark.parametrize(
    ("resource", "problem", "remedy"),
    [
        ("file:~/.e", "comes from the template dotfiles/dot_e.tmpl", "execute-template <dotfiles/dot_e.tmpl"),
        ("file:~/.f", "is encrypted in dotfiles/encrypted_dot_f.age", "`chezmoi --source dotfiles edit ~/.f`"),
        ("file:~/.g", "is changed by the script dotfiles/modify_dot_g", "edit dotfiles/modify_dot_g"),
        ("link:~/.h", "is a symlink whose target is the text of dotfiles/symlink_dot_h", "edit dotfiles/symlink_dot_h"),
        ("file:~/.j", "is removed by dotfiles/remove_dot_j", "edit dotfiles/remove_dot_j"),
        ("dir:~/.ssh", "is a directory", "edit dotfiles/private_dot_ssh"),
        ("external:~/.vim", "is brought by .chezmoiexternal", "change it where it comes from"),
        ("file:~/.nowhere", "is no file of the source", "chezmoi --source dotfiles managed"),
    ],
)
def test_the_reason_and_what_helps(tmp_path: Path, resource: str, problem: str, remedy: str) -> None:
    with pytest.raises(ToolError) as refused:
        found(tmp_path, resource)

    assert refused.value.problem.startswith(f"red: {resource} {problem}")
    assert remedy in refused.value.remedy
