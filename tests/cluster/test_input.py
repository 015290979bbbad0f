"""Bad input and bad days: a clear error with its exit code, never a traceback, nothing executed and nothing lost."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stems.infrastructure.lab.faults import break_node, heal
from stems.infrastructure.local import LocalRunner
from tests.cluster.conftest import Tell
from tests.support.story import NODES, Done, Story, assert_all_well, wait_until

HOSTILE = (
    "a b",
    "a;touch pwned",
    "$(touch pwned)",
    "`touch pwned`",
    "a\nb",
    "--upload-pack=touch pwned",
    "-x",
    "../..",
    "",
)

COMMANDS = (
    ("plan", "--node"),
    ("plan", "--without"),
    ("deploy", "--ref"),
    ("deploy", "--"),
    ("deploy", "--node"),
    ("deploy", "--resume", "--"),
    ("drift", "--node"),
    ("history", "--from"),
    ("history", "--"),
    ("rollback", "--"),
    ("unlock", "--"),
    ("variables", "--"),
)


def test_hostile_names_are_refused(told: Tell) -> None:
    """As a ref, a node, a digest, a deployment: exit 2, and no shell ever sees them."""
    with told("hostile", services=False) as story:
        for name in HOSTILE:
            for words in (("plan", "--", name), ("approve", "--yes", "--", name), ("trust", "--", name)):
                _clear(story.start(*words).wait(exits=2))
        for command in COMMANDS:
            _clear(story.start(*command, "$(touch pwned)").wait(exits=2))
        assert not list(story.root.rglob("pwned")) and story.git("status", "--porcelain") == ""
        for node in NODES:
            assert story.ask(node, 'find ~ /tmp -name "pwned*" 2>/dev/null; ls -d "$state" 2>/dev/null || :') == ""


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"node": "crtr; reboot"}, "node: must be a name"),
        ({"node": "$(reboot)"}, "node: must be a name"),
        ({"node": "crtr", "project": "-p evil"}, "project: must be a Compose project name"),
        ({"node": "nobody"}, "no node is called `nobody`"),
    ],
)
def test_hostile_services_are_refused(told: Tell, part: dict[str, str], said: str) -> None:
    """In the configuration: exit 3 with the place, before any node is asked."""
    with told("services") as story:
        story.site.cluster["services"] = {f"{story.site.name}-keeper": part}
        story.commit()
        for words in (("validate",), ("plan",), ("status",)):
            done = story.stems(*words, exits=3)
            assert said in done.out + done.err and "config/cluster.yml:" in done.out + done.err


def test_repositories_that_are_not_fit(told: Tell, tmp_path: Path) -> None:
    """Not a repository, no commit, no cluster.yml, shallow, detached, dirty: said, or simply worked with."""
    with told("unfit", services=False) as story:
        bare = tmp_path / "nothing"
        bare.mkdir()
        for command in ("plan", "status", "deploy", "drift", "history", "validate"):
            assert "not a Git repository" in _clear(story.start(command, root=bare).wait(exits=2)).err
        subprocess.run(("git", "init", "-q", str(bare)), check=True)
        assert "no commit yet" in _clear(story.start("plan", root=bare).wait(exits=2)).err
        git = ("git", "-C", str(bare), "-c", "user.name=a", "-c", "user.email=a@colab.example")
        subprocess.run((*git, "commit", "-q", "--allow-empty", "-m", "empty"), check=True)
        assert "config/cluster.yml" in _clear(story.start("plan", root=bare).wait(exits=3)).err

        second = story.commit({f"dotfiles/.{story.site.name}rc": "second\n"})
        shallow = tmp_path / "shallow"
        subprocess.run(("git", "clone", "-q", "--depth=1", f"file://{story.root}", str(shallow)), check=True)
        refused = _clear(story.start("plan", root=shallow).wait(exits=2))
        assert "shallow" in refused.err and "git fetch --unshallow" in refused.err
        subprocess.run(("git", "-C", str(shallow), "fetch", "-q", "--unshallow"), check=True)
        story.stems("deploy", answers="y\n", root=shallow)
        assert {seen["deployed"] for seen in story.status().values()} == {second}

        story.git("checkout", "-q", "--detach")
        (story.root / f"dotfiles/.{story.site.name}rc").write_text("not committed\n")
        dirty = story.stems("plan")
        assert "1 uncommitted file" in dirty.err and "nothing to do" in dirty.out


def test_a_full_disk_is_said_and_nothing_is_lost(told: Tell) -> None:
    """No space on a node, before or in mid-deployment: said clearly, and with space again all is well."""
    with told("full") as story:
        first = story.git("rev-parse", "HEAD")
        story.deploy()
        before = story.photographs()
        second = story.commit({f"dotfiles/.{story.site.name}rc": "second\n" * 4000})
        digest = story.approved()
        with _full(story, "drtr"):
            failed = _clear(story.start("deploy", digest).wait(exits=1))
            assert "drtr" in failed.err and "disk" in failed.err
            assert story.start("plan").wait().code in (0, 7)
        story.assert_same(before)
        _all_well_again(story, first)

        digest = story.approved()
        running = story.start("deploy", digest)
        story.wait_for_act("prtr", digest)
        with _full(story, "drtr"):
            failed = _clear(running.wait())
            assert failed.code in (8, 9) and "drtr" in failed.err, str(failed)
            seen = story.start("status", "--json").wait().json["nodes"]
            assert all(node["known"] for node in seen), "a full disk hides nothing; a health check may fail on it"
        left = story.start("status", "--json").wait().json["nodes"]
        if any(seen["lock"] or seen["unfinished"] for seen in left):
            # The node had no room to write down that it was taken back.
            assert story.start("deploy", "--resume", answers="y\n").wait().code in (8, 9)
        story.assert_same(before)
        _all_well_again(story, first)
        story.deploy()
        assert_all_well(story, second)


@contextmanager
def _full(story: Story, name: str) -> Iterator[None]:
    node = story.lab.node(name)
    break_node(story.lab, node, "fill-disk", LocalRunner())
    try:
        yield
    finally:
        heal(story.lab, LocalRunner(), nodes=[node])


def _all_well_again(story: Story, commit: str) -> None:
    """The probes of a container fail while the disk is full; it is seen as well some seconds after that."""
    wait_until("every node is healthy", lambda: story.start("status").wait().code == 0, deadline=60)
    assert_all_well(story, commit)


def _clear(done: Done) -> Done:
    """An error for people: what, and mostly what to do; no word of the program's inside."""
    said = done.err
    assert "rror: " in said, str(done)
    assert "situation that it does not know" not in said, str(done)
    return done
