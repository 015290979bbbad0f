"""Plays that are for all nodes run once: never in a preview, exactly once when applied, and not with a node's part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from stems.infrastructure.command import Effect
from stems.infrastructure.guards import Guarded
from stems.infrastructure.lab.state import Lab
from stems.model.change import Change, Group, Risk, Undo
from stems.model.observation import Present
from stems.tools.ansible import tool as ansible
from stems.tools.base import Job, Site
from tests.contract.test_ansible import FOLDER, AnsibleAdapter, adapter, site_of, write

__all__ = ["adapter"]

SITE = """
- name: Before
  hosts: localhost
  gather_facts: false
  tasks:
    - name: Announce
      ansible.builtin.shell: echo first >>{counted}
- name: Own
  hosts: all
  become: true
  gather_facts: false
  tasks:
    - name: Folder
      ansible.builtin.file: {{path: {folder}, state: directory, mode: "0755"}}
    - name: Count
      ansible.builtin.shell: echo own >>{folder}-counted
- name: After
  hosts: all
  become: true
  gather_facts: false
  tasks:
    - name: Pool
      ansible.builtin.copy: {{content: "{{{{ ansible_play_hosts | join(' ') }}}}", dest: {folder}-pool}}
    - name: Only the first
      ansible.builtin.copy: {{content: x, dest: {folder}-once, mode: "0644"}}
      run_once: true
    - name: Tell
      ansible.builtin.shell: echo last {{{{ inventory_hostname }}}} >>{counted}
      become: false
      delegate_to: localhost
      run_once: true
"""


@pytest.fixture
def sites(lab: Lab, adapter: AnsibleAdapter) -> Iterator[list[Site]]:
    """All nodes, each as clean as the adapter's own."""
    with ExitStack() as cleaning:
        found = [site_of(lab, node) for node in adapter.cluster.nodes.values()]
        for site in found:
            each = replace(adapter, site=site)
            each.clean()
            cleaning.callback(each.clean)
        yield found


def previewed(job: Job, sites: list[Site]) -> dict[str, tuple[Change, ...]]:
    guarded = [replace(site, runner=Guarded(site.runner, Effect.READS, Effect.STAGES)) for site in sites]
    found = {}
    for name, answer in ansible.preview(job, guarded).items():
        assert isinstance(answer, Present), f"{answer.reason}\n{answer.error.said}"
        assert not answer.value.blocked
        found[name] = answer.value.changes
    return found


def part(changes: Mapping[str, tuple[Change, ...]], group: Group) -> dict[str, tuple[Change, ...]]:
    return {name: tuple(change for change in told if change.group is group) for name, told in changes.items()}


def short(changes: Mapping[str, tuple[Change, ...]], group: Group) -> dict[str, list[str]]:
    told = part(changes, group).items()
    return {name: [change.resource for change in found] for name, found in told if found}


def test_a_group_step_runs_once_for_all_nodes(adapter: AnsibleAdapter, sites: list[Site], tmp_path: Path) -> None:
    counted = tmp_path / "counted"
    rollout = replace(adapter.cluster.rollout, order=("prtr", "drtr", "crtr"), pilot="prtr")
    adapter.cluster = replace(adapter.cluster, rollout=rollout)
    job = adapter.job_on(write(tmp_path / "own", SITE.format(folder=FOLDER, counted=counted)), deployment="1")
    planned = previewed(replace(job, deployment=""), sites)

    assert short(planned, Group.FIRST) == {"prtr": ["task:Announce on localhost"]}
    assert short(planned, Group.NONE)["crtr"] == [f"file:{FOLDER}", "task:Count"]
    assert short(planned, Group.LAST) == {
        "prtr": [f"file:{FOLDER}-pool", f"file:{FOLDER}-once", "task:Tell on localhost"],
        "drtr": [f"file:{FOLDER}-pool"],
        "crtr": [f"file:{FOLDER}-pool"],
    }
    (announced,) = part(planned, Group.FIRST)["prtr"]
    assert (announced.risk, announced.undo) == (Risk.UNKNOWN, Undo.NO)

    for group in (Group.FIRST, Group.NONE, Group.LAST):
        asked = replace(job, part=group)
        for site in sites if group is Group.NONE else ():
            own = previewed(asked, [site])[site.node.name]
            assert [each.identity for each in own] == [each.identity for each in part(planned, group)[site.node.name]]
            ansible.apply(asked, site, own)
        if group is not Group.NONE:
            assert previewed(asked, sites) == part(planned, group)
            ansible.apply_group(asked, sites, part(planned, group))
        left = [change.resource for told in previewed(asked, sites).values() for change in told if change.predictable]
        assert left == [], f"{group}: what was applied is there"
    assert counted.read_text() == "first\nlast prtr\n"
    assert [replace(adapter, site=site).ask(f"cat {FOLDER}-counted {FOLDER}-pool") for site in sites] == [
        "own\nprtr drtr crtr"
    ] * 3

    again = previewed(job, sites)
    assert short(again, Group.FIRST) == {"prtr": ["task:Announce on localhost"]}, "what only runs is said again"
    assert short(again, Group.LAST) == {"prtr": ["task:Tell on localhost"]}
    for site in sites:
        assert list(ansible.restore(job, site)) == []
        assert replace(adapter, site=site).ask(f"ls -d {FOLDER}*") == f"{FOLDER}-counted\n", "both parts"
