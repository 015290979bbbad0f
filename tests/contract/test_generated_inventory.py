"""Ansible itself reads the inventory that `stems generate` makes: the file, and the answers of a dynamic one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.unit.lifecycle.generate import sample
from tests.unit.tools.git.conftest import home

__all__ = ["home"]

PROGRAM = shutil.which("ansible-inventory") or shutil.which("ansible-inventory", path=Path(sys.executable).parent)
SCRIPT = """\
#!/bin/sh
exec stems -C "$(dirname "$0")" generate inventory "$@"
"""
EXPRESSION = "{{ motto }} {{ nodes | map(attribute='name') | join(',') }} {{ cluster_services[0].addresses[0] }}"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    if not PROGRAM:
        pytest.skip("ansible-inventory is not on this machine")
    return sample.read(tmp_path).repository.root


def ask(root: Path, *words: str) -> str:
    own = root.parent / "bin"
    own.mkdir(exist_ok=True)
    stems = own / "stems"
    stems.write_text(f'#!/bin/sh\nexec {sys.executable} -m stems "$@"\n')
    stems.chmod(0o755)
    folders = (str(own), str(Path(PROGRAM or "").parent), os.environ["PATH"])
    done = subprocess.run(
        words, cwd=root, capture_output=True, text=True, check=False, timeout=120,
        env={**os.environ, "PATH": ":".join(folders), "ANSIBLE_NOCOLOR": "1", "ANSIBLE_LOCALHOST_WARNING": "0"},
    )  # fmt: skip
    assert done.returncode == 0 and "WARNING" not in done.stderr, done.stdout + done.stderr
    return done.stdout


def dynamic(root: Path) -> Path:
    script = root / "inventory"
    script.write_text(SCRIPT)
    script.chmod(0o755)
    return script


def listed(root: Path, inventory: Path) -> Any:
    return json.loads(ask(root, "ansible-inventory", "-i", str(inventory), "--list"))


def test_the_file_and_the_dynamic_inventory_are_one(root: Path) -> None:
    ask(root, "stems", "generate", "inventory", "--output", "inventory.yml")
    static, answered = listed(root, root / "inventory.yml"), listed(root, dynamic(root))

    assert static["_meta"]["hostvars"].keys() == {"crtr", "drtr", "prtr"}
    # Ansible puts the variables of the group `all` into each node's, in an order of its own.
    assert {name: dict(sorted(each.items())) for name, each in static["_meta"]["hostvars"].items()} == {
        name: dict(sorted(each.items())) for name, each in answered["_meta"]["hostvars"].items()
    }
    assert static["gateway"] == answered["gateway"] == {"hosts": ["crtr"]}


def test_a_host_is_answered_by_name(root: Path) -> None:
    script = dynamic(root)

    one = json.loads(ask(root, str(script), "--host", "crtr"))
    assert one == json.loads(ask(root, str(script), "--list"))["_meta"]["hostvars"]["crtr"]


def test_values_are_no_templates_and_lists_are_lists(root: Path) -> None:
    ask(root, "stems", "generate", "inventory", "--output", "inventory.yml")
    for inventory in (root / "inventory.yml", dynamic(root)):
        said = ask(
            root, "ansible", "-i", str(inventory), "crtr", "-c", "local", "-e", "ansible_connection=local",
            "-m", "ansible.builtin.debug", "-a", f"msg={json.dumps(EXPRESSION)}",
        )  # fmt: skip
        assert "{{ not a template }} crtr,drtr,prtr 192.0.2.11" in said, said
