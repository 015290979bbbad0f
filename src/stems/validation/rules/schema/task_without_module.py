"""A task that names no module."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.tools.ansible.repository.keywords import REMOVED
from stems.tools.ansible.repository.tasks import Task
from stems.validation.ansible_trees import tasks_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM422"

PAGE = Page(
    checks="Tasks and handlers of playbooks and roles: each must name a module, or be a block.",
    why="""Ansible refuses the whole playbook, "no module/action detected in task": usually the module is indented one
step too far, or was commented out and its `name:` was left.""",
    instead="Write the module, or remove what is left of the task.",
    bad={
        "playbook.yml": """
            - hosts: all
              tasks:
                - name: Install tmux
                  become: true
                - name: Say hello
                  ansible.builtin.debug: {msg: hello}
            """,
    },
    good={
        "playbook.yml": """
            - hosts: all
              tasks:
                - name: Install tmux
                  become: true
                  ansible.builtin.package: {name: tmux}
                - name: Say hello
                  ansible.builtin.debug: {msg: hello}
            """,
    },
    also_bad=(
        {"roles/web/tasks/main.yml": "- name: a\n  vars:\n    apt: {name: nginx}\n- ping:\n"},
        {"roles/web/handlers/main.yml": "- name: restart web\n  # service: {name: web, state: restarted}\n- ping:\n"},
        {"roles/web/tasks/main.yml": "- block:\n    - name: a\n      when: b\n  rescue:\n    - debug:\n"},
        {"site.yml": "- hosts: all\n  pre_tasks:\n    - name: a\n      tags: [x]\n    - ping:\n"},
        {
            "site.yml": "- hosts: all\n  tasks:\n    - include_tasks: tasks/a.yml\n",
            "tasks/a.yml": "- name: a\n- ping:\n",
        },
    ),
    also_good=(
        {"roles/web/tasks/main.yml": "- meta: flush_handlers\n- action: ping\n- local_action: ping\n"},
        {"roles/web/tasks/main.yml": "- name: a\n  block:\n    - ping:\n  always:\n    - debug:\n"},
        {"roles/web/tasks/main.yml": "- name: a\n  community.docker.docker_container:\n    name: web\n"},
        {"roles/web/tasks/main.yml": "---\n# nothing yet\n"},
        {"config/tasks/jobs.yml": "- name: backup\n- name: prune\n", "site.yml": "- hosts: all\n  tasks: []\n"},
        {"roles/web/tasks/main.yml": "- name: a\n  with_items: [b]\n  my_own_module: {x: '{{ item }}'}\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    # A list of other things in a folder that is called tasks has no module anywhere.
    known = {task.file for _, task in tasks_of(subject) if task.module}
    for _, task in tasks_of(subject):
        if not task.module and not task.is_block and task.file in known and not REMOVED & task.keys.keys():
            message = f"the task {_shown(task)} names no module, so that Ansible refuses the playbook"
            yield Finding(CODE, task.place, message, "write the module, or remove the task")


def _shown(task: Task) -> str:
    name = task.keys.get("name")
    return f"`{name}`" if isinstance(name, str) and len(name) < 80 else "here"


RULE = Rule(CODE, "task-without-module", Stage.SCHEMA, Principle.P2, PAGE, check)
