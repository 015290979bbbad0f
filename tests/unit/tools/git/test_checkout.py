"""The checkout moves to a commit and back, and nobody's work is lost or hidden on the way."""

from __future__ import annotations

import os
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from stems.errors import StemsError, ToolError, UnknownError
from stems.infrastructure.command import Command, Effect, Result, Watch
from stems.infrastructure.guards import Guarded
from stems.infrastructure.local import LocalRunner
from stems.infrastructure.probe import Section
from stems.model.change import Change, Risk
from stems.tools.base import Site
from stems.tools.git.checkout import apply, changes, preview, restore
from stems.tools.git.checkout_state import State, parse_look
from stems.tools.git.stage import stage
from tests.support.scratch import Scratch, site_at

LOCAL = LocalRunner()
READING = Guarded(LOCAL, Effect.READS)
DEPLOYMENT = "20260101T000000Z-abcdef"


@dataclass
class World:
    """One repository and one node."""

    scratch: Scratch
    site: Site

    @property
    def checkout(self) -> Path:
        return Path(self.site.checkout)

    def look(self, sha: str) -> State:
        stage(self.scratch.open(), sha, site=self.site, local=LOCAL)
        return preview(replace(self.site, runner=READING), target=sha)

    def plan(self, sha: str, deployed: str = "") -> tuple[Change, ...]:
        state = self.look(sha)
        tree = Path(self.site.state) / "stage" / sha
        repository = self.scratch.open()
        return changes(self.site, state, target=sha, tree=tree, repository=repository, deployed=deployed)

    def deploy(self, sha: str, deployment: str = DEPLOYMENT) -> tuple[Change, ...]:
        found = self.plan(sha)
        apply(self.site, found, target=sha, deployment=deployment)
        return found

    def git(self, *arguments: str) -> str:
        done = subprocess.run(("git", "-C", str(self.checkout), *arguments), capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def files(self) -> dict[str, str]:
        paths = (path for path in self.checkout.rglob("*") if path.is_file() and ".git" not in path.parts)
        return {str(path.relative_to(self.checkout)): path.read_text() for path in paths}


@pytest.fixture
def world(scratch: Scratch, tmp_path: Path) -> World:
    return World(scratch, site_at(tmp_path / "node"))


def test_a_checkout_is_made_and_then_there_is_nothing_to_do(world: World) -> None:
    sha = world.scratch.commit({"a": "1", "b/c d": "é"})

    found = world.deploy(sha)

    assert [(change.action, change.before, change.after, change.risk) for change in found] == [
        ("create", "", sha, Risk.USER)
    ]
    assert world.files() == {"a": "1", "b/c d": "é"}
    assert (world.checkout / "a").stat().st_mode & 0o777 == 0o644
    assert world.plan(sha) == ()
    assert world.git("status", "--porcelain") == ""


def test_looking_changes_nothing(world: World) -> None:
    first = world.scratch.commit({"a": "1"})
    world.deploy(first)
    second = world.scratch.commit({"a": "2"})
    os.utime(world.checkout / "a", (1, 1))
    before = (world.checkout / ".git/index").read_bytes(), sorted(world.checkout.rglob("*"))

    found = world.plan(second, first)

    assert [(change.resource, change.action, change.by_hand) for change in found] == [
        (f"checkout:{world.checkout}", "move", False)
    ]
    assert ((world.checkout / ".git/index").read_bytes(), sorted(world.checkout.rglob("*"))) == before


def test_untracked_ignored_and_foreign_files_survive_a_move_and_a_move_back(world: World) -> None:
    first = world.scratch.commit({"web/compose.yml": "1", "gone/x": "1", ".gitignore": ".env\ndata/\n"})
    world.deploy(first)
    for name in ("web/.env", "web/data/db", "gone/notes"):
        (world.checkout / name).parent.mkdir(exist_ok=True)
        (world.checkout / name).write_text("mine")
    if os.geteuid() == 0:
        os.chown(world.checkout / "web/data", 999, 999)
    second = world.scratch.commit({"web/compose.yml": "2", "gone/x": None, "new": "n"})

    world.deploy(second, "20260101T000000Z-000002")

    mine = {"web/.env": "mine", "web/data/db": "mine", "gone/notes": "mine", ".gitignore": ".env\ndata/\n"}
    assert world.files() == {"web/compose.yml": "2", "new": "n", **mine}
    assert restore(world.site, deployment="20260101T000000Z-000002") == ()
    assert world.files() == {"web/compose.yml": "1", "gone/x": "1", **mine}
    assert world.plan(first) == ()


def test_what_comes_back_is_as_readable_as_it_was(world: World) -> None:
    """A container that is not the SSH user reads the files that it mounts."""
    first = world.scratch.commit({"site/page": "first\n", "gone/with": "first\n"})
    world.deploy(first, deployment="20260101T000000Z-000001")
    modes = {path: path.stat().st_mode for path in (world.checkout / "site/page", world.checkout / "gone")}
    second = world.scratch.commit({"site/page": "second\n", "gone/with": None})
    world.deploy(second, deployment="20260101T000000Z-000002")

    assert restore(world.site, deployment="20260101T000000Z-000002") == ()
    assert {path: path.stat().st_mode for path in modes} == modes


@pytest.mark.parametrize("name", [".env", "notes", "folder/file", "deep"])
def test_a_file_that_git_does_not_track_is_never_overwritten(world: World, name: str) -> None:
    first = world.scratch.commit({"a": "1", ".gitignore": ".env\n"})
    world.deploy(first)
    path = world.checkout / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine")
    target = {".env": ".env", "notes": "notes", "folder/file": "folder", "deep": "deep/er/file"}[name]
    (world.scratch.root / target).parent.mkdir(parents=True, exist_ok=True)
    (world.scratch.root / target).write_text("theirs")
    world.scratch.git("add", "-f", target)
    second = world.scratch.commit({})

    with pytest.raises(ToolError, match="does not track") as refused:
        world.plan(second)
    assert name.split("/", maxsplit=1)[0] in refused.value.said
    with pytest.raises(ToolError):
        apply(world.site, (), target=second, deployment=DEPLOYMENT)
    assert path.read_text() == "mine"


def test_a_file_may_become_a_folder_and_back(world: World) -> None:
    first = world.scratch.commit({"a": "1", "b/c": "1"})
    (world.scratch.root / "a").unlink()
    second = world.scratch.commit({"a/b": "2", "b/c": None})
    (world.scratch.root / "b").rmdir()
    third = world.scratch.commit({"b": "2"})

    for sha in (first, second, third, first):
        world.deploy(sha, f"20260101T000000Z-{sha[:6]}")
        assert world.git("rev-parse", "HEAD") == sha
        assert world.git("status", "--porcelain") == ""


def test_a_hand_edit_that_the_commit_has_too_is_adopted(world: World) -> None:
    first = world.scratch.commit({"a": "1", "b": "1", "c": "1"})
    world.deploy(first, "20260101T000000Z-000001")
    (world.checkout / "a").write_text("edited\n")
    (world.checkout / "b").unlink()
    (world.checkout / "c").write_text("edited\n")
    world.git("add", "c")
    second = world.scratch.commit({"a": "edited\n", "b": None, "c": "edited\n"})

    found = {change.source: change for change in world.plan(second, first) if change.source}
    assert {name: (each.action, each.risk) for name, each in found.items()} == {
        "a": ("adopt", Risk.USER), "b": ("adopt", Risk.USER), "c": ("restore", Risk.DESTRUCTIVE),
    }  # fmt: skip
    world.deploy(second, "20260101T000000Z-000002")
    assert world.files() == {"a": "edited\n", "c": "edited\n"}
    assert world.plan(second, second) == ()

    assert restore(world.site, deployment="20260101T000000Z-000002") == ()
    assert world.files() == {"a": "edited\n", "c": "edited\n"}
    assert [change.source for change in world.plan(first, first)] == ["a", "b", "c"]


def test_hand_edits_are_drift_that_is_kept_before_it_is_repaired(world: World) -> None:
    first = world.scratch.commit({"a": "1", "b": "1", "it's c": "1", "d/é": "1", "run": "x"})
    world.deploy(first)
    (world.checkout / "a").write_text("edited\n")
    (world.checkout / "b").unlink()
    (world.checkout / "it's c").write_text("staged")
    world.git("add", "it's c")
    (world.checkout / "it's c").write_text("1")
    (world.checkout / "d/é").unlink()
    (world.checkout / "d/é").symlink_to("/nowhere")
    (world.checkout / "run").chmod(0o755)

    found = world.plan(first, first)

    assert {change.resource.removeprefix(f"checkout:{world.checkout}/"): change.note for change in found} == {
        "a": "",
        "b": "removed",
        "it's c": "",
        "d/é": "",
        "run": "",
    }
    assert all(change.by_hand and change.risk is Risk.DESTRUCTIVE for change in found)
    assert all(change.before != change.after for change in found if change.source != "it's c")
    second = world.scratch.commit({"a": "2", "b": "2", "new": "2"})
    deployment = "20260101T000000Z-000002"
    world.deploy(second, deployment)
    assert world.files() == {"a": "2", "b": "2", "it's c": "1", "d/é": "1", "run": "x", "new": "2"}
    assert world.plan(second) == ()

    assert restore(world.site, deployment=deployment) == ()
    assert restore(world.site, deployment=deployment) == ()

    assert (world.checkout / "a").read_text() == "edited\n"
    assert not (world.checkout / "b").exists()
    assert (world.checkout / "d/é").readlink() == Path("/nowhere")
    assert os.access(world.checkout / "run", os.X_OK)
    assert not (world.checkout / "new").exists()
    assert world.git("rev-parse", "HEAD") == first


def test_a_file_that_was_edited_again_since_stays(world: World) -> None:
    first = world.scratch.commit({"a": "1", "b": "1"})
    world.deploy(first)
    (world.checkout / "a").write_text("first edit")
    second = world.scratch.commit({"b": "2"})
    deployment = "20260101T000000Z-000002"
    world.deploy(second, deployment)
    (world.checkout / "a").write_text("second edit")

    left = restore(world.site, deployment=deployment)

    assert left == (str(world.checkout / "a"),)
    assert (world.checkout / "a").read_text() == "second edit"
    assert world.git("rev-parse", "HEAD") == first


def test_an_edit_that_nobody_approved_is_never_repaired(world: World) -> None:
    first = world.scratch.commit({"a": "1"})
    world.deploy(first)
    (world.checkout / "a").write_text("late edit")
    second = world.scratch.commit({"a": "2"})
    world.look(second)

    with pytest.raises(ToolError, match="cannot be moved"):
        apply(world.site, (), target=second, deployment=DEPLOYMENT)
    assert (world.checkout / "a").read_text() == "late edit"


def test_local_commits_are_never_hidden(world: World) -> None:
    first = world.scratch.commit({"a": "1"})
    world.deploy(first)
    (world.checkout / "a").write_text("local")
    world.git("commit", "-qam", "local")
    second = world.scratch.commit({"a": "2"})

    with pytest.raises(ToolError, match="has a commit that this repository does not have"):
        world.plan(second)


def test_a_clone_on_a_branch_is_moved_and_taken_back_to_its_branch(world: World) -> None:
    first = world.scratch.commit({"a": "1"})
    world.checkout.parent.mkdir(parents=True)
    world.scratch.git("clone", "-q", ".", str(world.checkout))
    second = world.scratch.commit({"a": "2"})

    found = world.deploy(second)

    assert [change.note for change in found] == ["leaves branch main, which stays as it is"]
    assert world.look(second).branch == ""
    assert restore(world.site, deployment=DEPLOYMENT) == ()
    assert world.git("symbolic-ref", "HEAD") == "refs/heads/main"
    assert world.git("rev-parse", "HEAD") == first
    assert world.git("status", "--porcelain") == ""


def test_a_checkout_that_somebody_moved_is_told_from_one_that_is_behind(world: World) -> None:
    first = world.scratch.commit({"a": "1"})
    second = world.scratch.commit({"a": "2"})
    world.deploy(second)
    world.git("checkout", "-q", first)

    assert [change.by_hand for change in world.plan(second, second)] == [True]


def test_the_operators_own_working_tree_is_refused(world: World) -> None:
    sha = world.scratch.commit({"a": "1"})
    world.site = replace(world.site, checkout=str(world.scratch.root))

    with pytest.raises(ToolError, match="working tree that you run stems from"):
        world.plan(sha)


def test_a_file_in_its_place_is_refused(world: World) -> None:
    sha = world.scratch.commit({"a": "1"})
    world.checkout.parent.mkdir(parents=True, exist_ok=True)
    world.checkout.write_text("")

    with pytest.raises(ToolError, match="is a file"):
        world.plan(sha)


def test_a_folder_may_hold_what_the_commit_does_not_before_the_clone_is_there(world: World) -> None:
    """A `.env` that a service needs can only be put there before the first deployment."""
    sha = world.scratch.commit({"services/web/compose.yml": "1"})
    (world.checkout / "services" / "web").mkdir(parents=True)
    (world.checkout / "services" / "web" / ".env").write_text("SECRET=1")

    world.deploy(sha)
    assert world.files() == {"services/web/compose.yml": "1", "services/web/.env": "SECRET=1"}
    assert restore(world.site, deployment=DEPLOYMENT) == ()
    assert world.files() == {"services/web/.env": "SECRET=1"}


@pytest.mark.parametrize("name", ["services/web/compose.yml", "services/web", "services"])
def test_a_folder_whose_files_the_commit_has_too_is_refused(world: World, name: str) -> None:
    sha = world.scratch.commit({"services/web/compose.yml": "1"})
    (world.checkout / name).parent.mkdir(parents=True)
    (world.checkout / name).write_text("mine")

    with pytest.raises(ToolError, match="does not track") as refused:
        world.plan(sha)

    assert refused.value.said.splitlines()[-1] == name
    assert (world.checkout / name).read_text() == "mine"


def test_an_unfinished_merge_is_refused(world: World) -> None:
    sha = world.scratch.commit({"a": "1"})
    world.deploy(sha)
    (world.checkout / ".git/MERGE_HEAD").write_text(sha)

    with pytest.raises(ToolError, match="middle of a merge"):
        world.plan(sha)


def test_a_checkout_that_this_deployment_made_goes_again_but_not_what_is_in_it(world: World) -> None:
    sha = world.scratch.commit({"a": "1", "deep/er/b": "2"})
    world.deploy(sha)
    (world.checkout / "mine").write_text("1")

    assert restore(world.site, deployment=DEPLOYMENT) == ()
    assert world.files() == {"mine": "1"}
    assert not (world.checkout / ".git").exists()
    assert restore(world.site, deployment=DEPLOYMENT) == ()


def test_a_checkout_that_this_deployment_made_and_nobody_used_is_gone(world: World) -> None:
    world.deploy(world.scratch.commit({"a": "1"}))

    assert restore(world.site, deployment=DEPLOYMENT) == ()
    assert not world.checkout.exists()


def test_an_edited_file_of_a_checkout_that_this_deployment_made_stays(world: World) -> None:
    world.deploy(world.scratch.commit({"a": "1"}))
    (world.checkout / "a").write_text("edited since")

    assert "were edited" in restore(world.site, deployment=DEPLOYMENT)[0]
    assert world.files() == {"a": "edited since"}


def test_an_empty_folder_stays_when_its_checkout_goes(world: World) -> None:
    sha = world.scratch.commit({"a": "1"})
    world.checkout.mkdir(parents=True)
    world.deploy(sha)

    assert restore(world.site, deployment=DEPLOYMENT) == ()
    assert list(world.checkout.iterdir()) == []


def test_taking_back_what_never_began_does_nothing(world: World) -> None:
    assert restore(world.site, deployment=DEPLOYMENT) == ()


def test_folders_that_cannot_be_written_are_found_before(scratch: Scratch) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs a second account")
    with tempfile.TemporaryDirectory() as folder:
        world = World(scratch, site_at(Path(folder)))
        world.deploy(scratch.commit({"d/a": "1", "e/b": "1"}))
        second = scratch.commit({"d/a": "2"})
        world.look(second)
        subprocess.run(("chown", "-R", "65534", folder), check=True)
        os.chown(world.checkout / "d", 0, 0)

        state = preview(replace(world.site, runner=_Nobody()), target=second)

    assert state.locked == ("d",)


class _Nobody:
    """The account `nobody` of this machine, as the SSH user of a node."""

    place = "prtr"

    def run(self, command: Command, *, watch: Watch | None = None) -> Result:
        argv = ("setpriv", "--reuid=65534", "--clear-groups", "env", "HOME=/", *command.argv)
        return LOCAL.run(replace(command, argv=argv))


@pytest.mark.parametrize("text", ["", "repository", "repository\nhead x\nend", "absent\nodd\nend", "hello\nend"])
def test_an_answer_that_cannot_be_read_is_unknown(text: str) -> None:
    with pytest.raises(UnknownError):
        parse_look("prtr", Section(0, text))


def test_a_broken_repository_is_an_error_and_never_absent(world: World) -> None:
    sha = world.scratch.commit({"a": "1"})
    world.deploy(sha)
    (world.checkout / ".git/HEAD").write_text("garbage")

    with pytest.raises(StemsError):
        world.look(sha)


def test_an_edit_whose_repair_broke_off_is_as_it_was(world: World) -> None:
    first = world.scratch.commit({"a": "1"})
    world.deploy(first)
    (world.checkout / "a").write_text("edited")
    second = world.scratch.commit({"a": "2"})
    found = world.plan(second)
    (world.checkout / ".git/index.lock").touch()
    with pytest.raises(ToolError, match=r"cannot be moved"):
        apply(world.site, found, target=second, deployment="20260101T000000Z-000002")
    (world.checkout / ".git/index.lock").unlink()

    assert restore(world.site, deployment="20260101T000000Z-000002") == ()

    assert (world.checkout / "a").read_text() == "edited"
    assert world.git("rev-parse", "HEAD") == first
