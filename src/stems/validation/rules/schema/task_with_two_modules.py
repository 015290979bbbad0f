"""A task with two modules, one of which is often a misspelt keyword."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.model.suggestion import nearest
from stems.tools.ansible.repository.keywords import REMOVED, TASK, is_keyword
from stems.tools.ansible.repository.tasks import Task
from stems.validation.ansible_trees import tasks_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM423"

PAGE = Page(
    checks="""Keys of tasks and handlers that Ansible does not know as keywords: only one of them can be the module. The
others are modules of a task whose `- ` was lost, options that are indented too little, or misspelt keywords.""",
    why="""Ansible refuses the whole playbook, "conflicting action statements", and does not say which of the two was
meant.""",
    instead="Write each module as a task of its own, options below their module, and keywords as Ansible spells them.",
    bad={
        "playbook.yml": """
            - hosts: all
              tasks:
                - name: Restart on a change only
                  ansible.builtin.service: {name: ssh, state: restarted}
                  wehn: ssh_changed
            """,
    },
    good={
        "playbook.yml": """
            - hosts: all
              tasks:
                - name: Restart on a change only
                  ansible.builtin.service: {name: ssh, state: restarted}
                  when: ssh_changed is defined
            """,
    },
    also_bad=(
        {"roles/web/tasks/main.yml": "- name: a\n  apt: {name: nginx}\n  service: {name: nginx, state: started}\n"},
        {"roles/web/tasks/main.yml": "- template:\n    src: a.j2\n  dest: /etc/a\n"},
        {"roles/web/tasks/main.yml": "- include_role: {name: db}\n  tasks_from: backup.yml\n"},
        {"roles/web/handlers/main.yml": "- name: reload\n  systemd: {name: web, state: reloaded}\n  listens: web\n"},
        {"roles/web/tasks/main.yml": "- block:\n    - command: make\n      creats: /x\n"},
        {"site.yml": "- hosts: all\n  tasks:\n    - apt: {name: tmux}\n      becom: true\n"},
    ),
    also_good=(
        {"roles/web/tasks/main.yml": "- action: command\n  args: {cmd: 'true'}\n  changed_when: false\n"},
        {"roles/web/tasks/main.yml": "- command: 'true'\n  args: {chdir: /}\n  with_items: [a]\n  register: r\n"},
        {
            "roles/web/tasks/main.yml": """
                - community.general.ufw: {rule: allow}
                  loop: [1]
                  loop_control: {label: x}
                  until: r is succeeded
                  retries: 3
                  delay: 1
                  throttle: 1
                  no_log: true
                  run_once: true
                  delegate_to: localhost
                  delegate_facts: true
                  become_flags: -H
                  check_mode: false
                  diff: false
                  register: r
                  notify: x
                  listen: y
                """,
        },
        {
            "tasks/jobs.yml": "- name: backup\n  schedule: daily\n  command: restic backup\n",
            "site.yml": "- hosts: all\n  tasks: []\n",
        },
        {"roles/web/tasks/main.yml": "- name: a\n  block: []\n  when: x\n  vars: {y: 1}\n"},
        {"roles/web/tasks/main.yml": "- command: 'true'\n  sudo: yes\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for _, task in tasks_of(subject):
        others = [key for key in task.keys if not is_keyword(key) and key not in REMOVED]
        named = {"action", "local_action"} & task.keys.keys()
        if len(others) > 1 or (others and (task.is_block or named)):
            yield _finding(task, others)


def _finding(task: Task, others: list[str]) -> Finding:
    last = next((key for key in others if nearest(key, TASK) and key != task.key), others[-1])
    meant = nearest(last, TASK) if "." not in last else ""
    both = " and ".join(f"`{key}`" for key in dict.fromkeys((*others, *(["block"] if task.is_block else []))))
    message = f"a task is one module, and this has {both}, so that Ansible refuses the playbook"
    remedy = f"write `{meant}`" if meant else "make it two tasks, or indent what is an option"
    return Finding(CODE, task.at_key(last), message, remedy)


RULE = Rule(CODE, "task-with-two-modules", Stage.SCHEMA, Principle.P2, PAGE, check)
