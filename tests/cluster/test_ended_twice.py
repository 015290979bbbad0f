"""Deployments that end twice: their first end was not the last word, and the record tells what became of them."""

from __future__ import annotations

import signal
import time
from pathlib import Path

from stems.infrastructure.lab.faults import break_node, heal
from stems.infrastructure.local import LocalRunner
from tests.cluster.conftest import Tell
from tests.support.story import DEADLINE, NODES, Running, Story, assert_all_well, wait_until

SLOW = "- name: Slow\n      ansible.builtin.command: sleep 7.5\n"


def test_a_node_that_hangs_in_the_middle_is_taken_back_when_it_is_there_again(told: Tell) -> None:
    """Exit 9 and a lock that stays, the nodes before it as they were; `--resume` ends it, and that end counts."""
    with told("hung", system="all", services=False) as story:
        first = story.git("rev-parse", "HEAD")
        story.deploy()
        early = "- name: Early\n      ansible.builtin.copy: {content: early, dest: /etc/hung-early}\n    "
        story.commit({"ansible/site.yml": story.site.playbook(early + SLOW)})
        running = story.start("deploy", story.approved())
        wait_until("the slow task runs on drtr", lambda: story.ask("drtr", "pgrep -f '[s]leep 7.5' || :"))
        break_node(story.lab, story.lab.node("drtr"), "pause", LocalRunner())
        try:
            failed = running.wait(exits=9)
        finally:
            heal(story.lab, LocalRunner(), nodes=[story.lab.node("drtr")])
        assert "taking back drtr did not succeed" in failed.err
        told_then = _newest(story)
        assert (told_then["outcome"], told_then["nodes"]) == (
            "taking back failed", {"prtr": "taken back", "drtr": "taking back failed", "crtr": "not reached"},
        )  # fmt: skip
        locks = {node: seen["lock"] for node, seen in story.status().items()}
        assert told_then["id"] in locks.pop("drtr") and set(locks.values()) == {None}

        resumed = story.stems("deploy", "--resume", exits=8, answers="y\n")
        assert "taken back" in resumed.err
        told_now = _newest(story)
        assert (told_now["id"], told_now["outcome"]) == (told_then["id"], "taken back")
        assert [story.ask(node, "ls -d /etc/$name-*") for node in NODES] == ["/etc/hung-motd\n"] * len(NODES)
        assert_all_well(story, first)


def test_killed_before_the_unlock_it_is_ended_again_from_another_clone(told: Tell) -> None:
    """The first clone wrote down its end and told no node; afterwards it joins the other's end and deploys again."""
    with told("twice", services=False) as story:
        story.deploy()
        file = f"dotfiles/.{story.site.name}rc"
        second = story.commit({file: "second\n"})
        laptop = story.clone()
        identity = _killed_when_its_end_is_written(story, story.start("deploy", story.approved()))
        assert set(story.ask(node, "ls $state/lock | wc -l") for node in NODES) == {"1\n"}

        story.stems("deploy", "--resume", root=laptop)
        assert_all_well(story, second)
        assert _newest(story, root=laptop)["id"] == identity
        third = story.commit({file: "third\n"})
        story.deploy()
        assert_all_well(story, third)
        known = story.stems("history", "--json").json["deployments"]
        assert [each["outcome"] for each in known] == ["deployed"] * 3
        ends = story.git("ls-tree", "-r", "--name-only", "stems/ledger").splitlines()
        assert sum(f"{identity}-end-" in name for name in ends) == 2


def _killed_when_its_end_is_written(story: Story, running: Running) -> str:
    """Kill it as soon as the ledger here has the end: the reference moves before any node is told."""
    log = Path(story.root / ".git/logs/refs/heads/stems/ledger")
    # Approval, beginning and end are a line each; the approval was written before.
    wanted, end = _lines(log) + 2, time.monotonic() + DEADLINE
    while _lines(log) < wanted:
        assert time.monotonic() < end, "the end was not recorded"
        time.sleep(0.002)
    running.kill()
    running.wait(exits=-signal.SIGKILL)
    names = story.git("ls-tree", "-r", "--name-only", "stems/ledger", "deployments/").splitlines()
    return max(name.removeprefix("deployments/")[:23] for name in names)


def _lines(log: Path) -> int:
    return len(log.read_text().splitlines())


def _newest(story: Story, root: Path | None = None) -> dict[str, object]:
    found: dict[str, object] = story.stems("history", "--json", root=root).json["deployments"][0]
    return found
