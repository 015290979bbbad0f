"""A file of tasks that nothing includes."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename, splitext

from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.tools.ansible.repository.tasks import Task
from stems.tools.ansible.repository.tree import AnsibleTree
from stems.validation.ansible_trees import ansible_trees_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM441"

_INCLUDES = frozenset({"include_tasks", "import_tasks", "include", "include_role", "import_role", "include_vars"})

PAGE = Page(
    checks="""Files in `tasks/` and `handlers/` of roles, other than `main.yml`, that no task includes. Where an include
of the role has a variable in its name, nothing is said.""",
    why="""The tasks look as if they ran. It is often the `include_tasks` in `main.yml` that is missing.""",
    instead="Include it, or remove it: Git keeps it.",
    bad={
        "playbook.yml": """
            - hosts: all
              roles: [web]
            """,
        "roles/web/tasks/main.yml": """
            - ansible.builtin.import_tasks: install.yml
            """,
        "roles/web/tasks/install.yml": """
            - ansible.builtin.package: {name: nginx}
            """,
        "roles/web/tasks/firewall.yml": """
            - community.general.ufw: {rule: allow, port: "80"}
            """,
    },
    good={
        "playbook.yml": """
            - hosts: all
              roles: [web]
            """,
        "roles/web/tasks/main.yml": """
            - ansible.builtin.import_tasks: install.yml
            - ansible.builtin.import_tasks: firewall.yml
            """,
        "roles/web/tasks/install.yml": """
            - ansible.builtin.package: {name: nginx}
            """,
        "roles/web/tasks/firewall.yml": """
            - community.general.ufw: {rule: allow, port: "80"}
            """,
    },
    also_bad=(
        {"roles/web/tasks/main.yml": "- ping:\n# - import_tasks: a.yml\n", "roles/web/tasks/a.yml": "- ping:\n"},
        {"roles/web/handlers/main.yml": "- ping:\n", "roles/web/handlers/old.yml": "- ping:\n"},
    ),
    also_good=(
        {
            "roles/web/tasks/main.yml": "- include_tasks: '{{ ansible_os_family }}.yml'\n",
            "roles/web/tasks/Debian.yml": "- ping:\n",
        },
        {
            "site.yml": "- hosts: all\n  tasks:\n    - include_role: {name: web, tasks_from: backup}\n",
            "roles/web/tasks/main.yml": "- ping:\n",
            "roles/web/tasks/backup.yml": "- ping:\n",
        },
        {
            "roles/web/tasks/main.yml": "- include_tasks: '{{ item }}'\n  with_first_found: [a.yml, b.yml]\n",
            "roles/web/tasks/b.yml": "- ping:\n",
        },
        {
            "roles/web/tasks/main.yml": "- block:\n    - include_tasks: {file: sub/a.yml}\n",
            "roles/web/tasks/sub/a.yml": "- ping:\n",
        },
        {
            "site.yml": "- hosts: all\n  tasks:\n    - import_tasks: roles/web/tasks/only.yml\n",
            "roles/web/tasks/main.yml": "- ping:\n",
            "roles/web/tasks/only.yml": "- ping:\n",
        },
        {
            "site.yml": "- hosts: all\n  roles: [web]\n",
            "roles/web/tasks/main.yml": "- ping:\n",
            "roles/web/vars/a.yml": "x: 1\n",
            "roles/web/molecule/default/tasks/x.yml": "- ping:\n",
        },
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for tree in subject.once(ansible_trees_of):
        named, open_roles = _named(tree)
        for path in tree.task_files:
            role = tree.role_of(path)
            if role is None or role in open_roles | tree.foreign_folders or not _is_part(path, role):
                continue
            stem = splitext(basename(path))[0]
            if stem != "main" and stem not in named:
                message = f"nothing includes {basename(path)}, so that its tasks never run"
                yield Finding(CODE, Place(path, 1, 1), message, "include it, or remove it", Severity.NOTE)


def _is_part(path: str, role: str) -> bool:
    return path[len(role) :].lstrip("/").startswith(("tasks/", "handlers/"))


def _named(tree: AnsibleTree) -> tuple[set[str], set[str]]:
    """The names without endings that includes say, and roles of which a variable says some."""
    named, is_open = set[str](), set[str]()
    for task in tree.tasks:
        if task.module in _INCLUDES:
            names = [splitext(basename(name))[0] for name in _names(task)]
            named.update(names)
            if any("{{" in name for name in _names(task)):
                is_open |= {role.folder for role in tree.roles.values()} if task.role is None else {task.role}
    for use in tree.uses:
        named.update(splitext(basename(str(value)))[0] for key, value in use.given.items() if key.endswith("_from"))
    if any(use.is_dynamic for use in tree.uses):
        is_open |= {role.folder for role in tree.roles.values()}
    return named, is_open


def _names(task: Task) -> list[str]:
    arguments = task.arguments()
    given = [str(value) for key, value in arguments.items() if key.endswith("_from") or key == "file"]
    return [*given, task.free_text().partition(" ")[0] if "{{" not in task.free_text() else task.free_text()]


RULE = Rule(
    CODE, "unused-task-file", Stage.DEPENDENCIES, Principle.P3, PAGE, check, Severity.NOTE, needs_every_file=True
)
