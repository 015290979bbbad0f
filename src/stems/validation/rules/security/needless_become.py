"""Root where nothing needs it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.ansible.repository.plays import Play
from stems.tools.ansible.repository.tasks import Task
from stems.validation.ansible_trees import ansible_trees_of, tasks_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM446"

_YES = (True, "yes", "true", "True", "Yes")
_NO = (False, "no", "false", "False", "No")
_NO_NODE = frozenset({
    "debug", "set_fact", "assert", "fail", "pause", "include_vars", "set_stats", "add_host", "group_by", "meta",
})  # fmt: skip
"""Modules that do nothing on a node."""
_ASKS = frozenset({"ping", "wait_for_connection", "wait_for"})
_WRITERS = {"file": "path", "copy": "dest", "template": "dest", "git": "dest", "unarchive": "dest", "get_url": "dest"}
_HOME = re.compile(r"/home/[\w{}. -]+/|\{\{ *(?:ansible_env\.HOME|ansible_user_dir|ansible_facts\.user_dir) *\}\}/?")

PAGE = Page(
    checks="""`become: true` at tasks that do nothing on a node, such as `debug` and `set_fact`, or only ask, such as
`uri`; at tasks that write into a user's home without an `owner`; and at a play of which every task says `become:
false` or does nothing there.""",
    why="""What runs as root can do everything when it goes wrong, and a file of root's in somebody's home cannot be
changed by its owner. Root that is not needed hides where it is.""",
    instead="Remove `become`, or name the account: `become_user`, or `owner` of the file.",
    bad={
        "playbook.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.copy:
                    content: "set -g mouse on"
                    dest: /home/owner/.tmux.conf
                    mode: "0644"
                  become: true
            """,
    },
    good={
        "playbook.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.copy:
                    content: "set -g mouse on"
                    dest: /home/owner/.tmux.conf
                    mode: "0644"
            """,
    },
    also_bad=(
        {"roles/a/tasks/main.yml": "- debug: {msg: hello}\n  become: true\n"},
        {"a.yml": "- hosts: all\n  become: true\n  tasks:\n    - set_fact: {a: 1}\n    - debug: {msg: '{{ a }}'}\n"},
        {"a.yml": "- hosts: all\n  become: yes\n  tasks:\n    - package: {name: a}\n      become: false\n"},
        {"roles/a/tasks/main.yml": "- uri: {url: 'https://a.example/health'}\n  become: true\n"},
        {"roles/a/tasks/main.yml": "- file: path={{ ansible_env.HOME }}/.config state=directory\n  become: yes\n"},
    ),
    also_good=(
        {"a.yml": "- hosts: all\n  become: true\n  tasks:\n    - package: {name: a}\n    - debug: {msg: a}\n"},
        {"a.yml": "- hosts: all\n  become: true\n  roles: [x]\n", "roles/x/tasks/main.yml": "- debug: {msg: a}\n"},
        {"roles/a/tasks/main.yml": "- copy: {content: x, dest: /home/owner/.a, owner: me}\n  become: true\n"},
        {"roles/a/tasks/main.yml": "- copy: {content: x, dest: /home/owner/.a}\n  become: true\n  become_user: me\n"},
        {"roles/a/tasks/main.yml": "- lineinfile: {path: /home/owner/.bashrc, line: x}\n  become: true\n"},
        {"roles/a/tasks/main.yml": "- file: {path: /home/owner/.cache, state: absent}\n  become: true\n"},
        {"roles/a/tasks/main.yml": "- debug: {msg: x}\n  become: '{{ a }}'\n- package: {name: a}\n  become: true\n"},
        {"a.yml": "- hosts: all\n  become: true\n  tasks: []\n"},
        {"roles/a/tasks/main.yml": "- uri: {url: 'https://a.example/a', dest: /etc/a}\n  become: true\n"},
        {"a.yml": "- hosts: all\n  become: true\n  become_user: me\n  tasks:\n    - debug: {msg: a}\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for tree in subject.once(ansible_trees_of):
        for play in tree.plays:
            if play.keys.get("become") in _YES and "become_user" not in play.keys and _needs_none(play):
                message = "no task of this play acts as root"
                yield Finding(CODE, play.at_key("become"), message, "remove `become`", Severity.NOTE)
    for _, task in tasks_of(subject):
        reason = _reason(task)
        if reason:
            yield Finding(CODE, task.at_key("become"), reason, "remove `become`, or name the account", Severity.NOTE)


def _needs_none(play: Play) -> bool:
    tasks = [task for task in play.tasks() if not task.is_block]
    # Facts are those of root, and a role does what it does.
    is_seen = not play.keys.get("roles") and play.keys.get("gather_facts") is not True
    return is_seen and bool(tasks) and all(task.module in _NO_NODE or _is_left(task) for task in tasks)


def _is_left(task: Task) -> bool:
    return next((keys["become"] for keys in (task.keys, *reversed(task.above[1:])) if "become" in keys), None) in _NO


def _reason(task: Task) -> str:
    if task.keys.get("become") not in _YES or task.says("become_user") not in (None, "root"):
        return ""
    if task.module in _NO_NODE:
        return f"`{task.module}` does nothing on the node, so that root is not needed"
    if task.module in _ASKS or (task.module == "uri" and "dest" not in task.arguments()):
        return f"`{task.module}` only asks, so that root is not needed"
    argument = _WRITERS.get(task.module)
    arguments = task.arguments() if argument else {}
    path = arguments.get(argument or "")
    if not isinstance(path, str) or "owner" in arguments or arguments.get("state") in ("absent", "link"):
        return ""
    return f"what root writes to {path} cannot be changed by whose home it is" if _HOME.match(path) else ""


RULE = Rule(CODE, "needless-become", Stage.SECURITY, Principle.P4, PAGE, check, Severity.NOTE)
