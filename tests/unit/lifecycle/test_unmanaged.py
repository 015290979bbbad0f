"""What one tool met and another brings is not unmanaged."""

from __future__ import annotations

from pathlib import Path

from stems.lifecycle.jobs import Entry, Work
from stems.lifecycle.previewing.unmanaged import unmanaged
from stems.tools.ansible import tool as ansible
from stems.tools.base import Job
from tests.unit.tools.ansible.build import NODES, job

MET = (
    "container:mine",
    "unit:agent.service (/etc/systemd/system/agent.service)",
    "unit:stray.service (/etc/systemd/system/stray.service)",
)


def work(asked: Job) -> Work:
    return Work("0" * 40, asked.cluster, asked.tree, (Entry(ansible, asked),))


def test_a_unit_that_a_task_brings_is_managed(tmp_path: Path) -> None:
    task = "copy: {src: x, dest: /etc/systemd/system/agent.service}"
    asked = job(tmp_path, {"site.yml": f"- hosts: work\n  tasks:\n    - {task}\n"})

    assert unmanaged(work(asked), NODES["prtr"], MET) == (MET[0], MET[2])
    assert unmanaged(work(asked), NODES["drtr"], MET) == MET


def test_without_units_no_tree_is_read(tmp_path: Path) -> None:
    assert unmanaged(work(job(tmp_path, {})), NODES["prtr"], MET[:1]) == MET[:1]
