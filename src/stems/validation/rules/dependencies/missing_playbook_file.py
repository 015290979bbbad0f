"""A file that a playbook names and that is not there."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM402"

PAGE = Page(
    checks="""Playbooks, task files, variables and roles that the playbook of the system domain names, and its
inventory.""",
    why="""It was renamed, or never added to Git, and is still on the machine of whoever wrote it. Ansible stops there
in the middle of a play.""",
    instead="Correct the name, or add the file.",
    bad={
        "ansible/site.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.import_tasks: packges.yml
            """,
        "ansible/packages.yml": """
            - ansible.builtin.package: {name: tmux}
            """,
    },
    good={
        "ansible/site.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.import_tasks: packages.yml
            """,
        "ansible/packages.yml": """
            - ansible.builtin.package: {name: tmux}
            """,
    },
)

RULE = Rule(CODE, "missing-playbook-file", Stage.DEPENDENCIES, Principle.P3, PAGE, told(CODE))
