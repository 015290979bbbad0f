"""Packages in whatever version is the newest that day."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.ansible_trees import tasks_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM445"

_MODULES = frozenset({
    "apt", "dnf", "dnf5", "yum", "package", "pip", "community.general.pacman", "pacman", "apk", "zypper",
    "community.general.apk", "community.general.zypper", "community.general.npm", "npm",
})  # fmt: skip
_UPDATES = re.compile(r"updat|upgrad|patch|maint", re.IGNORECASE)

PAGE = Page(
    checks="""`state: latest` of package modules. Playbooks, roles and tasks whose name says that they update are not
meant, nor `upgrade`.""",
    why="""Each run may change the version, on one node today and on the next one tomorrow, and restart what depends on
it: the run that was to change one line of a file also brought a new database.""",
    instead="Write `state: present`, and update on purpose, in a playbook of its own.",
    bad={
        "playbook.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.apt: {name: docker-ce, state: latest}
            """,
    },
    good={
        "playbook.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.apt: {name: docker-ce, state: present}
            """,
    },
    also_bad=(
        {"roles/a/tasks/main.yml": "- package: name=nginx state=latest\n"},
        {"roles/a/tasks/main.yml": "- pip: {name: docker, state: latest}\n"},
        {"roles/a/tasks/main.yml": "- block:\n    - dnf:\n        name: [a, b]\n        state: latest\n"},
    ),
    also_good=(
        {"playbooks/update.yml": "- hosts: all\n  tasks:\n    - apt: {name: '*', state: latest}\n"},
        {"roles/a/tasks/main.yml": "- name: Upgrade everything\n  apt: {name: a, state: latest}\n"},
        {"roles/a/tasks/main.yml": "- apt: {upgrade: dist}\n- apt: {name: a}\n"},
        {"roles/a/tasks/main.yml": "- package: {name: a, state: '{{ a_state }}'}\n"},
        {"roles/a/tasks/main.yml": "- community.docker.docker_image: {name: a, tag: latest, source: pull}\n"},
        {"roles/a/tasks/main.yml": "- apt: {name: '*', state: latest}\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for _, task in tasks_of(subject):
        arguments = task.arguments() if task.module in _MODULES else {}
        if arguments.get("state") != "latest" or arguments.get("name") == "*":
            continue
        if not _UPDATES.search(f"{task.file} {task.keys.get('name', '')}"):
            message = "each run may bring another version, and another one on each node"
            remedy = "write `state: present`, and update in a playbook of its own"
            yield Finding(CODE, task.at_argument("state"), message, remedy, Severity.NOTE)


RULE = Rule(CODE, "latest-package", Stage.SECURITY, Principle.D3, PAGE, check, Severity.NOTE)
