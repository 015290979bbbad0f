"""What is done once for all nodes, before the first and after the last: as often as it says, whatever happens."""

from __future__ import annotations

import signal
from pathlib import Path

from tests.cluster.conftest import Tell
from tests.support.story import NODES, Story, assert_all_well, lines, wait_until

BEFORE = """
- name: Before
  hosts: localhost
  gather_facts: false
  tasks:
    - name: Announce
      ansible.builtin.shell: echo first >>{counted}; sleep 4.5
"""
AFTER = """
- name: After
  hosts: all
  become: true
  gather_facts: false
  tasks:
    - name: Pool
      ansible.builtin.copy: {{content: "{pool}", dest: /etc/{name}-pool}}
    - name: Tell
      ansible.builtin.shell: echo last >>{counted}; {ends}
      become: false
      delegate_to: localhost
      run_once: true
"""


def _playbook(story: Story, counted: Path, pool: str, ends: str) -> dict[str, str | None]:
    after = AFTER.format(name=story.site.name, counted=counted, pool=pool, ends=ends)
    return {"ansible/site.yml": BEFORE.format(counted=counted) + story.site.playbook() + after}


def test_a_group_step_is_done_once_resumed_and_taken_back(told: Tell, tmp_path: Path) -> None:
    """Killed in the first step it is asked for again; failing in the last, everything goes back and that is named."""
    counted = tmp_path / "counted"
    with told("together", system="prtr", services=False) as story:
        first = story.commit(_playbook(story, counted, "one", "true"))
        digest = str(story.plan()["digest"])
        shown = " ".join(story.stems("approve", digest, "--yes").out.split())
        assert "task:Announce on localhost unknown ansible/site.yml:6 once for all nodes, before the first" in shown
        assert not counted.exists()

        running = story.start("deploy", digest)
        story.wait_for_act("prtr", digest)
        wait_until("it was announced", counted.exists)
        running.kill()
        running.wait(exits=-signal.SIGKILL)
        assert [bool(seen["unfinished"]) for seen in story.status(exits=0).values()].count(True) == 1
        asked = story.stems("deploy", "--resume", exits=5)
        assert "may have run already: prtr task:Announce on localhost" in asked.err
        story.stems("deploy", "--resume", answers="y\n")
        assert counted.read_text() == "first\nfirst\nlast\n"
        assert_all_well(story, first)
        for node in NODES:
            assert story.ask(node, "cat /etc/$name-pool") == "one"
        story.ask("drtr", "echo mine | sudo tee /etc/$name-pool")
        drift = story.drift(exits=4)
        assert lines(drift["drtr"]["by_hand"]) == ["drtr change file:/etc/together-pool"]
        assert drift["drtr"]["by_hand"][0]["group"] == "last"
        assert [change["resource"] for change in drift["prtr"]["unpredictable"]] == [
            "task:Announce on localhost", "task:Tell on localhost",
        ]  # fmt: skip
        story.ask("drtr", "printf one | sudo tee /etc/$name-pool")

        before = story.photographs()
        story.site.cluster["variables"]["greeting"] = "good day"
        story.commit(_playbook(story, counted, "two", "false"))
        failed = story.deploy(exits=8)
        assert 'Ansible stopped at "Tell"; taken back on crtr, drtr, prtr' in failed.err
        assert "cannot be undone: task:Tell on localhost" in failed.err
        assert "all nodes    group failed" in failed.err
        story.assert_same(before)
        assert_all_well(story, first)
        assert counted.read_text().split()[3:] == ["first", "last", "last", "first"], (
            "done, and repeated as it was before"
        )
