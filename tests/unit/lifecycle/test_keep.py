"""Hand edits of dotfiles and of a checkout come into the working tree, all that are named or none."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from stems.errors import NodeUnreachableError, StemsError, ToolError, UnknownError, UsageError
from stems.infrastructure.local import LocalRunner
from stems.lifecycle.drift import Drift, NodeDrift
from stems.lifecycle.jobs import Entry, Work
from stems.lifecycle.keep import Kept, keep
from stems.lifecycle.workspace import Workspace
from stems.model.change import Change, Domain, Risk
from stems.model.cluster import Domains, UserDomain
from stems.model.node import Node
from stems.tools.base import Job, Site, Tree
from stems.tools.files import tool as files
from tests.support.builders import CLUSTER, NODES, change
from tests.support.fake import FakeRunner
from tests.support.scratch import Scratch

TREE: dict[str, str | None] = {
    "dotfiles/.a": "one\n", "dotfiles/.b.j2": "one\n", "dotfiles/.c": "one\n", "services/web/compose.yml": "one\n",
}  # fmt: skip
HOME = UserDomain("files", "dotfiles")


def dotfile(node: str, name: str) -> Change:
    return Change(node, Domain.USER, "files", f"file:~/{name}", "change", Risk.DESTRUCTIVE, source=f"dotfiles/{name}")


@dataclass
class World:
    """A repository that is deployed on nodes whose homes are folders of this machine."""

    folder: Path
    place: Workspace
    scratch: Scratch
    commit: str

    @property
    def root(self) -> Path:
        return self.scratch.root

    def on(self, node: Node) -> Path:
        """The home of a node, as deployed when it is first asked for."""
        home = self.folder / node.name
        if not home.exists():
            for name in (".a", ".b", ".c"):
                (home / name).parent.mkdir(exist_ok=True)
                (home / name).write_text("one\n")
            (home / "config/services/web").mkdir(parents=True)
            (home / "config/services/web/compose.yml").write_text("one\n")
        return home

    def looked(self, node: Node) -> tuple[Work, Site]:
        home = self.on(node)
        tree = Tree(self.folder / "tree", self.commit, frozenset(TREE))
        cluster = replace(CLUSTER, domains=Domains(user=(HOME,)))
        job = Job(cluster, HOME, tree, {name: {} for name in NODES}, LocalRunner(), self.folder)
        site = Site(node, LocalRunner(), str(home), f"{home}/state", "", f"{home}/config")
        return Work(self.commit, cluster, tree, (Entry(files, job),)), site

    def found(self, *changes: Change, **more: object) -> Drift:
        names = list(dict.fromkeys(each.node for each in changes))
        nodes = tuple(
            NodeDrift(name, self.commit, tuple(each for each in changes if each.node == name)) for name in names
        )
        looked = {name: self.looked(NODES[name]) for name in names}
        return replace(Drift(nodes, looked=looked), **more)  # type: ignore[arg-type]  # the fields of drift

    def keep(self, resources: Sequence[str], *changes: Change) -> tuple[Kept, ...]:
        return keep(self.place, self.found(*changes), resources)

    def refused(self, resource: str, *changes: Change) -> StemsError:
        with pytest.raises(StemsError) as raised:
            self.keep([resource], *changes)
        assert self.scratch.git("status", "--porcelain") == ""
        return raised.value

    def status(self) -> list[str]:
        return self.scratch.git("status", "--porcelain").split("\n")


@pytest.fixture
def world(tmp_path: Path) -> World:
    scratch = Scratch(tmp_path / "repository")
    commit = scratch.commit(TREE)
    place = Workspace(scratch.open(), commit, CLUSTER, FakeRunner({}, "this machine"), tmp_path, ExitStack())
    for name, text in TREE.items():
        path = tmp_path / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text or "")
    return World(tmp_path, place, scratch, commit)


PRTR, DRTR = NODES["prtr"], NODES["drtr"]
A, C = dotfile("prtr", ".a"), dotfile("prtr", ".c")


def compose(world: World) -> Change:
    path = f"checkout:{world.on(PRTR)}/config/services/web/compose.yml"
    return replace(change("prtr", path, domain=Domain.SERVICES, tool="git"), source="services/web/compose.yml")


def test_an_edit_and_a_removal_are_written_and_nothing_is_staged(world: World) -> None:
    (world.on(PRTR) / ".a").write_text("two\n")
    (world.on(PRTR) / ".c").unlink()
    (world.on(PRTR) / "config/services/web/compose.yml").write_text("three\n")
    third = compose(world)

    kept = world.keep([A.resource, C.resource, third.resource], A, C, third)

    assert [(each.path, each.action, each.is_new) for each in kept] == [
        ("dotfiles/.a", "change", True),
        ("dotfiles/.c", "remove", True),
        ("services/web/compose.yml", "change", True),
    ]
    assert "+two" in kept[0].diff
    assert world.status() == ["M dotfiles/.a", " D dotfiles/.c", " M services/web/compose.yml"]
    assert (world.root / "dotfiles/.a").read_text() == "two\n"
    assert (world.on(PRTR) / ".a").read_text() == "two\n"


def test_kept_again_it_is_there_already(world: World) -> None:
    (world.on(PRTR) / ".a").write_text("two\n")
    (first,) = world.keep([A.resource], A)
    (again,) = world.keep([A.resource, A.resource], A)

    assert again == replace(first, is_new=False)


def test_all_that_are_named_or_none(world: World) -> None:
    (world.on(PRTR) / ".a").write_text("two\n")
    (world.on(PRTR) / ".c").write_text("password = hunter2\n")

    with pytest.raises(ToolError, match="may hold a secret"):
        world.keep([A.resource, C.resource], A, C)
    assert world.scratch.git("status", "--porcelain") == ""


def test_the_same_edit_on_two_nodes_is_one(world: World) -> None:
    for node in (PRTR, DRTR):
        (world.on(node) / ".a").write_text("two\n")
    (kept,) = world.keep([A.resource], A, dotfile("drtr", ".a"))

    assert kept.nodes == ("prtr", "drtr")


def test_two_edits_of_one_file_are_a_question(world: World) -> None:
    (world.on(PRTR) / ".a").write_text("two\n")
    (world.on(DRTR) / ".a").write_text("three\n")
    error = world.refused(A.resource, A, dotfile("drtr", ".a"))

    assert isinstance(error, UsageError)
    assert error.problem == "file:~/.a: not the same on prtr and drtr"
    assert "--node NODE" in error.remedy


def test_two_names_for_one_file_are_a_question(world: World) -> None:
    (world.on(PRTR) / ".a").write_text("two\n")
    (world.on(PRTR) / "config/dotfiles").mkdir()
    (world.on(PRTR) / "config/dotfiles/.a").write_text("three\n")
    other = replace(compose(world), resource="checkout:x", source="dotfiles/.a")

    with pytest.raises(UsageError, match="two edits of it"):
        world.keep([A.resource, "checkout:x"], A, other)


def test_an_edit_here_is_never_written_over(world: World) -> None:
    (world.on(PRTR) / ".a").write_text("two\n")
    (world.root / "dotfiles/.a").write_text("mine\n")

    with pytest.raises(ToolError, match=r"dotfiles/.a, which has edits that are not committed"):
        world.keep([A.resource], A)
    assert (world.root / "dotfiles/.a").read_text() == "mine\n"


def test_what_was_committed_since_the_deployment_is_not_written_over(world: World) -> None:
    (world.on(PRTR) / ".a").write_text("two\n")
    world.place = replace(world.place, head=world.scratch.commit({"dotfiles/.a": "newer\n"}))
    error = world.refused(A.resource, A)

    assert "dotfiles/.a was changed here since it was deployed" in error.problem


def test_what_git_does_not_track_is_not_written(world: World) -> None:
    outside = replace(compose(world), resource="checkout:x", source="../outside")
    error = world.refused("checkout:x", outside)

    assert "../outside, which Git does not track" in error.problem


@pytest.mark.parametrize(
    ("resource", "problem", "remedy"),
    [
        ("file:~/.b", "comes from the template dotfiles/.b.j2", "edit dotfiles/.b.j2"),
        ("container:web-web-1", "is no file of the repository", "edit services/web/compose.yml:4:5, or put it right"),
    ],
)
def test_what_is_no_file_of_the_repository_says_what_to_edit(
    world: World, resource: str, problem: str, remedy: str
) -> None:
    stopped = change("prtr", "container:web-web-1", domain=Domain.SERVICES, tool="compose", action="start")
    stopped = replace(stopped, source="services/web/compose.yml:4:5")
    error = world.refused(resource, dotfile("prtr", ".b"), stopped)

    assert problem in error.problem and remedy in error.remedy


def test_a_name_that_nothing_has(world: World) -> None:
    found = world.found(A, nodes=(
        NodeDrift("prtr", world.commit, (A,), (change("prtr", "task:Greet", source="ansible/site.yml:3"),),
                  unmanaged=("container:mine (project x)",)),
    ))  # fmt: skip
    said = {}
    for resource in ("file:~/.aa", "nothing", "task:Greet", "container:mine"):
        with pytest.raises(StemsError) as raised:
            keep(world.place, found, [resource])
        said[resource] = (int(raised.value.exit_code), raised.value.remedy)

    assert said == {
        "file:~/.aa": (2, "did you mean `file:~/.a`?"),
        "nothing": (2, "`stems drift` names what differs"),
        "task:Greet": (1, "edit ansible/site.yml:3"),
        "container:mine": (2, "declare it in the repository if stems is to manage it"),
    }


def test_a_node_that_does_not_answer_may_have_another_edit(world: World) -> None:
    (world.on(PRTR) / ".a").write_text("two\n")
    gone = NodeUnreachableError("crtr: it does not answer", remedy="see whether crtr is on")

    with pytest.raises(UnknownError, match="crtr: it does not answer") as raised:
        keep(world.place, world.found(A, unknown={"crtr": gone}), [A.resource])
    assert "--without crtr" in raised.value.remedy
    assert world.scratch.git("status", "--porcelain") == ""
