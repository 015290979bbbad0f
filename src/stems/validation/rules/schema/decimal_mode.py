"""A mode that is not the one that it looks like."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.ansible_trees import tasks_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM443"

_NAMES = ("mode", "directory_mode")
_DIGITS = frozenset("01234567")

PAGE = Page(
    checks="`mode` without quotes and without a leading zero, such as `mode: 644`.",
    why="""YAML reads it as the decimal number 644, which is the mode 1204: the owner cannot read the file, and others
get what nobody meant them to have.""",
    instead='Put it in quotes: `mode: "0644"`.',
    bad={
        "playbook.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.file: {path: /srv/web, state: directory, mode: 755}
            """,
    },
    good={
        "playbook.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.file: {path: /srv/web, state: directory, mode: "0755"}
            """,
    },
    also_bad=(
        {"roles/web/tasks/main.yml": "- copy:\n    content: x\n    dest: /etc/a\n    mode: 644\n"},
        {"roles/web/tasks/main.yml": "- file:\n  args: {path: /srv, state: directory, mode: 1777}\n"},
        {"roles/web/tasks/main.yml": "- block:\n    - get_url: {url: 'https://x.example', dest: /a, mode: 755}\n"},
    ),
    also_good=(
        {"roles/web/tasks/main.yml": "- file: {path: /srv, state: directory, mode: 0755}\n"},
        {"roles/web/tasks/main.yml": "- file: {path: /srv, state: directory, mode: '755'}\n"},
        {"roles/web/tasks/main.yml": "- file: {path: /srv, state: directory, mode: 'u=rwx,go=rx'}\n"},
        {"roles/web/tasks/main.yml": "- file: path=/srv state=directory mode=755\n"},
        {"roles/web/tasks/main.yml": "- file: {path: /srv, mode: '{{ web_mode }}'}\n  vars: {mode: 755}\n"},
        {"roles/web/tasks/main.yml": "- copy: {content: x, dest: /a, mode: preserve}\n"},
        {"roles/web/tasks/main.yml": "- community.general.nmcli: {mode: 802}\n"},
    ),
)

_MODULES = frozenset({
    "file", "copy", "template", "get_url", "unarchive", "assemble", "lineinfile", "blockinfile", "replace",
    "apt_repository", "yum_repository", "deb822_repository", "fetch", "uri", "cron",
})  # fmt: skip


def check(subject: Subject) -> Iterator[Finding]:
    for _, task in tasks_of(subject):
        if task.module in _MODULES:
            arguments = task.arguments()
            for name in _NAMES:
                value = arguments.get(name)
                if type(value) is int and 100 <= value <= 7777 and set(str(value)) <= _DIGITS:
                    message = f"YAML reads `{name}: {value}` as a decimal number, which is the mode {value:04o}"
                    remedy = f'write "{value:04d}" in quotes'
                    yield Finding(CODE, task.at_argument(name), message, remedy, Severity.WARNING)


RULE = Rule(CODE, "decimal-mode", Stage.SCHEMA, Principle.P3, PAGE, check, Severity.WARNING)
