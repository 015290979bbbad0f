"""What a preview says about a home, seen through a real shell on this machine."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stems.errors import ConfigurationError, StemsError, ToolError
from stems.infrastructure.command import Command, Result, Watch
from stems.infrastructure.local import LocalRunner
from stems.model.change import Change, Risk, Undo
from stems.model.observation import Present, Unknown
from stems.tools.base import Job, Site
from stems.tools.files import tool as files
from tests.support.dotfiles import NODE, Dotfiles, Files, Link, site


@dataclass(frozen=True)
class Through:
    """Runs everything through another program."""

    words: Sequence[str]
    place: str = "this machine"

    def run(self, command: Command, *, watch: Watch | None = None) -> Result:
        return LocalRunner().run(replace(command, argv=(*self.words, *command.argv[1:])), watch=watch)


class Home:
    """A home in a temporary folder and the dotfiles for it."""

    def __init__(self, folder: Path, *, shell: Sequence[str] = ("/bin/sh",)) -> None:
        (folder / "trees").mkdir()
        self.path = folder / "home"
        self.site: Site = site(folder, Through(shell))
        self.dotfiles = Dotfiles(folder / "trees", {"name": "red"})

    def preview(self, tree: Files) -> tuple[Change, ...]:
        answer = files.preview(self.dotfiles.job(tree), [self.site])[NODE.name]
        assert isinstance(answer, Present), answer.reason
        return answer.value.changes

    def only(self, tree: Files) -> Change:
        (change,) = self.preview(tree)
        return change

    def unknown(self, tree: Files) -> StemsError:
        answer = files.preview(self.dotfiles.job(tree), [self.site])[NODE.name]
        assert isinstance(answer, Unknown)
        return answer.error

    def deploy(self, tree: Files, deployment: str = "1") -> Job:
        job = self.dotfiles.job(tree, deployment=deployment)
        files.apply(job, self.site, self.preview(tree))
        return job


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_a_new_file_shows_what_it_will_hold(home: Home) -> None:
    change = home.only({".a.j2": "hello {{ name }}\n"})

    assert (change.resource, change.action, change.risk) == ("file:~/.a", "create", Risk.USER)
    assert (change.before, change.source, change.by_hand) == ("", "dotfiles/.a.j2", False)
    assert "+hello red" in change.diff


def test_a_file_that_stems_never_wrote_is_not_lost_silently(home: Home) -> None:
    (home.path / ".a").write_text("mine\n")
    change = home.only({".a": "ours\n"})

    assert (change.action, change.risk, change.undo) == ("change", Risk.DESTRUCTIVE, Undo.BY_BACKUP)
    assert change.by_hand
    assert "-mine" in change.diff


def test_an_identical_file_is_adopted(home: Home) -> None:
    (home.path / ".a").write_text("same\n")
    assert home.preview({".a": "same\n"}) == ()

    home.deploy({".a": "same\n"})
    (home.path / ".a").write_text("edited\n")
    assert home.only({".a": "same\n"}).note == ""


def test_a_removed_file_goes_with_the_directory_that_stems_made(home: Home) -> None:
    home.deploy({"d/e/f": "x\n", "stays": ""})
    changes = home.preview({"stays": ""})

    assert [(change.resource, change.action, change.risk) for change in changes] == [
        ("dir:~/d", "remove", Risk.USER),
        ("dir:~/d/e", "remove", Risk.USER),
        ("file:~/d/e/f", "remove", Risk.USER),
    ]
    (home.path / "d/mine").touch()
    assert [change.resource for change in home.preview({"stays": ""})] == ["dir:~/d/e", "file:~/d/e/f"]


def test_a_directory_of_the_user_keeps_its_mode(home: Home) -> None:
    (home.path / ".private").mkdir(0o700)
    home.deploy({".private/x": ""})

    assert (home.path / ".private").stat().st_mode & 0o777 == 0o700
    assert home.preview({".private/x": ""}) == ()


def test_declared_modes(home: Home) -> None:
    tree: Files = {".stems-files.yml": 'modes: {"k/": "0700", "k/f": "0600"}', "k/f": "x\n"}
    home.deploy(tree)
    assert [(home.path / name).stat().st_mode & 0o777 for name in ("k", "k/f")] == [0o700, 0o600]

    (home.path / "k").chmod(0o755)
    change = home.only(tree)
    assert (change.resource, change.action, change.by_hand) == ("dir:~/k", "mode", True)
    assert change.note == "mode 755 becomes 700"


@pytest.mark.parametrize("name", [".ssh/authorized_keys", ".ssh/rc"])
def test_a_file_that_lets_people_in_is_of_class_network(home: Home, name: str) -> None:
    risks = {change.resource: change.risk for change in home.preview({name: "x\n"})}

    assert risks == {"dir:~/.ssh": Risk.USER, f"file:~/{name}": Risk.NETWORK}


def test_a_directory_that_leads_out_of_the_home_is_refused(home: Home, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (home.path / ".config").symlink_to(tmp_path / "elsewhere")

    assert home.unknown({".config/x": ""}).problem == f"red: ~/.config leads out of the home, to {tmp_path}/elsewhere"


def test_a_directory_that_is_a_symlink_inside_the_home_is_followed(home: Home) -> None:
    (home.path / "real").mkdir()
    (home.path / ".config").symlink_to("real")
    home.deploy({".config/x": "x\n"})

    assert (home.path / "real/x").read_text() == "x\n"
    assert home.preview({".config/x": "x\n"}) == ()


def test_a_symlink_is_replaced_and_never_written_through(home: Home, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("mine\n")
    (home.path / ".a").symlink_to(other)
    assert home.only({".a": "ours\n"}).action == "replace"
    home.deploy({".a": "ours\n"})

    assert other.read_text() == "mine\n"
    assert (home.path / ".a").read_text() == "ours\n"


def test_a_secret_is_neither_in_the_diff_nor_guessable_from_the_digest(home: Home) -> None:
    tree: Files = {".netrc.conf": "password = hunter2\n"}
    first = home.only(tree)
    Path(home.site.state, "key").write_text("another key\n")
    second = home.only(tree)

    assert "hunter2" not in first.diff
    assert first.after != second.after


def test_the_first_secret_of_a_node_makes_its_key(home: Home) -> None:
    """The first plan for a node asks all tools at once, and the one that stages commits may not be among them."""
    key = Path(home.site.state, "key")
    key.unlink()
    first = home.only({".netrc.conf": "password = hunter2\n"})

    assert len(key.read_text()) == 64
    assert key.stat().st_mode & 0o777 == 0o600
    assert home.only({".netrc.conf": "password = hunter2\n"}).after == first.after


def test_without_a_key_nothing_is_said_of_a_secret(home: Home) -> None:
    key = Path(home.site.state, "key")
    key.unlink()
    key.mkdir()
    (key / "x").write_text("")

    assert "key: cannot be read" in home.unknown({"a": "password = hunter2\n"}).problem


@pytest.mark.parametrize("content", [b"\0\1\2", b"\xff\xfe", b"x" * 300_000])
def test_what_cannot_be_shown_is_still_compared(home: Home, content: bytes) -> None:
    home.deploy({"a": content})
    (home.path / "a").write_bytes(content + b"y")

    assert home.only({"a": content}).by_hand


def test_a_manifest_that_cannot_be_read_makes_the_node_unknown(home: Home) -> None:
    home.deploy({"a": "x\n"})
    Path(home.site.state, "files/self.manifest").write_text("nonsense\n")

    assert "not a line of a manifest" in home.unknown({"a": "x\n"}).problem


def test_a_fifo_is_not_read(home: Home) -> None:
    os.mkfifo(home.path / "a")

    assert home.only({"a": "x\n"}).action == "replace"


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"), reason="becoming somebody else takes root")
@pytest.mark.parametrize(("mode", "path"), [(0o000, ".a"), (0o700, "d/a")])
def test_permission_denied_is_not_absent(mode: int, path: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "/bin/sh"]
        home = Home(Path(name), shell=nobody)
        Path(home.site.state).chmod(0o755)
        hidden = home.path / path.split("/", maxsplit=1)[0]
        hidden.mkdir() if "/" in path else hidden.touch()
        hidden.chmod(mode)
        error = home.unknown({path: "x\n"})

    assert isinstance(error, ToolError)
    assert path in error.problem


def test_what_became_another_change_is_refused(home: Home) -> None:
    tree: Files = {"a": "x\n"}
    approved = home.preview(tree)
    (home.path / "a").write_text("meanwhile\n")

    with pytest.raises(ToolError, match="no longer as it was previewed"):
        files.apply(home.dotfiles.job(tree, deployment="1"), home.site, approved)
    assert (home.path / "a").read_text() == "meanwhile\n"


def test_only_approved_changes_are_made(home: Home) -> None:
    tree: Files = {"a": "x\n", "b": "x\n"}
    files.apply(home.dotfiles.job(tree, deployment="1"), home.site, home.preview(tree)[:1])

    assert [path.name for path in home.path.iterdir()] == ["a"]
    assert [change.resource for change in home.preview(tree)] == ["file:~/b"]


def test_a_change_that_is_already_made_is_passed_over(home: Home) -> None:
    tree: Files = {"a": "x\n"}
    approved = home.preview(tree)
    for _ in range(2):
        files.apply(home.dotfiles.job(tree, deployment="1"), home.site, approved)

    assert home.preview(tree) == ()


def test_an_edit_after_the_deployment_survives_taking_it_back(home: Home) -> None:
    job = home.deploy({"a": "x\n"})
    (home.path / "a").write_text("edited since\n")

    assert files.restore(job, home.site) == [f"{home.path}/a: changed since, left as it is"]
    assert (home.path / "a").read_text() == "edited since\n"


def test_a_source_with_errors_is_not_previewed(home: Home) -> None:
    with pytest.raises(ConfigurationError, match=r"dotfiles/a\.j2:1: 'gone' is undefined \(on red\)"):
        home.preview({"a.j2": "{{ gone }}"})


def test_no_tracked_file_never_means_remove_everything(home: Home) -> None:
    home.deploy({"a": "x\n"})

    with pytest.raises(ConfigurationError, match="no tracked file"):
        home.preview({})


def test_a_hand_edit_that_the_commit_has_too_is_remembered_and_not_written(home: Home) -> None:
    home.deploy({".ssh/rc": "x\n"})
    (home.path / ".ssh/rc").write_text("edited\n")
    written = (home.path / ".ssh/rc").stat().st_ctime_ns
    change = home.only({".ssh/rc": "edited\n"})

    assert (change.action, change.risk, change.by_hand, change.only_noted) == ("adopt", Risk.USER, True, True)
    assert change.before == change.after != ""
    job = home.deploy({".ssh/rc": "edited\n"}, "2")
    assert (home.path / ".ssh/rc").stat().st_ctime_ns == written
    assert hashlib.sha256(b"edited\n").hexdigest() in Path(home.site.left("files")).read_text()
    assert home.preview({".ssh/rc": "edited\n"}) == ()

    assert files.restore(job, home.site) == []
    assert home.only({".ssh/rc": "x\n"}).by_hand


def test_what_is_left_can_be_checked_by_sha256sum(home: Home) -> None:
    home.deploy({"a b": "x\n", "link": Link("a b")})

    assert Path(home.site.left("files")).read_text().endswith(f"  {home.path}/a b\n")


def is_usable(name: str) -> bool:
    return name not in {".", ".."} and len(name.encode()) < 200


NAMES = st.text(st.characters(exclude_characters="/", exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), min_size=1)
SHELLS = [["/bin/sh"]] + [["busybox", "sh"] for found in [shutil.which("busybox")] if found]


@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: str(shell[-1]))
@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.sets(
        NAMES.filter(lambda name: name not in {".", ".."} and len(name.encode()) < 200), min_size=1, max_size=4
    )
)
def test_odd_names(names: set[str], shell: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder), shell=shell)
        tree = {f"{'d' if number % 2 else 'e'}/{name}.txt": name for number, name in enumerate(sorted(names))}
        home.deploy(tree)

        assert home.preview(tree) == ()
        assert {path: (home.path / path).read_text() for path in tree} == tree
        home.deploy({"z": ""}, "2")
        assert [path.name for path in home.path.iterdir()] == ["z"]
