"""What a chezmoi source writes, links, edits and removes is claimed as that."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.tools.chezmoi.tool import claims
from tests.support.dotfiles import NODE, Files
from tests.unit.tools.chezmoi.replay import Replay


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"dot_a": "x"}, "~/.a whole certain"),
        ({"dot_a": " \n"}, "~/.a gone certain"),
        ({"empty_dot_a": "", "dot_b.tmpl": ""}, "~/.b whole certain, ~/.a whole certain"),
        ({"symlink_dot_a": "b\n"}, "~/.a link certain"),
        ({"modify_dot_a": ""}, "~/.a part certain"),
        ({"remove_dot_a": ""}, "~/.a gone certain"),
        ({"create_dot_a": "", "run_b.sh": ""}, ""),
        ({"modify_dot_a.json.py": ""}, "~/.a.json part certain"),
        ({"remove_dot_d/remove_a": ""}, "~/.d gone possible, ~/.d/a gone certain"),
        ({"external_dot_d/b/c": ""}, "~/.d/b tree certain, ~/.d/b/c whole certain"),
        ({"dot_a": "x", ".chezmoiignore": "{{ if .x }}\n.a\n{{ end }}\n"}, "~/.a whole possible"),
        ({"exact_dot_d/a": "x"}, "~/.d tree certain, ~/.d/a whole certain"),
        ({"exact_dot_d/a": "x", ".chezmoiignore": ".d/x\n"}, "~/.d tree possible, ~/.d/a whole certain"),
        ({".chezmoiremove": ".old*\n"}, "~/.old* gone certain"),
        ({".chezmoiremove": "{{ if .x }}\n.old*\n{{ end }}\n"}, "~/.old* gone possible"),
        ({".chezmoiremove": ".old*\n!.older\n"}, "~/.old* gone possible"),
    ],
)
def test_what_is_claimed(tmp_path: Path, files: Files, expected: str) -> None:
    found = claims(Replay(tmp_path).job(files), NODE)
    said = [f"{each.resource.removeprefix('file:')} {each.extent.value} {each.certainty.value}" for each in found]

    assert ", ".join(said) == expected


def test_an_exact_directory_leaves_those_in_it_that_have_their_own_entry(tmp_path: Path) -> None:
    files: Files = {"exact_dot_d/sub/a": ""}
    (exact, _) = claims(Replay(tmp_path).job(files), NODE)

    assert exact.sparing == ("~/.d/sub",)


def test_a_pattern_is_at_its_line(tmp_path: Path) -> None:
    (removed,) = claims(Replay(tmp_path).job({".chezmoiremove": "# old\n.old*\n"}), NODE)

    assert removed.is_pattern and str(removed.place) == "dotfiles/.chezmoiremove:2"
