"""A role or a group of the same name gives a variable no value."""

from __future__ import annotations

from pathlib import Path

from stems.lifecycle.validate import validate_tree
from stems.tools.base import Tree

FILES = {
    "hosts": "[a]\nh1 ansible_host=192.0.2.11\n",
    "site.yml": "- {hosts: a, roles: [influx]}\n",
    "roles/influx/tasks/main.yml": "- debug: {msg: '{{ influx.path }}'}\n",
}


def found(root: Path, files: dict[str, str]) -> list[str]:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    judgement = validate_tree(Tree(root, "", frozenset(files)), every_stage=True)
    return [finding.message for finding in judgement.findings if finding.code == "STM439"]


def test_a_role_of_that_name_defines_nothing(tmp_path: Path) -> None:
    assert found(tmp_path, FILES) == ["nothing in the repository defines `influx`"]


def test_what_somebody_gives_on_the_command_line_is_defined(tmp_path: Path) -> None:
    assert found(tmp_path, {**FILES, "site.yml": f"# run it with -e influx=x\n{FILES['site.yml']}"}) == []
