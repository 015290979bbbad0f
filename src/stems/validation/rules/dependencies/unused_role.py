"""A role that nothing uses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.tools.ansible.repository.roles import Role
from stems.tools.ansible.repository.tree import AnsibleTree
from stems.validation.ansible_trees import ansible_trees_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM440"

_NAMED = re.compile(r"(?:=|roles/)([\w./-]+)")

PAGE = Page(
    checks="""Roles of the repository that no play, task or other role names. Where a name has a variable nothing is
said, nor of a repository without playbooks, whose roles others use.""",
    why="""Somebody maintains it and takes it for deployed. It is often the line in the playbook that was lost, not the
role that is old.""",
    instead="Add it to a play, or remove it: Git keeps it.",
    bad={
        "playbook.yml": """
            - hosts: all
              roles: [common]
            """,
        "roles/common/tasks/main.yml": """
            - ansible.builtin.package: {name: tmux}
            """,
        "roles/backup/tasks/main.yml": """
            - ansible.builtin.package: {name: restic}
            """,
    },
    good={
        "playbook.yml": """
            - hosts: all
              roles: [common, backup]
            """,
        "roles/common/tasks/main.yml": """
            - ansible.builtin.package: {name: tmux}
            """,
        "roles/backup/tasks/main.yml": """
            - ansible.builtin.package: {name: restic}
            """,
    },
    also_bad=(
        {
            "playbooks/site.yml": "- hosts: all\n  roles: [a]\n#   - b\n",
            "roles/a/tasks/main.yml": "- ping:\n",
            "roles/b/tasks/main.yml": "- ping:\n",
        },
        {
            "ansible/site.yml": "- hosts: all\n  roles: [a]\n",
            "ansible/roles/a/tasks/main.yml": "- ansible.builtin.debug: {msg: a}\n",
            "ansible/roles/b/tasks/main.yml": "- ansible.builtin.debug: {msg: b}\n",
        },
    ),
    also_good=(
        # Another tree beside it has its own roles.
        {
            "ansible/ansible.cfg": "[defaults]\ninventory = hosts.ini\n",
            "ansible/hosts.ini": "[dns]\nns1\n",
            "ansible/run.yml": "- {hosts: dns, roles: [x]}\n",
            "ansible/roles/x/tasks/main.yml": "- ansible.builtin.ping:\n",
            "setup.yml": "- hosts: servers\n  tasks: [{ansible.builtin.ping: }]\n",
        },
        {
            "site.yml": "- hosts: all\n  roles: [a]\n  tasks:\n    - include_role: {name: c}\n",
            "roles/a/tasks/main.yml": "- import_role: {name: d}\n",
            "roles/a/meta/main.yml": "dependencies: [b]\n",
            "roles/b/tasks/main.yml": "- ping:\n",
            "roles/c/tasks/main.yml": "- ping:\n",
            "roles/d/tasks/main.yml": "- ping:\n",
        },
        {"site.yml": "- hosts: all\n  roles: ['{{ what }}']\n", "roles/a/tasks/main.yml": "- ping:\n"},
        {"roles/a/tasks/main.yml": "- ping:\n", "roles/b/tasks/main.yml": "- ping:\n"},
        {
            "site.yml": "- hosts: all\n  roles: [{role: me.a}]\n",
            "roles/me.a/tasks/main.yml": "- ping:\n",
            "archive/roles/b/tasks/main.yml": "- ping:\n",
        },
        {
            "site.yml": "- hosts: all\n  roles: [x]\n",
            "roles/x/tasks/main.yml": "- ping:\n",
            "roles/b/tasks/main.yml": "- ping:\n",
            "Makefile": "b:\n\tansible all -m include_role -a name=b\n",
        },
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for tree in subject.once(ansible_trees_of):
        if tree.plays and not any(use.is_dynamic for use in tree.uses):
            used = {role.folder for use in tree.uses if (role := tree.role(use))}
            used |= {use.name for use in tree.uses}
            idle = [role for role in tree.own_roles if role.folder not in used and _counts(role)]
            said = _said(subject, tree) if idle else set()
            for role in idle:
                if role.name not in said:
                    message = f"nothing uses the role {role.name}"
                    yield Finding(CODE, _place(tree, role), message, "add it to a play, or remove it", Severity.NOTE)


def _counts(role: Role) -> bool:
    return bool(role.name) and "ansible_collections" not in role.folder and not role.name.startswith((".", "_"))


def _place(tree: AnsibleTree, role: Role) -> Place:
    path = tree.content.named(role.part("tasks"), "main")
    return Place(path or next(iter(tree.content.under(role.folder)), role.folder), 1, 1)


def _said(subject: Subject, tree: AnsibleTree) -> set[str]:
    """The roles that scripts name, as one that runs a single role does."""
    own = set(tree.yaml)
    texts = (file.text for file in subject.files if file.path not in own and not file.is_documentation)
    return {name.rstrip("/.") for text in texts for name in _NAMED.findall(text)}


RULE = Rule(CODE, "unused-role", Stage.DEPENDENCIES, Principle.P3, PAGE, check, Severity.NOTE, needs_every_file=True)
