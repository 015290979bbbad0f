"""Settings of Ansible that are not in the repository."""

from __future__ import annotations

from stems.model.finding import Severity
from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM408"

PAGE = Page(
    checks="Which `ansible.cfg` Ansible would read for the playbook of the system domain.",
    why="It is another one on every machine that runs stems, so that one commit gives two results.",
    instead="Put an `ansible.cfg` into the source of the system domain.",
    bad={
        "ansible/site.yml": """
            - hosts: all
              tasks: []
            """,
    },
    good={
        "ansible/site.yml": """
            - hosts: all
              tasks: []
            """,
        "ansible/ansible.cfg": """
            [defaults]
            """,
    },
)

RULE = Rule(CODE, "settings-elsewhere", Stage.STRUCTURE, Principle.D2, PAGE, told(CODE), Severity.NOTE)
