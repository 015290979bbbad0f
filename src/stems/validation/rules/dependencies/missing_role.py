"""A role that is nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.model.suggestion import nearest
from stems.tools.ansible.repository.missing import absent_submodule, missing_roles
from stems.tools.ansible.repository.tree import AnsibleTree
from stems.validation.ansible_trees import ansible_trees_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM429"
_OF_THE_TOOL = "STM403"

PAGE = Page(
    checks="""Roles that plays, tasks and other roles name, and that are not in the repository. Those of galaxy and of
collections come from elsewhere; one in a submodule is a note, because its content is not in this repository. An error
where the playbook of `config/cluster.yml` needs it.""",
    why="""Ansible stops with "the role was not found" before the first task: the folder was renamed, or was never added
to Git.""",
    instead="Correct the name, add the folder, or name the role in `requirements.yml`.",
    bad={
        "playbook.yml": """
            - hosts: all
              roles:
                - comon
            """,
        "roles/common/tasks/main.yml": """
            - ansible.builtin.package: {name: tmux}
            """,
    },
    good={
        "playbook.yml": """
            - hosts: all
              roles:
                - common
            """,
        "roles/common/tasks/main.yml": """
            - ansible.builtin.package: {name: tmux}
            """,
    },
    also_bad=(
        {"site.yml": "- hosts: all\n  roles:\n    - {role: web, port: 80}\n", "roles/db/tasks/main.yml": "- ping:\n"},
        {
            "site.yml": "- hosts: all\n  roles: [web]\n",
            "roles/web/meta/main.yml": "dependencies:\n  - role: base\n",
            "roles/web/tasks/main.yml": "- ping:\n",
        },
        {
            "site.yml": "- hosts: all\n  tasks:\n    - include_role: {name: dokcer}\n",
            "roles/docker/tasks/main.yml": "- ping:\n",
        },
        {
            ".gitignore": "/roles/geerlingguy.*\n",
            "site.yml": "- hosts: all\n  roles: [geerlingguy.docker, web]\n",
            "roles/nas/tasks/main.yml": "- ping:\n",
        },
        {
            "ansible.cfg": "[defaults]\nroles_path = roles:galaxy\n",
            "site.yml": "- hosts: all\n  roles: [comon]\n",
            "roles/common/tasks/main.yml": "- ping:\n",
        },
        {
            "ansible.cfg": "[defaults]\nroles_path = roles\n",
            "playbooks/a.yml": "- hosts: all\n  roles: [nfs]\n",
            "roles/nas/tasks/main.yml": "- ping:\n",
        },
    ),
    also_good=(
        {
            "site.yml": "- hosts: all\n  roles: [geerlingguy.docker, ufw, me.home.web, docker]\n",
            "requirements.yml": "roles:\n  - geerlingguy.docker\n"
            "  - {src: 'https://x.example/ansible-ufw.git', name: ufw}\n"
            "  - src: https://x.example/docker.git\n",
        },
        {".envrc": "export ANSIBLE_ROLES_PATH=../roles\n", "site.yml": "- hosts: all\n  roles: [web]\n"},
        {"site.yml": "- hosts: all\n  roles: ['{{ item }}']\n", "roles/a/tasks/main.yml": "- ping:\n"},
        {"site.yml": "- hosts: all\n  collections: [me.home]\n  roles: [web]\n"},
        {
            "ansible.cfg": "[defaults]\nroles_path = ~/roles:./roles\n",
            "site.yml": "- hosts: all\n  roles: [web]\n",
        },
        {
            "ansible.cfg": "[defaults]\nroles_path = roles:roles/external\n",
            ".gitignore": "/roles/external/\n",
            "site.yml": "- hosts: all\n  roles: [web]\n",
        },
        {
            "ansible.cfg": "[defaults]\nroles_path = ops/roles:lib\n",
            "site.yml": "- hosts: all\n  roles: [web, nested/db, vpn]\n",
            "ops/roles/web/tasks/main.yml": "- ping:\n",
            "ops/roles/nested/db/tasks/main.yml": "- ping:\n",
            "lib/vpn/tasks/main.yml": "- ping:\n",
        },
        {
            "playbooks/site.yml": "- hosts: all\n  roles: [web]\n",
            "playbooks/roles/web/templates/a.j2": "x\n",
        },
        {
            "site.yml": "- hosts: all\n  roles: [shared]\n",
            "roles/shared": "not a folder: a link, or a submodule that is not checked out\n",
        },
        {
            "site.yml": "- hosts: all\n  roles: [web]\n",
            "archive/old.yml": "- hosts: all\n  roles: [gone]\n",
            "roles/web/files/a": "x\n",
        },
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    # The tool walks the playbook that a plan runs, and tells where a role of it is not to be seen.
    run = {finding.place for finding in subject.told.get(_OF_THE_TOOL, ())}
    for tree in subject.once(ansible_trees_of):
        named = ", and `requirements.yml` names none like it" if tree.requirements else ""
        for use in missing_roles(tree):
            meant = nearest(use.short, [role.name for role in tree.roles.values() if role.name])
            message = f"the role `{use.name}` is nowhere in the repository{named}"
            remedy = "add it, or name it in a requirements.yml"
            if meant:
                message, remedy = f"there is no role `{use.name}`; did you mean `{meant}`?", f"write `{meant}`"
            yield Finding(CODE, use.place, message, remedy, Severity.ERROR if use.place in run else Severity.WARNING)
        yield from _of_submodules(tree)


def _of_submodules(tree: AnsibleTree) -> Iterator[Finding]:
    for use in tree.foreign_uses:
        path = "" if use.is_dynamic else absent_submodule(tree, use)
        if path:
            message = f"the role `{use.name}` is in the submodule {path}: what it does is not judged"
            yield Finding(CODE, use.place, message, f"judge {path} in its own repository", Severity.NOTE)


RULE = Rule(CODE, "missing-role", Stage.DEPENDENCIES, Principle.P3, PAGE, check, Severity.WARNING)
