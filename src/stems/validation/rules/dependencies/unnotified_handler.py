"""A handler that nothing notifies."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.ansible.repository.spelling import is_slip
from stems.tools.ansible.repository.tasks import Task, listed
from stems.tools.ansible.repository.tree import AnsibleTree
from stems.validation.ansible_trees import ansible_trees_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM450"

PAGE = Page(
    checks="""Handlers of plays and roles whose name no `notify` has, nor what they `listen` to. Where a variable says
what is notified nothing is said, nor of a play's own handlers where a role comes from elsewhere.""",
    why="""The `notify` was lost, or never written: the configuration changes, and the service goes on with the old one
until somebody restarts it.""",
    instead="Notify it from the task that changes what it is about, or remove it.",
    bad={
        "playbook.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.lineinfile: {path: /etc/ssh/sshd_config, line: PermitRootLogin no}
              handlers:
                - name: Restart sshd
                  ansible.builtin.service: {name: ssh, state: restarted}
            """,
    },
    good={
        "playbook.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.lineinfile: {path: /etc/ssh/sshd_config, line: PermitRootLogin no}
                  notify: Restart sshd
              handlers:
                - name: Restart sshd
                  ansible.builtin.service: {name: ssh, state: restarted}
            """,
    },
    also_bad=(
        {
            "site.yml": "- hosts: all\n  roles: [web]\n",
            "roles/web/tasks/main.yml": "- package: {name: nginx}\n  notify: [reload nginx]\n",
            "roles/web/handlers/main.yml": """
                - name: reload nginx
                  service: {name: nginx, state: reloaded}
                - name: restart nginx
                  service: {name: nginx, state: restarted}
                """,
        },
        {
            "site.yml": "- hosts: all\n  roles: [web, geerlingguy.docker]\n",
            "roles/web/handlers/main.yml": "- name: restart nginx\n  service: {name: nginx, state: restarted}\n",
        },
    ),
    also_good=(
        {
            "site.yml": "- hosts: all\n  roles: [web]\n",
            "roles/web/tasks/main.yml": "- package: {name: nginx}\n  notify: [web changed, 'web : reload nginx']\n",
            "roles/web/handlers/main.yml": """
                - name: restart nginx
                  listen: [web changed]
                  service: {name: nginx, state: restarted}
                - name: reload nginx
                  service: {name: nginx, state: reloaded}
                """,
        },
        {
            "site.yml": """
                - hosts: all
                  roles: [web, geerlingguy.docker]
                  handlers:
                    - name: restart nginx
                      service: {name: nginx, state: restarted}
                """,
        },
        {
            "site.yml": "- hosts: all\n  roles: [web, '{{ more }}']\n",
            "roles/web/handlers/main.yml": "- name: restart nginx\n  service: {name: nginx, state: restarted}\n",
        },
        {
            "site.yml": "- hosts: all\n  tasks:\n    - package: {name: a}\n      notify: 'restart {{ item }}'\n"
            "  handlers:\n    - name: restart a\n      service: {name: a, state: restarted}\n",
        },
        # The trouble is where it is notified.
        {
            "site.yml": """
                - hosts: all
                  tasks:
                    - package: {name: a}
                      notify: [Restart A, relaod a]
                  handlers:
                    - name: restart a
                      service: {name: a, state: restarted}
                    - name: reload a
                      service: {name: a, state: reloaded}
                """,
        },
        # One handler notifies the other, and a block tells all of its tasks.
        {
            "site.yml": """
                - hosts: all
                  tasks:
                    - block:
                        - package: {name: a}
                      notify: check a
                  handlers:
                    - name: check a
                      command: a -t
                      notify: restart a
                    - name: restart a
                      service: {name: a, state: restarted}
                """,
        },
        # A role for others, which no playbook here uses.
        {"roles/web/handlers/main.yml": "- name: restart nginx\n  service: {name: nginx, state: restarted}\n"},
    ),
)

_INCLUDES = frozenset({"include_tasks", "import_tasks", "include", "include_role", "import_role", "meta"})


def check(subject: Subject) -> Iterator[Finding]:
    for tree in subject.once(ansible_trees_of):
        handlers = [task for task in tree.tasks if task.is_handler and _counts(task)] if tree.plays else []
        if tree.foreign_uses:
            # A role from elsewhere may notify those of a play, and knows none of a role of this repository.
            is_open = any(use.is_dynamic for use in tree.foreign_uses)
            handlers = [] if is_open else [task for task in handlers if task.role is not None]
        notified = _notified(tree) if handlers else None
        for task in handlers if notified is not None else ():
            if notified is not None and not _is_notified(_names(task), notified):
                message = f"nothing notifies the handler `{task.name}`"
                yield Finding(CODE, task.place, message, "notify it, or remove it", Severity.NOTE)


def _is_notified(names: list[str], notified: set[str]) -> bool:
    """Whether something means it: what is only misspelt is told where it is notified."""
    if not notified.isdisjoint(names):
        return True
    return any(name.lower() == each.lower() or is_slip(name, each) for name in names for each in notified)


def _counts(task: Task) -> bool:
    """Whether it has a name that is known, and does something itself."""
    return bool(task.keys.get("name")) and "{{" not in task.name and not task.is_block and task.module not in _INCLUDES


def _names(task: Task) -> list[str]:
    return [str(name) for name in (task.keys.get("name"), *listed(task.keys.get("listen"))) if name]


def _notified(tree: AnsibleTree) -> set[str] | None:
    """What is notified; None where a variable says some of it."""
    found: set[str] = set()
    tasks = (task.keys for task in tree.tasks)
    for keys in (*tasks, *(use.given for use in tree.uses), *(play.keys for play in tree.plays)):
        for name in listed(keys.get("notify")):
            if not isinstance(name, str) or "{" in name:
                return None
            found |= {name, name.rpartition(" : ")[2]}
    return found


RULE = Rule(
    CODE, "unnotified-handler", Stage.DEPENDENCIES, Principle.P3, PAGE, check, Severity.NOTE, needs_every_file=True
)
