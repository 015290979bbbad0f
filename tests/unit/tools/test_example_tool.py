"""The example of a tool from another package: its pure halves, and that it keeps to what such a package may use."""

from __future__ import annotations

import ast
import base64
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from stems.errors import ConfigurationError
from stems.infrastructure.local import LocalRunner
from stems.model.change import Change, Risk, Undo
from stems.model.cluster import Cluster, SystemDomain
from stems.model.node import Node, SshAddress
from stems.tools.base import Job, Tree
from stems_etc.changes import changes_of, secret
from stems_etc.node import Seen, parse_look
from stems_etc.source import File, check, claims, wanted
from tests.support.dotfiles import Files, Link, write_tree
from tests.support.packages import EXAMPLE

if TYPE_CHECKING:
    from stems.tools.base import Tool
    from stems_etc import tool

    _TOOL: Tool = tool

PAGE = Path(__file__).parents[3] / "docs" / "tools.md"
NODES = {name: Node(name, name, SshAddress(f"{name}.example")) for name in ("red", "blue")}


def job(folder: Path, files: Files) -> Job:
    write_tree(folder / "etc", files)
    cluster, tree = Cluster("colab", "~/colab", NODES), Tree(folder, "", frozenset(f"etc/{name}" for name in files))
    return Job(cluster, SystemDomain("etc", "etc"), tree, {}, LocalRunner(), folder)


def test_a_file_of_a_node_wins_over_that_of_all(tmp_path: Path) -> None:
    asked = job(tmp_path, {"all/motd": "all\n", "red/motd": "red\n", "all/a/b.conf": "b\n"})

    assert list(check(asked)) == []
    assert {path: file.content for path, file in wanted(asked, "red").items()} == {
        "/etc/a/b.conf": b"b\n",
        "/etc/motd": b"red\n",
    }
    assert wanted(asked, "blue")["/etc/motd"].content == b"all\n"
    assert [(claim.resource, str(claim.place)) for claim in claims(asked, NODES["red"])] == [
        ("file:/etc/a/b.conf", "etc/all/a/b.conf"),
        ("file:/etc/motd", "etc/red/motd"),
    ]


def test_what_goes_nowhere_or_is_no_plain_file_is_found(tmp_path: Path) -> None:
    asked = job(tmp_path, {"rd/motd": "x\n", "README": "x\n", "all/link": Link("motd"), "all/a b": "x\n"})

    assert [f"{found.code} {found.place} {found.message}" for found in check(asked)] == [
        "ETC1 etc/README no node is called `README`; did you mean `red`?",
        "ETC2 etc/all/a b not a plain file with a plain name",
        "ETC2 etc/all/link not a plain file with a plain name",
        "ETC1 etc/rd/motd no node is called `rd`; did you mean `red`?",
    ]
    with pytest.raises(ConfigurationError, match="etc/README: no node"):
        wanted(asked, "red")


MINE, OTHER = File(b"mine\n"), File(b"other\n")


def one(now: File | None, left: str | None, after: File | None, *, path: str = "/etc/motd") -> Change:
    seen = Seen({path: now}, {path: left} if left else {})
    (found,) = changes_of("red", {path: after} if after else {}, seen)
    return found


@pytest.mark.parametrize(
    ("now", "left", "after", "said"),
    [
        (None, None, MINE, ("create", Risk.SYSTEM, Undo.BY_REPLAY, False)),
        (OTHER, OTHER.sha, MINE, ("change", Risk.SYSTEM, Undo.BY_REPLAY, False)),
        (MINE, MINE.sha, None, ("remove", Risk.SYSTEM, Undo.BY_BACKUP, False)),
        (None, MINE.sha, MINE, ("create", Risk.SYSTEM, Undo.BY_REPLAY, True)),
        (OTHER, MINE.sha, MINE, ("change", Risk.DESTRUCTIVE, Undo.BY_BACKUP, True)),
        (OTHER, None, MINE, ("change", Risk.DESTRUCTIVE, Undo.BY_BACKUP, True)),
        (File(b"mine\n", "600:0:0"), MINE.sha, MINE, ("change", Risk.DESTRUCTIVE, Undo.BY_BACKUP, True)),
    ],
)
def test_a_change_knows_whether_somebodys_work_is_lost(
    now: File | None, left: str | None, after: File | None, said: tuple[object, ...]
) -> None:
    found = one(now, left, after)

    assert (found.action, found.risk, found.undo, found.by_hand) == said


def test_what_is_as_wanted_or_gone_already_is_no_change() -> None:
    assert changes_of("red", {"/etc/motd": MINE}, Seen({"/etc/motd": MINE})) == ()
    assert changes_of("red", {}, Seen({"/etc/motd": None}, {"/etc/motd": MINE.sha})) == ()


def test_what_can_cut_the_way_in_is_of_class_network() -> None:
    assert one(None, None, MINE, path="/etc/ssh/sshd_config.d/a.conf").risk is Risk.NETWORK


def test_a_secret_is_not_shown_and_its_digest_is_keyed() -> None:
    files = {"/etc/app": File(b"password = hunter2\n"), "/etc/raw": File(b"\xff"), "/etc/motd": MINE}
    seen = Seen(dict.fromkeys(files))

    assert secret(files, seen) == {"file:/etc/app", "file:/etc/raw"}
    assert [("hunter2" in change.diff, bool(change.diff)) for change in changes_of("red", files, seen)] == [
        (False, True),
        (False, True),
        (False, False),
    ]


def test_an_answer_is_read_whole_or_not_at_all() -> None:
    encoded = base64.b64encode(b"mine\n").decode()
    said = f"left - {MINE.sha} /etc/old\nabsent - - /etc/old\nfile 644:0:0 ={encoded} /etc/motd\nend\n"

    assert parse_look(said, ["/etc/motd"]) == Seen({"/etc/old": None, "/etc/motd": MINE}, {"/etc/old": MINE.sha})
    for broken in (
        "",
        said.removesuffix("end\n"),
        said.replace("absent - - /etc/old\n", ""),
        said.replace("absent", "other"),
        said.replace("/etc/old", "/etc/../old"),
        said.replace(f"={encoded}", "=?"),
        f"what\n{said}",
    ):
        with pytest.raises(ValueError, match=r"not a plain file|not whole|base64"):
            parse_look(broken, ["/etc/motd"])


def test_it_imports_nothing_that_such_a_package_may_not_use() -> None:
    supported = set(re.findall(r"^\| `(stems[\w.]*)` \|", PAGE.read_text(), re.MULTILINE))
    used = {
        node.module
        for path in (EXAMPLE / "src").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("stems.")
    }

    assert {name for name in used if name not in supported and name.rpartition(".")[0] not in supported} == set()
    assert {"stems.tools.base", "stems.model"} <= supported
