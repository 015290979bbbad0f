"""A part of a playbook that only Ansible can find."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.ansible.repository.missing import missing_roles
from stems.tools.ansible.repository.roles import RoleUse
from stems.tools.ansible.repository.tree import AnsibleTree
from stems.validation.ansible_trees import ansible_trees_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM403"

PAGE = Page(
    checks="""Includes and roles whose name has a variable, or that are not in the repository. A role that
`requirements.yml` names is a note: a plan installs it first.""",
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


def check(subject: Subject) -> Iterator[Finding]:
    found = subject.told.get(CODE, ())
    # A role that surely is nowhere has a finding of its own.
    nowhere = {use.place for tree in subject.once(ansible_trees_of) for use in missing_roles(tree)} if found else set()
    brought = {
        use.place
        for tree in subject.once(ansible_trees_of)
        for use in tree.foreign_uses
        if found and _is_brought(tree, use)
    }
    for finding in found:
        if finding.place in brought:
            remedy = "make a plan, which installs it, or judge it in its own repository"
            yield replace(finding, remedy=remedy, severity=Severity.NOTE)
        elif finding.place not in nowhere:
            yield finding


def _is_brought(tree: AnsibleTree, use: RoleUse) -> bool:
    """Whether `requirements.yml` names it, so that a plan has it and a look at the repository has not."""
    return not use.is_dynamic and not tree.brought.isdisjoint({use.name, use.short})


RULE = Rule(CODE, "unseen-playbook-part", Stage.DEPENDENCIES, Principle.P3, PAGE, check, Severity.WARNING)
