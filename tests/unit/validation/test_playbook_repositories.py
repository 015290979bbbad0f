"""Rules about playbooks find nothing in trees that are well kept, with and without a cluster file."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.lifecycle.validate import validate_tree
from stems.model.cluster import CLUSTER_FILE
from stems.tools.base import Tree
from stems.validation.page import Example
from tests.unit.validation.examples import written
from tests.unit.validation.playbook_repositories import SAID

CASES = [pytest.param(example, codes, id=name) for name, (example, codes) in SAID.items()]


def told(tree: Tree) -> list[str]:
    findings = validate_tree(tree, every_stage=True).findings
    return [f"{each.code} {each.place}: {each.message}" for each in findings if "STM420" <= each.code <= "STM449"]


@pytest.mark.parametrize(("example", "codes"), CASES)
def test_what_is_well_kept_is_left_alone(example: Example, codes: tuple[str, ...], tmp_path: Path) -> None:
    assert [line.split()[0] for line in told(written(tmp_path, example))] == list(codes), told(
        written(tmp_path, example)
    )


@pytest.mark.parametrize(("example", "codes"), CASES)
def test_the_same_without_a_cluster(example: Example, codes: tuple[str, ...], tmp_path: Path) -> None:
    tree = written(tmp_path, example)
    (tmp_path / CLUSTER_FILE).unlink()

    found = told(Tree(tree.root, "", tree.tracked - {CLUSTER_FILE}))

    assert [line.split()[0] for line in found] == list(codes), found


CLOSED: Example = {
    "hosts": "[web]\ngate ansible_host=192.0.2.7\n",
    "site.yml": "- hosts: web\n  tasks:\n    - ansible.builtin.debug: {msg: '{{ greeting }}'}\n",
}
"""Nothing but these two files can define a variable."""


def test_an_undefined_variable_is_noted_where_everything_is_known(tmp_path: Path) -> None:
    assert told(written(tmp_path, CLOSED)) == ["STM439 site.yml:3:36: nothing in the repository defines `greeting`"]


@pytest.mark.parametrize(
    "more",
    [
        {"Makefile": "go:\n\tansible-playbook -e greeting=hello site.yml\n"},
        {"group_vars/web/vault.yml": "$ANSIBLE_VAULT;1.1;AES256\n61\n"},
        {"inventory/more.py": "#!/usr/bin/env python3\n"},
        {"group_vars/web.yml": "greeting: hello\n"},
        {"site.yml": "- hosts: web\n  roles: [me.greeting]\n  tasks:\n    - debug: {msg: '{{ greeting }}'}\n"},
        {"site.yml": "- hosts: web\n  roles: ['{{ x }}']\n  tasks:\n    - debug: {msg: '{{ greeting }}'}\n"},
        {"site.yml": "- hosts: web\n  vars_files: ['{{ x }}.yml']\n  tasks:\n    - debug: {msg: '{{ greeting }}'}\n"},
        {"site.yml": "- hosts: web\n  tasks:\n    - debug: {msg: '{{ greeting }}'}\n      when: greeting is defined\n"},
    ],
)
def test_nor_where_somebody_may_define_it(more: Example, tmp_path: Path) -> None:
    assert [line for line in told(written(tmp_path, {**CLOSED, **more})) if line.startswith("STM439")] == []


def test_a_missing_role_of_a_declared_tree_is_told_once(tmp_path: Path) -> None:
    tree = written(
        tmp_path,
        {
            "ansible/site.yml": "- hosts: all\n  roles: [comon, me.galaxy]\n",
            "ansible/roles/common/tasks/main.yml": "- ansible.builtin.package: {name: tmux}\n",
        },
    )

    found = [(each.code, each.message) for each in validate_tree(tree, every_stage=True).findings]

    assert [message for code, message in found if code == "STM429"] == [
        "there is no role `comon`; did you mean `common`?"
    ]
    assert [message.split(" is ")[0] for code, message in found if code == "STM403"] == ["the role me.galaxy"]
