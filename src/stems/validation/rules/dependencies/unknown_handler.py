"""A handler that is notified and that nobody has."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.tools.ansible.repository.spelling import nearly
from stems.tools.ansible.repository.tasks import Task, listed
from stems.tools.ansible.repository.tree import AnsibleTree
from stems.validation.ansible_trees import ansible_trees_of
from stems.validation.page import Page
from stems.validation.play_handlers import INCLUDES, Handlers, PlayRun, foreign_handlers, play_runs
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM438"

PAGE = Page(
    checks="""`notify` of tasks, compared with the names and `listen` of the handlers that the play has: its own, and
those of the roles that it uses. Where one of these comes from elsewhere, only a name that is nearly one of them is
found. Tasks that no play leads to are compared with all handlers of the playbooks and roles.""",
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
        # The handler is there, and not in this play.
        {
            "site.yml": """
                - hosts: gate
                  roles: [docker, web]
                - hosts: store
                  roles: [web]
                """,
            "roles/web/tasks/main.yml": "- package: {name: a}\n  notify: restart docker\n",
            "roles/docker/handlers/main.yml": "- name: restart docker\n  service: {name: docker, state: restarted}\n",
        },
        {
            "site.yml": """
                - hosts: gate
                  tasks:
                    - package: {name: a}
                      notify: restart a
                - hosts: store
                  tasks: []
                  handlers:
                    - name: restart a
                      service: {name: a, state: restarted}
                """,
        },
        {
            "site.yml": "- hosts: gate\n  roles: [web]\n- hosts: store\n  roles: [geerlingguy.docker]\n",
            "roles/web/tasks/main.yml": "- import_tasks: more.yml\n",
            "roles/web/tasks/more.yml": "- package: {name: a}\n  notify: restart web\n",
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
            "site.yml": "- hosts: all\n  tasks:\n    - include_tasks: '{{ os }}.yml'\n"
            "    - package: {name: a}\n      notify: restart docker\n",
            "debian.yml": "- include_role: {name: docker}\n",
            "roles/docker/handlers/main.yml": "- name: restart docker\n  service: {name: docker, state: restarted}\n",
        },
        # What a role needs, and what tasks bring into the play.
        {
            "site.yml": """
                - hosts: gate
                  roles: [web]
                - hosts: store
                  pre_tasks:
                    - include_role: {name: docker}
                  tasks:
                    - import_role: {name: db, tasks_from: setup}
                """,
            "roles/web/tasks/main.yml": "- package: {name: a}\n  notify: docker changed\n",
            "roles/web/meta/main.yml": "dependencies: [{role: docker}]\n",
            "roles/db/tasks/setup.yml": "- package: {name: a}\n  notify: docker changed\n",
            "roles/docker/handlers/main.yml": "- import_tasks: restart.yml\n",
            "roles/docker/handlers/restart.yml": """
                - name: restart docker
                  listen: docker changed
                  service: {name: docker, state: restarted}
                """,
        },
        {
            "site.yml": "- hosts: all\n  handlers:\n    - include_tasks: '{{ x }}.yml'\n"
            "  tasks:\n    - ping:\n      notify: a\n",
        },
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for tree in subject.once(ansible_trees_of):
        if any("notify" in task.keys for task in tree.tasks):
            yield from _of(tree)


def _of(tree: AnsibleTree) -> Iterator[Finding]:
    """What a play leads to is compared with its own handlers, and what none leads to with all that there are."""
    everywhere = _everywhere(tree)
    judged: set[Place] = set()
    found: set[Place] = set()
    for run in play_runs(tree):
        for finding in (each for task in run.tasks for each in _compared(task, run, everywhere)):
            if finding.place not in found:
                found.add(finding.place)
                yield finding
        judged.update(task.place for task in run.tasks)
    for task in tree.tasks:
        if task.place not in judged:
            yield from _compared(task, None, everywhere)


def _compared(task: Task, run: PlayRun | None, everywhere: Handlers) -> Iterator[Finding]:
    handlers = run.handlers if run else everywhere
    for index, name in enumerate(listed(task.keys.get("notify"))):
        if isinstance(name, str) and "{" not in name and not handlers.answers(name):
            is_elsewhere = everywhere.answers(name)
            if is_elsewhere and run and run.may_use_more:
                continue
            meant = "" if is_elsewhere else _meant(name, handlers) or _meant(name, everywhere)
            if handlers.is_complete or meant:
                place = task.document.place(*task.at, "notify", index)
                message, remedy = _said(name, meant, run if is_elsewhere else None)
                yield Finding(CODE, place, message, remedy, Severity.WARNING)


def _meant(name: str, handlers: Handlers) -> str:
    by_lower = {each.lower(): each for each in handlers.names}
    return by_lower.get(name.lower(), "") or nearly(name, handlers.names)


def _said(name: str, meant: str, run: PlayRun | None) -> tuple[str, str]:
    ending = "so that the task fails once it changes something"
    if run is not None:
        message = f"the play at {run.play.place} has no handler `{name}`, {ending}: another play or role has it"
        return message, "add that role to the play, or the handler to this role"
    if meant:
        return f"no handler is called `{name}`, {ending}; did you mean `{meant}`?", f"write `{meant}`"
    return f"no handler is called `{name}`, {ending}", "add the handler, or correct the name"


def _everywhere(tree: AnsibleTree) -> Handlers:
    """All of a tree; tasks that handlers may include count too."""
    found = Handlers(is_complete=not tree.foreign_uses)
    included = any(task.is_handler and task.module in INCLUDES for task in tree.tasks)
    for task in tree.tasks:
        if task.is_handler or (included and task.role is None):
            found.add(task.keys)
        if task.is_handler and task.module in INCLUDES and "{{" in task.free_text():
            found.is_complete = False
    for keys in foreign_handlers(tree):
        found.add(keys)
    return found


RULE = Rule(
    CODE, "unknown-handler", Stage.DEPENDENCIES, Principle.P3, PAGE, check, Severity.WARNING, needs_every_file=True
)
