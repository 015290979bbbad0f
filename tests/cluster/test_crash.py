"""A controller that dies, is interrupted, or is not alone: the nodes tell the truth, and the work ends well."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from pathlib import Path
from typing import Any

from tests.cluster.conftest import Tell
from tests.support.story import NODES, Running, Story, assert_all_well, wait_until


def test_a_killed_deployment_is_completed_from_another_clone_or_unlocked(told: Tell) -> None:
    """`status` of a clone that never saw the commit tells where each node stands, and `--resume` completes it."""
    with told("crash") as story:
        first = story.git("rev-parse", "HEAD")
        laptop = story.clone()
        story.deploy()
        second, identity = _killed_on_the_second_node(story)

        seen = _seen(story, root=laptop)
        assert [seen[node]["deployed"] for node in NODES] == [second, first, first]
        assert [seen[node]["unfinished"] for node in NODES] == [None, identity, None]
        assert all(identity in seen[node]["lock"] for node in NODES)
        assert seen["prtr"]["behind"] is None, "this clone cannot know"
        held = story.stems("deploy", exits=6, root=laptop)
        assert identity in held.err and held.out == "", "seen before any tool is asked"
        planned = " ".join(story.stems("plan", root=laptop).out.split())
        assert f"runs {second[:12]}, which {first[:12]} does not contain" in planned
        assert re.search(rf"locked by \S+ on \S+ \(deploy\), deployment {identity}", planned)

        resumed = story.stems("deploy", "--resume", root=laptop)
        assert identity in resumed.out
        assert_all_well(story, second)
        assert "second" in story.ask("drtr", "cat $checkout/services/$name-web/site/index.html")
        for node in NODES:
            assert [entry["outcome"] for entry in story.journal(node) if entry["act"] == "result"][-1] == "deployed"
        told_there = story.stems("history", identity, "--json", root=laptop).json
        assert (told_there["outcome"], set(told_there["nodes"].values())) == ("deployed", {"deployed"})
        assert story.stems("deploy", "--resume", exits=2, root=laptop).err.startswith("error: no deployment")
        assert story.stems("history", "--from", "crtr", "--json").json["deployments"][0] == told_there
        assert "nothing to do" in story.stems("deploy").out
        _unlocked_and_deployed_anew(story)


def _unlocked_and_deployed_anew(story: Story) -> None:
    """`unlock` shows and releases exactly the locks of the deployment that is gone; then the next one goes through."""
    third, identity = _killed_on_the_second_node(story, "third")
    refused = story.stems("deploy", story.approved(), exits=6)
    assert identity in refused.err and re.search(r"\S+ on \S+ \(deploy\)", refused.err)
    assert story.stems("unlock", "20200101T000000Z-000000", exits=2).err.count(identity) == len(NODES)

    wait_until("nothing of it runs any more", lambda: _unlocked(story, identity))
    assert [node["lock"] for node in _seen(story).values()] == [None] * len(NODES)
    story.deploy()
    assert_all_well(story, third)


def test_an_interrupted_deployment_is_taken_back_and_lets_go(told: Tell) -> None:
    """Ctrl-C and SIGTERM: exit 130, every node as it was, no lock left; meanwhile a second deployer is refused."""
    with told("interrupted") as story:
        first = story.git("rev-parse", "HEAD")
        story.deploy()
        before = story.photographs()
        story.commit({f"{story.site.web}/site/index.html": "second\n", f"dotfiles/.{story.site.name}rc": "second\n"})
        plans = story.approved(), story.approved()
        for stop, digest in zip((_ctrl_c, _terminate), plans, strict=True):
            running = story.start("deploy", digest)
            story.wait_for_act("prtr", digest)
            if stop is _ctrl_c:
                held = story.stems("deploy", plans[1], exits=6)
                assert re.search(r"\S+ on \S+ \(deploy\), deployment \S+, since", held.err)
            story.wait_for_act("drtr", digest)
            stop(running)
            running.wait(exits=130)
            story.assert_same(before)
            for seen in story.status().values():
                assert (seen["deployed"], seen["healthy"], seen["in_sync"], seen["lock"], seen["unfinished"]) == (
                    first, True, True, None, None,
                ), seen  # fmt: skip
        assert [each["outcome"] for each in story.stems("history", "--json").json["deployments"]] == [
            "taken back", "taken back", "deployed",
        ]  # fmt: skip


def test_a_killed_playbook_does_not_go_on_alone(told: Tell) -> None:
    """Ansible ends with its controller, after the task under way; `--resume` asks before what may have run already."""
    with told("playbook", system="all", services=False, alone=True) as story:
        slow = "- name: Slow\n      ansible.builtin.command: sleep 7.5\n"
        after = "    - name: After\n      ansible.builtin.copy: {content: after, dest: /etc/playbook-after}"
        commit = story.commit({"ansible/site.yml": story.site.playbook(slow + after)})
        running = story.start("deploy", story.approved())
        wait_until("the slow task runs", lambda: _slow_tasks(story))
        playbooks = _children(running, "ansible-playbook")
        running.kill()
        running.wait(exits=-signal.SIGKILL)
        assert playbooks
        wait_until("Ansible ends", lambda: not any(_is_alive(pid) for pid in playbooks))
        wait_until("the slow task ends", lambda: not _slow_tasks(story))
        assert story.ask("prtr", "ls -d /etc/$name-*") == "/etc/playbook-motd\n"

        asked = story.stems("deploy", "--resume", exits=5)
        assert "may have run already: prtr task:Slow" in asked.err
        story.stems("deploy", "--resume", answers="y\n")
        assert story.ask("prtr", "cat /etc/$name-after") == "after"
        assert_all_well(story, commit)


def test_what_an_interrupt_leaves_running_is_waited_for(told: Tell) -> None:
    """A task that runs on a node does not end with its controller: the node is taken back after it, never before."""
    with told("restless", system="all", services=False, alone=True) as story:
        story.deploy()
        before = story.photographs()
        slow = "- name: Slow\n      ansible.builtin.command: sh -c 'sleep 7.5; echo late >/etc/restless-late'\n"
        more = "    - name: Early\n      ansible.builtin.copy: {content: early, dest: /etc/restless-early}"
        story.commit({"ansible/site.yml": story.site.playbook(more.lstrip() + "\n    " + slow)})
        running = story.start("deploy", story.approved())
        wait_until("the slow task runs", lambda: _slow_tasks(story))
        _ctrl_c(running)

        done = running.wait(exits=130)
        assert not _slow_tasks(story)
        assert "interrupted; taken back on prtr" in done.err and "waiting for what still runs" in done.err
        assert story.ask("prtr", "ls -d /etc/$name-*") == "/etc/restless-late\n/etc/restless-motd\n", (
            "what cannot be undone is all that stays"
        )
        story.ask("prtr", "sudo rm /etc/$name-late")
        story.assert_same(before)
        assert [(seen["lock"], seen["unfinished"]) for seen in story.status().values()] == [(None, None)]


def _slow_tasks(story: Story) -> str:
    return story.ask("prtr", "pgrep -f '[s]leep 7.5' || :")


def _children(running: Running, program: str) -> list[int]:
    command = ("pgrep", "-P", str(running.process.pid), "-f", program)
    return [int(pid) for pid in subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()]


def _is_alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def _ctrl_c(running: Running) -> None:
    # A terminal sends it to the whole foreground group.
    os.killpg(running.process.pid, signal.SIGINT)


def _terminate(running: Running) -> None:
    running.kill(signal.SIGTERM)


def _killed_on_the_second_node(story: Story, text: str = "second") -> tuple[str, str]:
    """A commit whose deployment was killed while it changed drtr; prtr is done, crtr not begun."""
    page, file = f"{story.site.web}/site/index.html", f"dotfiles/.{story.site.name}rc"
    second = story.commit({page: f"{text}\n", file: f"{text}\n"})
    digest = story.approved()
    running = story.start("deploy", digest)
    identity = story.wait_for_act("drtr", digest)
    running.kill()
    running.wait(exits=-signal.SIGKILL)
    return second, identity


def _seen(story: Story, root: Path | None = None) -> dict[str, Any]:
    """What `status` says of each node while the service of one may be half recreated, which is exit code 1."""
    done = story.start("status", "--json", root=root).wait()
    assert done.code in (0, 1), str(done)
    return {node["node"]: node for node in done.json["nodes"]}


def _unlocked(story: Story, identity: str) -> bool:
    """Whether `unlock` did it; while something still runs there it refuses with 6."""
    done = story.start("unlock", identity).wait()
    assert done.code in (0, 6), str(done)
    return done.code == 0


def test_a_controller_that_dies_while_it_tells_how_it_ended_is_followed_by_another_clone(told: Tell) -> None:
    """The first clone has written down an end that no node was told of. The other one ends it too, and both agree."""
    with told("ended", services=False, alone=True) as story:
        laptop = story.clone()
        commit = story.commit({f"dotfiles/.{story.site.name}rc": "second\n"})
        digest = story.approved()
        story.ask("prtr", SLOW_TO_HEAR)
        running = story.start("deploy", digest)
        identity = wait_until("its end is written down", lambda: _ended_here(story))
        running.kill()
        running.wait(exits=-signal.SIGKILL)
        story.ask("prtr", 'rm "$state/repo.git/hooks/pre-receive"')
        assert identity in _seen(story)["prtr"]["lock"], "it died before it let go"

        story.git("fetch", "-q", str(story.root), root=laptop)
        story.stems("deploy", "--resume", root=laptop)
        for root in (laptop, story.root):
            story.commit()
            assert story.stems("history", identity, "--json", root=root).json["outcome"] == "deployed"
        assert story.status()["prtr"]["deployed"] == commit
        story.deploy()
        assert len([name for name in _records(story) if f"{identity}-end" in name]) == 2


SLOW_TO_HEAR = r"""
mkdir -p "$state/repo.git/hooks"
printf '#!/bin/sh\nsleep 8\n' >"$state/repo.git/hooks/pre-receive"; chmod +x "$state/repo.git/hooks/pre-receive"
"""


def _records(story: Story) -> list[str]:
    return story.git("ls-tree", "-r", "--name-only", "stems/ledger").splitlines()


def _ended_here(story: Story) -> str:
    names = _records(story) if story.git("branch", "--list", "stems/ledger") else []
    return next((name.split("/")[1].partition("-end")[0] for name in names if "-end" in name), "")
