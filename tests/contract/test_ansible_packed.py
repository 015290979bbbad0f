"""Whether Ansible uses what is kept of an earlier run. A new version may keep it elsewhere; then this says so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from stems.tools.ansible.packed import DIGEST
from stems.tools.ansible.run import CALLBACK, PACKED, PLUGINS

SITE = """
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.ping:
    - ansible.builtin.debug: {msg: "{{ lookup('pipe', 'ls $ANSIBLE_LOCAL_TEMP/*/ansiballz_cache') }}"}
"""


def _run(folder: Path) -> list[str]:
    """What Ansible has packed or found after its first task, which here runs on this machine."""
    words = (str(Path(sys.executable).parent / "ansible-playbook"), "-i", "here,", "-c", "local", "site.yml")
    env = {
        **os.environ,
        "ANSIBLE_STDOUT_CALLBACK": CALLBACK,
        "ANSIBLE_CALLBACK_PLUGINS": str(PLUGINS),
        "ANSIBLE_LOCAL_TEMP": str(folder / "tmp"),
        "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
        PACKED: str(folder / "kept"),
    }
    ran = subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, check=True)
    events = [json.loads(line) for line in ran.stdout.splitlines()]
    assert events[-1]["stems"] == "stats", "the run was told to its end"
    results = [event for event in events if event["stems"] == "result"]
    return str(results[-1]["result"]["msg"]).split()


def test_a_second_run_packs_nothing(tmp_path: Path) -> None:
    (tmp_path / "site.yml").write_text(SITE)
    packed = _run(tmp_path)
    kept = [file.name[: -DIGEST - 1] for file in (tmp_path / "kept").glob("*/*")]
    assert [name.partition("-")[0] for name in kept] == ["ansible.modules.ping"]
    assert set(kept) < set(packed), "a lock is left where it packed one"
    assert _run(tmp_path) == kept


def test_a_cache_that_cannot_be_written_ends_no_run(tmp_path: Path) -> None:
    (tmp_path / "site.yml").write_text(SITE)
    (tmp_path / "kept").write_text("a file where the folder would be\n")
    assert any(name.startswith("ansible.modules.ping-") for name in _run(tmp_path))
