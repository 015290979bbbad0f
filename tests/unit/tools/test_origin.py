"""What a tool says of an origin is taken from every tool that says it, and judged."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.errors import ToolError
from stems.model.change import Change, Domain, Risk
from stems.tools.origin import Origin, origin_of
from tests.support.dotfiles import Dotfiles, site
from tests.unit.tools.foreign.test_guest import breaks, guest

CHANGE = Change("red", Domain.USER, "cron", "file:~/x", "change", Risk.USER)
GOOD = Origin("/home/x", "cron/x", "root")


def asked(folder: Path, **functions: object) -> Origin | None:
    (folder / "trees").mkdir()
    return origin_of(guest(**functions), Dotfiles(folder / "trees").job({}), site(folder), CHANGE)  # type: ignore[arg-type]  # what a package may bring


@pytest.mark.parametrize("answer", [GOOD, None])
def test_a_tool_of_another_package_may_keep(tmp_path: Path, answer: Origin | None) -> None:
    assert asked(tmp_path, origin=lambda job, site, change: answer) == answer


def test_a_tool_need_not_keep_anything(tmp_path: Path) -> None:
    assert asked(tmp_path) is None


@pytest.mark.parametrize("answer", ["x", Origin("x", "y"), Origin("/a/../b", "y"), Origin("/x", "y", "-x")])
def test_an_odd_answer_is_refused(tmp_path: Path, answer: object) -> None:
    with pytest.raises(ToolError, match="has an origin that cannot be read"):
        asked(tmp_path, origin=lambda job, site, change: answer)


def test_what_breaks_names_the_package(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="`origin` broke: KeyError"):
        asked(tmp_path, origin=breaks)
