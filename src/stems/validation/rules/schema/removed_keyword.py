"""A key or option that Ansible no longer has."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.ansible.repository.keywords import REMOVED
from stems.tools.ansible.repository.tree import AnsibleTree
from stems.validation.ansible_trees import ansible_trees_of, tasks_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM424"

_COMMANDS = frozenset({"command", "shell"})
_INSTEAD = {
    "sudo": "write `become: true`",
    "sudo_user": "write `become_user:`",
    "su": "write `become: true` and `become_method: su`",
    "su_user": "write `become_user:` and `become_method: su`",
    "always_run": "write `check_mode: false`",
    "static": "write `import_tasks` or `include_tasks`",
}

PAGE = Page(
    checks="""What current versions of Ansible (2.15 and later) refuse: `sudo`, `su`, `always_run` and `static` of plays
and tasks, and `warn` of `command` and `shell`. `include`, which 2.16 removed, is a warning.""",
    why="The playbook stops when Ansible is updated, or when a new laptop brings a newer one.",
    instead="Write what took its place: `become`, `check_mode`, `include_tasks` or `import_tasks`; leave `warn` out.",
    bad={
        "playbook.yml": """
            - hosts: all
              sudo: true
              tasks:
                - ansible.builtin.package: {name: tmux}
            """,
    },
    good={
        "playbook.yml": """
            - hosts: all
              become: true
              tasks:
                - ansible.builtin.package: {name: tmux}
            """,
    },
    also_bad=(
        {"roles/web/tasks/main.yml": "- apt: {name: nginx}\n  sudo: yes\n"},
        {"roles/web/tasks/main.yml": "- command: uptime\n  args: {warn: false}\n"},
        {"roles/web/tasks/main.yml": "- shell: curl -O https://x.example warn=no\n"},
        {"roles/web/tasks/main.yml": "- command: uptime\n  always_run: yes\n"},
        {"roles/web/tasks/main.yml": "- shell:\n    cmd: uptime\n    warn: no\n"},
    ),
    also_good=(
        {"roles/web/tasks/main.yml": "- include_tasks: a.yml\n", "roles/web/tasks/a.yml": "- ping:\n"},
        {"roles/web/tasks/main.yml": "- shell: echo warn=no > /dev/null\n"},
        {"roles/web/tasks/main.yml": "- package: {name: sudo}\n- user: {name: me, groups: sudo}\n"},
        {"roles/web/tasks/main.yml": "- local_action: command uptime\n  with_items: [1]\n"},
        {"archive/playbook.yml": "- hosts: all\n  sudo: yes\n  tasks: []\n"},
        {"roles/web/tasks/main.yml": "- uri: {url: 'https://x.example'}\n  vars: {sudo: true, warn: false}\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    yield from chain.from_iterable(map(_of_plays, subject.once(ansible_trees_of)))
    for _, task in tasks_of(subject):
        for key in sorted(REMOVED & task.keys.keys()):
            message = f"Ansible no longer knows `{key}`, and refuses the playbook"
            yield Finding(CODE, task.at_key(key), message, _INSTEAD[key])
        if task.module == "include":
            remedy = "write `include_tasks`, or `import_tasks` where tags must reach what it has"
            message = "Ansible 2.16 and later no longer know `include`"
            yield Finding(CODE, task.at_key(task.key), message, remedy, Severity.WARNING)
        if task.module in _COMMANDS and "warn" in task.arguments() and not _is_said(task.free_text()):
            message = "`warn` is no option of commands any more, so that the task fails"
            yield Finding(CODE, task.at_argument("warn"), message, "remove `warn`")


def _is_said(text: str) -> bool:
    """Whether it is part of what the command writes."""
    return any(mark in text for mark in ("'", '"', ">", "|", "echo"))


def _of_plays(tree: AnsibleTree) -> Iterator[Finding]:
    for play in tree.plays:
        for key in sorted(REMOVED & play.keys.keys()):
            message = f"Ansible no longer knows `{key}`, and refuses the playbook"
            yield Finding(CODE, play.at_key(key), message, _INSTEAD[key])


RULE = Rule(CODE, "removed-keyword", Stage.SCHEMA, Principle.P3, PAGE, check)
