"""Bad input and bad days: a clear error with its exit code, never a traceback, nothing executed and nothing lost."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from stems.infrastructure.lab.faults import break_node, heal
from stems.infrastructure.local import LocalRunner
from tests.cluster.conftest import Tell
from tests.support.story import NODES, Done

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
        story.stems("deploy", answers="y\n", root=shallow)
        assert {seen["deployed"] for seen in story.status().values()} == {second}

        story.git("checkout", "-q", "--detach")
        (story.root / f"dotfiles/.{story.site.name}rc").write_text("not committed\n")
        dirty = story.stems("plan")
        assert "1 uncommitted file" in dirty.err and "nothing to do" in dirty.out


def test_a_full_disk_is_said_and_nothing_is_lost(told: Tell) -> None:
    """No space on a node: the deployment stops there with a clear error; when there is space again, it goes through."""
    with told("full") as story:
        story.deploy()
        before = story.photographs()
        second = story.commit({f"dotfiles/.{story.site.name}rc": "second\n" * 4000})
        digest = story.approved()
        node = story.lab.node("drtr")
        break_node(story.lab, node, "fill-disk", LocalRunner())
        try:
            failed = story.start("deploy", digest).wait()
            assert failed.code in (1, 7, 8) and "drtr" in failed.err, str(failed)
            assert "space" in failed.err.lower(), str(failed)
            _clear(failed)
            planned = story.start("plan").wait()
            assert planned.code in (0, 7), str(planned)
        finally:
            heal(story.lab, LocalRunner(), nodes=[node])
        assert story.differences(before) == ""
        assert [seen["lock"] for seen in story.status().values()] == [None] * len(NODES)
        story.deploy()
        assert {seen["deployed"] for seen in story.status().values()} == {second}


def _clear(done: Done) -> Done:
    """An error for people: what, and mostly what to do; no word of the program's inside."""
    said = done.err
    assert "rror: " in said, str(done)
    assert "situation that it does not know" not in said, str(done)
    return done
