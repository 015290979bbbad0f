"""A module whose name is nearly that of one that every Ansible has."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.tools.ansible.repository.keywords import BUILTIN, MODULES
from stems.tools.ansible.repository.spelling import nearly
from stems.validation.ansible_trees import tasks_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM425"

# Of other collections, and one letter away from one of these.
_OTHERS = frozenset({"mount", "mounts", "bind", "archive", "groups", "apk", "rpm", "npm", "gem", "git_config", "zip"})
_SHORTEST = 4

PAGE = Page(
    checks="""Names of modules that are no module of `ansible.builtin`, and one letter away from one. Those of
collections, and those that the repository brings in `library/`, are others.""",
    why="""Ansible refuses the playbook, "couldn't resolve module/action", but for a module in a file that is included
late: then it stops half-way.""",
    instead="Write the module's name: `ansible-doc -l` lists them.",
    bad={
        "playbook.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.tempalte: {src: motd.j2, dest: /etc/motd, mode: "0644"}
            """,
        "templates/motd.j2": "Welcome\n",
    },
    good={
        "playbook.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.template: {src: motd.j2, dest: /etc/motd, mode: "0644"}
            """,
        "templates/motd.j2": "Welcome\n",
    },
    also_bad=(
        {"roles/web/tasks/main.yml": "- lineinfle: {path: /etc/a, line: b}\n"},
        {"roles/web/tasks/main.yml": "- ansible.builtin.sevice: {name: a, state: started}\n"},
        {"roles/web/handlers/main.yml": "- name: a\n  sytemd: {name: a, state: restarted}\n"},
        {"roles/web/tasks/main.yml": "- action: comand uptime\n"},
        {"roles/web/tasks/main.yml": "- ansible.builtin.include_task: a.yml\n"},
    ),
    also_good=(
        {"roles/web/tasks/main.yml": "- mount: {path: /a, src: b, fstype: c, state: d}\n- apk: {name: a}\n"},
        {"roles/web/tasks/main.yml": "- ansible.posix.mount: {path: /a}\n- community.general.npm: {path: /a}\n"},
        {"roles/web/tasks/main.yml": "- ansible.builtin.docker_container: {name: a}\n- ufw: {rule: allow}\n"},
        {"library/templte.py": "#\n", "roles/web/tasks/main.yml": "- templte: {src: a}\n"},
        {"roles/web/tasks/main.yml": "- yum: {name: a}\n- ansible.legacy.command: uptime\n- dnf5: {name: a}\n"},
        {"roles/web/tasks/main.yml": "- archive: {path: /a}\n- pip: {name: a}\n- hostname: {name: a}\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for tree, task in tasks_of(subject):
        name = task.module
        if not name or name in MODULES or "." in name or name in _OTHERS or len(name) < _SHORTEST:
            continue
        is_full = task.key.startswith(BUILTIN)
        meant = nearly(name, MODULES)
        if meant and (is_full or not any(path.endswith(f"library/{name}.py") for path in tree.content.paths)):
            message = f"there is no module `{name}`; did you mean `{meant}`?"
            yield Finding(CODE, task.at_key(task.key), message, f"write `ansible.builtin.{meant}`")


RULE = Rule(CODE, "misspelt-module", Stage.SCHEMA, Principle.P3, PAGE, check)
