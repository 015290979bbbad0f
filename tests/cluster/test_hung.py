"""A node that hangs in the middle: the first end of its deployment is not the last word."""

from __future__ import annotations

from pathlib import Path

from stems.infrastructure.lab.faults import break_node, heal
from stems.infrastructure.local import LocalRunner
from tests.cluster.conftest import Tell
from tests.support.story import NODES, Story, assert_all_well, wait_until

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


def _newest(story: Story, root: Path | None = None) -> dict[str, object]:
    found: dict[str, object] = story.stems("history", "--json", root=root).json["deployments"][0]
    return found
