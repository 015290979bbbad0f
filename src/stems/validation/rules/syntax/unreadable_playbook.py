"""A file of a playbook that cannot be read."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM401"

PAGE = Page(
    checks="""Playbooks, task files, variables and roles that the playbook of the system domain leads to: UTF-8 text,
and YAML.""",
    why="Ansible stops at such a file in the middle of a play, after the tasks before it were carried out.",
    instead="Correct the place that the finding names.",
    bad={
        "ansible/site.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.debug: {msg: hello
            """,
    },
    good={
        "ansible/site.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.debug: {msg: hello}
            """,
    },
)

RULE = Rule(CODE, "unreadable-playbook", Stage.SYNTAX, Principle.P2, PAGE, told(CODE))
