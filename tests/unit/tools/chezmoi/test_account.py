"""Another account has its own chezmoi: its home, its configuration and state, and what stems keeps for it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from stems.infrastructure.command import Command, Effect, Result, Watch
from stems.infrastructure.guards import Guarded
from stems.infrastructure.local import LocalRunner
from stems.model.change import Change
from stems.model.observation import Present, Unknown
from stems.tools.base import Job, Site
from stems.tools.chezmoi.tool import apply, claims, origin, preview, restore
from stems.tools.homes import home_command
from tests.support.dotfiles import NODE, Executable, Files, Link
from tests.unit.tools.chezmoi.replay import OLD, Replay, remembers
from tests.unit.tools.chezmoi.test_blocks import CHANGE, NEW

TREE: Files = {
    "dot_bashrc.tmpl": "{{ .editor }}", "run_a.sh": Executable("echo\n"), "symlink_dot_l": Link("dot_bashrc.tmpl"),
}  # fmt: skip


@dataclass
class Sudo:
    """A node where bob has a home, and everything runs as whoever runs the tests."""

    home: Path
    accounts: set[str] = field(default_factory=set)
    place: str = "red"

    def run(self, command: Command, *, watch: Watch | None = None) -> Result:
        self.accounts.add(command.account)
        if command == home_command("bob"):
            return Result(0, f"{self.home}\n".encode())
        return LocalRunner().run(replace(command, account=""), watch=watch)


@pytest.fixture
def node(tmp_path: Path) -> Replay:
    return Replay(tmp_path).install()


@pytest.fixture
def bob(node: Replay) -> Site:
    """The recorded home is that of bob. The SSH user's is another one, and stays empty."""
    (node.folder / "private").mkdir(mode=0o700)
    there = str(node.folder / "private")
    node.says("status", " M .bashrc\n A .config/a b\n")
    node.says("diff", CHANGE + NEW)
    (node.home / ".bashrc").write_text(OLD)
    remembers(node, ".bashrc")
    return Site(NODE, Sudo(node.home), there, f"{there}/state", f"{there}/state/stage", f"{there}/colab")


def previewed(job: Job, site: Site) -> tuple[Change, ...]:
    guarded = replace(site, runner=Guarded(site.runner, Effect.READS, Effect.STAGES))
    answer = preview(job, [guarded])["red"]
    assert isinstance(answer, Present), answer.reason
    return answer.value.changes


def test_its_own_source_state_and_key(node: Replay, bob: Site) -> None:
    job = node.job(TREE, account="bob", editor="nano")
    changes = previewed(job, bob)

    assert [change.resource for change in changes] == ["file:~bob/.bashrc", "file:~bob/.config/a b"]
    assert "+++ ~bob/.bashrc" in changes[0].diff and changes[0].before
    own = node.home / ".local/state/stems/colab"
    (source,) = (own / "stage").iterdir()
    assert f"--source {source} --destination {node.home} " in (node.folder / "answers/log").read_text()
    assert (source / "dot_bashrc.tmpl").read_text() == "{{ .editor }}" and (source / "symlink_dot_l").is_symlink()
    assert (source / "run_a.sh").stat().st_mode & 0o777 == 0o755
    assert (own / "key").stat().st_size == 64 and own.stat().st_mode & 0o777 == 0o700
    assert previewed(job, bob) == changes, "with the same key and the same source"
    assert isinstance(bob.runner, Sudo) and bob.runner.accounts == {"bob"}
    assert not list(Path(bob.home).iterdir())


def test_it_is_applied_and_taken_back_there(node: Replay, bob: Site) -> None:
    job = node.job(TREE, account="bob", deployment="1", editor="nano")
    home = node.home
    node.does("apply", f"echo new >{home}/.bashrc; mkdir -p {home}/.config; echo x >{home}/.config/'a b'")
    apply(job, bob, previewed(job, bob))
    assert (home / ".bashrc").read_text() == "new\n"

    assert list(restore(job, bob)) == []
    assert (home / ".bashrc").read_text() == OLD and not (home / ".config/a b").exists()
    assert not list(Path(bob.home).iterdir())


def test_what_is_approved_for_one_home_is_not_for_another(node: Replay, bob: Site) -> None:
    job = node.job(TREE, account="bob", deployment="1", editor="nano")
    (mine, *_) = previewed(job, bob)
    apply(job, bob, [replace(mine, resource="file:~/.bashrc", by_hand=True), replace(mine, resource="script:a.sh")])

    assert [call.split(" ")[-1] for call in node.calls if call.startswith("apply")] == ["--exclude=externals"]


def test_its_paths_are_claimed_and_kept_as_its_own(node: Replay, bob: Site) -> None:
    job = node.job({"exact_dot_d/a": "x", "dot_e": "x", ".chezmoiremove": "old\n"}, account="bob")
    (change, *_) = previewed(job, bob)

    assert sorted(claim.resource for claim in claims(job, NODE)) == [
        "file:~bob/.d", "file:~bob/.d/a", "file:~bob/.e", "file:~bob/old",
    ]  # fmt: skip
    found = origin(job, bob, replace(change, resource="file:~bob/.e"))
    assert found and (found.path, found.account) == (f"{node.home}/.e", "bob")
    assert [origin(job, bob, replace(change, resource=text)) for text in ("file:~/.e", "script:a.sh")] == [None, None]


def test_without_configuration_the_account_is_told_how_it_gets_one(node: Replay, bob: Site) -> None:
    node.says("status", err='chezmoi: .a: map has no entry for key "mail"\n', code=1)
    answer = preview(node.job({**TREE, ".chezmoi.toml.tmpl": ""}, account="bob"), [bob])["red"]

    assert isinstance(answer, Unknown)
    (there,) = (node.home / ".local/state/stems/colab/stage").iterdir()
    assert answer.error.remedy.startswith(f"on red: `sudo -iu bob chezmoi --source {there} init`")
