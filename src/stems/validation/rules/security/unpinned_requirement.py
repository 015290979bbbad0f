"""A role or collection of which any version will do."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.ansible_trees import ansible_trees_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM432"

PAGE = Page(
    checks="Roles and collections in `requirements.yml` without a `version`, or with that of a branch that moves.",
    why="""They run as root on every node, and change without a commit here: the same playbook does something else on a
new laptop than on the old one.""",
    instead="Write the version that is installed: `ansible-galaxy role list` and `… collection list` say it.",
    bad={
        "requirements.yml": """
            roles:
              - name: geerlingguy.docker
            """,
        "playbook.yml": """
            - hosts: all
              roles: [geerlingguy.docker]
            """,
    },
    good={
        "requirements.yml": """
            roles:
              - name: geerlingguy.docker
                version: 7.4.1
            """,
        "playbook.yml": """
            - hosts: all
              roles: [geerlingguy.docker]
            """,
    },
    also_bad=(
        {
            "ops/requirements.yml": "collections:\n  - community.general\n",
            "ops/a.yml": "- hosts: all\n  tasks: []\n",
        },
        {"roles/requirements.yml": "- src: geerlingguy.ntp\n", "a.yml": "- hosts: all\n  roles: []\n"},
        {
            "requirements.yml": "roles:\n  - {src: 'https://github.com/x/y.git', scm: git, version: main}\n",
            "a.yml": "- hosts: all\n  roles: []\n",
        },
        {"requirements.yml": "collections:\n  - {name: a.b, version: '*'}\n", "a.yml": "- hosts: all\n  roles: []\n"},
    ),
    also_good=(
        {
            "requirements.yml": "roles:\n  - {src: 'https://x.example/y.git', version: v1}\n  - geerlingguy.ntp,2.3.1\n"
            "collections:\n  - {name: a.b, version: '>=1.0,<2.0'}\n  - a.c:1.2.3\n",
            "a.yml": "- hosts: all\n  roles: []\n",
        },
        {"requirements.txt": "ansible-core\n", "a.yml": "- hosts: all\n  roles: []\n"},
        {"requirements.yml": "dependencies:\n  - name: redis\n", "a.yml": "- hosts: all\n  roles: []\n"},
        {"requirements.yml": "roles: []\ncollections:\n", "a.yml": "- hosts: all\n  roles: []\n"},
        {"examples/requirements.yml": "roles: [a.b]\n", "a.yml": "- hosts: all\n  roles: []\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for tree in subject.once(ansible_trees_of):
        for entry in tree.requirements:
            if not entry.is_pinned:
                at = f"version {entry.version}, which moves" if entry.version else "no version"
                message = f"the {entry.kind} {entry.name} has {at}"
                yield Finding(CODE, entry.place, message, "write the version that is installed", Severity.WARNING)


RULE = Rule(CODE, "unpinned-requirement", Stage.SECURITY, Principle.D2, PAGE, check, Severity.WARNING)
