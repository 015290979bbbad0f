"""A template of a role that no task fills in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename

from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.tools.ansible.repository.roles import Role
from stems.tools.ansible.repository.tasks import Task
from stems.tools.ansible.repository.tree import AnsibleTree
from stems.validation.ansible_trees import ansible_trees_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM451"

PAGE = Page(
    checks="""Files in `templates/` of roles whose name stands nowhere in the playbooks, roles, variables and other
templates of the tree. Nothing is said of a role where a variable or a pattern says which templates there are.""",
    why="""It looks like what the node has, and is edited as such, and nothing happens: the task that took it is gone,
or takes a file of another name.""",
    instead="Name it in a task, or remove it: Git keeps it.",
    bad={
        "roles/web/tasks/main.yml": """
            - ansible.builtin.template: {src: nginx.conf.j2, dest: /etc/nginx/nginx.conf}
            """,
        "roles/web/templates/nginx.conf.j2": "worker_processes 2;\n",
        "roles/web/templates/site.conf.j2": "server {}\n",
    },
    good={
        "roles/web/tasks/main.yml": """
            - ansible.builtin.template: {src: nginx.conf.j2, dest: /etc/nginx/nginx.conf}
            - ansible.builtin.template: {src: site.conf.j2, dest: /etc/nginx/conf.d/site.conf}
            """,
        "roles/web/templates/nginx.conf.j2": "worker_processes 2;\n",
        "roles/web/templates/site.conf.j2": "server {}\n",
    },
    also_bad=(
        {
            "ansible/site.yml": "- hosts: all\n  roles: [dns]\n",
            "ansible/roles/dns/tasks/main.yml": "- template: src=a.conf.j2 dest=/etc/a.conf\n# - template: src=b.j2\n",
            "ansible/roles/dns/templates/a.conf.j2": "a\n",
            "ansible/roles/dns/templates/zones/b.j2": "a\n",
        },
        {
            "site.yml": """
                - hosts: all
                  roles: [dns, geerlingguy.ntp]
                  tasks:
                    - template: {src: "{{ item }}", dest: /etc/}
                      with_fileglob: templates/*.j2
                """,
            "roles/dns/tasks/main.yml": """
                - copy: {src: "{{ item }}", dest: /etc/}
                  loop: "{{ lookup('env', 'FILES') }}"
                """,
            "roles/dns/templates/a.j2": "a\n",
        },
    ),
    also_good=(
        {
            "roles/web/tasks/main.yml": "- template: {src: '{{ item }}.j2', dest: '/etc/{{ item }}'}\n  loop: [a, b]\n",
            "roles/web/templates/a.j2": "a\n",
        },
        {
            "roles/web/tasks/main.yml": """
                - template: {src: "{{ item }}", dest: /etc/web/}
                  with_fileglob: templates/*.j2
                """,
            "roles/web/templates/a.j2": "a\n",
        },
        {
            "roles/web/tasks/main.yml": "- template: {src: a.j2, dest: /etc/a}\n",
            "roles/web/templates/a.j2": "{% include 'head.j2' %}\n",
            "roles/web/templates/head.j2": "a\n",
        },
        {
            "roles/web/tasks/main.yml": "- template: {src: a.j2, dest: /etc/a}\n",
            "roles/web/templates/a.j2": "a\n",
            "roles/web/vars/main.yml": "web_files: [b.j2]\n",
            "roles/web/templates/b.j2": "a\n",
        },
        {
            "site.yml": "- hosts: all\n  tasks:\n    - template: {src: roles/web/templates/a.j2, dest: /etc/a}\n",
            "roles/web/templates/a.j2": "a\n",
            "roles/web/tasks/main.yml": "- ansible.builtin.ping:\n",
        },
        {"roles/web/templates/a.j2": "a\n", "roles/web/tasks/main.yml": "- copy: {content: '{{ lookup(x) }}'}\n"},
        {"roles/web/templates/.gitkeep": "", "roles/web/tasks/main.yml": "- ansible.builtin.ping:\n"},
    ),
)

_NAME = re.compile(r"[\w.+@-]+")
_PLACEHOLDERS = (".gitkeep", ".keep", ".gitignore")
_LOOKS_UP = re.compile(r"\b(?:lookup|query|q)\([^)]{0,80}(?:template|first_found|file|{{|\w\))")
_MARKS = ("{{", "{%", "*")


def check(subject: Subject) -> Iterator[Finding]:
    for tree in subject.once(ansible_trees_of):
        roles = {role.folder: role for role in tree.own_roles if role.name}
        open_roles = _open(tree)
        if None in open_roles:
            continue
        named: set[str] | None = None
        for folder, role in roles.items():
            templates = list(tree.content.under(role.part("templates"))) if folder not in open_roles else []
            if templates:
                named = _named(tree) if named is None else named
            for path in templates:
                name = basename(path)
                if named is not None and "." in name and name not in named and name not in _PLACEHOLDERS:
                    yield _finding(role, path)


def _finding(role: Role, path: str) -> Finding:
    message = f"no task names the template {basename(path)} of the role {role.name}"
    return Finding(CODE, Place(path, 1, 1), message, "name it in a task, or remove it", Severity.NOTE)


def _open(tree: AnsibleTree) -> set[str | None]:
    """The folders of roles whose tasks may take any template; None for tasks outside of roles."""
    found: set[str | None] = set()
    for task in tree.tasks:
        if not task.is_block and _is_open(task):
            found.add(task.role)
    return found | ({role.folder for role in tree.own_roles} if _is_dynamic(tree) else set())


def _is_dynamic(tree: AnsibleTree) -> bool:
    """Whether a variable says which role is used. Others take a template only by a name that is written."""
    return any(use.is_dynamic for use in tree.foreign_uses)


def _is_open(task: Task) -> bool:
    written = str(task.keys)
    if task.role is None and "roles/" not in written:
        # What a play takes lies beside the play.
        return False
    if task.module == "template" or "templates" in written:
        source = str(task.arguments().get("src") or task.free_text())
        if any(mark in source for mark in _MARKS) or any("glob" in key or "first_found" in key for key in task.keys):
            return True
    return _LOOKS_UP.search(written) is not None


def _named(tree: AnsibleTree) -> set[str]:
    """Every word of what may name one, comments left out."""
    found: set[str] = set()
    for path in tree.content.under(tree.root):
        if path.endswith((".yml", ".yaml")) or "/templates/" in f"/{path}":
            for line in tree.content.text(path).split("\n"):
                if not line.lstrip().startswith("#"):
                    found.update(word for word in _NAME.findall(line) if "." in word)
    return found


RULE = Rule(
    CODE, "unused-template", Stage.DEPENDENCIES, Principle.P3, PAGE, check, Severity.NOTE, needs_every_file=True
)
