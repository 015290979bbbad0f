"""A part of a playbook that only Ansible can find."""

from __future__ import annotations

from stems.model.finding import Severity
from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM403"

PAGE = Page(
    checks="Includes and roles whose name has a variable, or that are not in the repository.",
    why="What stems does not see it cannot judge: such a part may act in a preview, or write what another tool owns.",
    instead="Write the name out, or have the role in the repository.",
    bad={
        "ansible/site.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.include_tasks: "{{ ansible_os_family }}.yml"
            """,
        "ansible/Debian.yml": """
            - ansible.builtin.package: {name: tmux}
            """,
    },
    good={
        "ansible/site.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.include_tasks: Debian.yml
                  when: ansible_os_family == 'Debian'
            """,
        "ansible/Debian.yml": """
            - ansible.builtin.package: {name: tmux}
            """,
    },
)

RULE = Rule(CODE, "unseen-playbook-part", Stage.DEPENDENCIES, Principle.P3, PAGE, told(CODE), Severity.WARNING)
