"""A handler that is notified and that nobody has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.ansible.repository.spelling import nearly
from stems.tools.ansible.repository.tasks import Task, listed
from stems.tools.ansible.repository.tree import AnsibleTree
from stems.validation.ansible_trees import ansible_trees_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM438"

_INCLUDES = ("include_tasks", "import_tasks")

PAGE = Page(
    checks="""`notify` of tasks, compared with the names and `listen` of every handler of the playbooks and roles.
Where a role comes from elsewhere, only a name that is nearly one of them is found.""",
    why="""Ansible stops when the task has changed something, "the requested handler was not found": on the day of the
change, never on the day it was written. Upper and lower case count.""",
    instead="Write the handler's name as it is, or add the handler.",
    bad={
        "playbook.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.package: {name: nginx}
                  notify: restart nginx
              handlers:
                - name: Restart nginx
                  ansible.builtin.service: {name: nginx, state: restarted}
            """,
    },
    good={
        "playbook.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.package: {name: nginx}
                  notify: Restart nginx
              handlers:
                - name: Restart nginx
                  ansible.builtin.service: {name: nginx, state: restarted}
            """,
    },
    also_bad=(
        {
            "roles/web/tasks/main.yml": "- package: {name: a}\n  notify:\n    - reload web\n    - restart web\n",
            "roles/web/handlers/main.yml": "- name: restart web\n  service: {name: a, state: restarted}\n",
        },
        {"roles/web/tasks/main.yml": "- package: {name: a}\n  notify: restart web\n"},
        {
            "site.yml": "- hosts: all\n  roles: [geerlingguy.docker, web]\n",
            "roles/web/tasks/main.yml": "- package: {name: a}\n  notify: restart wbe\n",
            "roles/web/handlers/main.yml": "- name: restart web\n  service: {name: a, state: restarted}\n",
        },
        {
            "roles/web/tasks/main.yml": "- block:\n    - package: {name: a}\n  notify: [reload]\n",
            "roles/web/handlers/main.yml": "- name: a\n  listen: [reloading]\n  meta: noop\n",
        },
    ),
    also_good=(
        {
            "roles/web/tasks/main.yml": """
                - package: {name: a}
                  notify: [web changed, "web : restart web", "restart {{ name }}"]
                """,
            "roles/web/handlers/main.yml": """
                - name: restart web
                  listen: web changed
                  service: {name: a, state: restarted}
                """,
        },
        {
            "roles/web/tasks/main.yml": "- package: {name: a}\n  notify: restart web\n",
            "roles/web/handlers/main.yml": "- name: restart {{ web_service }}\n  meta: noop\n",
        },
        {
            "site.yml": "- hosts: all\n  roles: [geerlingguy.docker]\n  tasks:\n    - package: {name: a}\n"
            "      notify: restart docker\n",
        },
        {
            "site.yml": "- hosts: all\n  handlers:\n    - import_tasks: handlers/all.yml\n"
            "  tasks:\n    - package: {name: a}\n      notify: go\n",
            "handlers/all.yml": "- name: go\n  meta: noop\n",
        },
        {
            "roles/web/tasks/main.yml": "- package: {name: a}\n  notify: restart db\n",
            "roles/db/handlers/main.yml": "- block:\n    - name: restart db\n      meta: noop\n",
        },
        {
            "site.yml": "- hosts: all\n  handlers:\n    - include_tasks: '{{ x }}.yml'\n"
            "  tasks:\n    - ping:\n      notify: a\n",
        },
    ),
)


@dataclass(frozen=True, slots=True)
class Handlers:
    """The names that handlers of an Ansible tree answer to, and shapes of those with a variable in them."""

    names: frozenset[str]
    shapes: tuple[str, ...]
    is_complete: bool

    def answers(self, name: str) -> bool:
        name = name.rpartition(" : ")[2]
        # What stands before a variable is enough: shapes of others may take for ever.
        return name in self.names or any(name.startswith(shape) for shape in self.shapes)


def check(subject: Subject) -> Iterator[Finding]:
    for tree in subject.once(ansible_trees_of):
        handlers: Handlers | None = None
        for task in tree.tasks:
            for index, name in enumerate(listed(task.keys.get("notify"))):
                handlers = handlers or _handlers(tree)
                if isinstance(name, str) and "{" not in name and not handlers.answers(name):
                    yield from _of(task, name, index, handlers)


def _of(task: Task, name: str, index: int, handlers: Handlers) -> Iterator[Finding]:
    by_lower = {each.lower(): each for each in handlers.names}
    meant = by_lower.get(name.lower(), "") or nearly(name, handlers.names)
    if meant or handlers.is_complete:
        message = f"no handler is called `{name}`, so that the task fails once it changes something"
        place = task.document.place(*task.at, "notify", index)
        remedy = f"write `{meant}`" if meant else "add the handler, or correct the name"
        yield Finding(
            CODE, place, f"{message}; did you mean `{meant}`?" if meant else message, remedy, Severity.WARNING
        )


def _handlers(tree: AnsibleTree) -> Handlers:
    names: set[str] = set()
    shapes: set[str] = set()
    is_complete = not tree.foreign_uses
    for keys, is_handler in _candidates(tree):
        for name in (keys.get("name"), *listed(keys.get("listen"))):
            if isinstance(name, str) and "{{" in name:
                shapes.add(re.split(r"\{\{", name)[0])
            elif isinstance(name, str):
                names.add(name)
        included = next(
            (str(value) for key, value in keys.items() if key.endswith(("include_tasks", "import_tasks"))), ""
        )
        is_complete = is_complete and not (is_handler and "{{" in included)
    return Handlers(frozenset(names), tuple(shapes), is_complete)


def _candidates(tree: AnsibleTree) -> Iterator[tuple[dict[str, object], bool]]:
    """Handlers; those of other people's roles, and tasks that handlers may include, count too."""
    included = any(task.is_handler and "tasks" in task.module for task in tree.tasks)
    for task in tree.tasks:
        if task.is_handler or (included and task.role is None):
            yield dict(task.keys), task.is_handler
    for folder in tree.foreign_folders:
        for path in tree.content.under(f"{folder}/handlers"):
            document = tree.content.document(path) if path.endswith((".yml", ".yaml")) else None
            for item in listed(document.value if document else None):
                if isinstance(item, dict):
                    yield item, True


RULE = Rule(CODE, "unknown-handler", Stage.DEPENDENCIES, Principle.P3, PAGE, check, Severity.WARNING)
