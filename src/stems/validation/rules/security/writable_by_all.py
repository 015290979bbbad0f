"""A file that everybody on the node may write."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.ansible_trees import tasks_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM435"

_MODULES = frozenset({
    "file", "copy", "template", "get_url", "unarchive", "assemble", "lineinfile", "blockinfile", "replace",
    "apt_repository", "yum_repository",
})  # fmt: skip
_OCTAL = re.compile(r"0?[0-7]{3}|[0-7]{4}")
_SYMBOLS = re.compile(r"(?:^|,)[ugo]*(?:o|a)[ugoa]*[+=][rxXst]*w")
_STICKY = 1
_LONGEST = 64

PAGE = Page(
    checks="""`mode` of files and folders that lets everybody write, such as `0777`, `0666` and `a+w`. A folder with the
sticky bit, such as `1777`, is meant so.""",
    why="""Every account on the node, and whoever breaks into one service, can change what others run or read. It is
usually the quick way out of a question of owners.""",
    instead="Give it to the right `owner` and `group`, with `0755`, `0775` or `0640`.",
    bad={
        "playbook.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.file: {path: /srv/media, state: directory, mode: "0777"}
            """,
    },
    good={
        "playbook.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.file: {path: /srv/media, state: directory, owner: media, mode: "0775"}
            """,
    },
    also_bad=(
        {"roles/a/tasks/main.yml": "- copy: {content: x, dest: /etc/a, mode: 0666}\n"},
        {"roles/a/tasks/main.yml": "- file: path=/srv/a state=directory mode=777\n"},
        {
            "roles/a/tasks/main.yml": "- template: {src: a.j2, dest: /a, mode: 'u=rw,g=rw,o=rw'}\n",
            "roles/a/templates/a.j2": "x\n",
        },
        {"roles/a/tasks/main.yml": "- block:\n    - file: {path: /srv/a, mode: 'a+rwX'}\n"},
    ),
    also_good=(
        {"roles/a/tasks/main.yml": "- file: {path: /srv/tmp, state: directory, mode: '1777'}\n"},
        {"roles/a/tasks/main.yml": "- file: {path: /srv/a, state: directory, mode: '0775'}\n"},
        {"roles/a/tasks/main.yml": "- file: {path: /a, mode: 'u=rwX,g=rX,o=rX'}\n- file: {path: /a, mode: 'o-w'}\n"},
        {"roles/a/tasks/main.yml": "- file: {path: /srv/a, mode: '{{ m }}'}\n- file: {path: /a, mode: 'ug+w'}\n"},
        {"roles/a/tasks/main.yml": "- copy: {content: x, dest: /a, mode: preserve}\n- file: {mode: '2775'}\n"},
        {"roles/a/tasks/main.yml": "- file: {path: /a, state: link, src: /b, mode: '0777'}\n"},
        {"roles/a/tasks/main.yml": "- debug: {msg: 'mode: 0777'}\n# - file: {path: /a, mode: '0777'}\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for _, task in tasks_of(subject):
        arguments = task.arguments() if task.module in _MODULES else {}
        # A link has the mode 0777 always.
        if isinstance(arguments.get("mode"), str) and arguments.get("state") != "link" and _is_open(arguments["mode"]):
            message = f"the mode {arguments['mode']} lets everybody on the node write"
            remedy = "give it to the right owner and group, with 0755 or less"
            yield Finding(CODE, task.at_argument("mode"), message, remedy, Severity.WARNING)


def _is_open(mode: str) -> bool:
    if _OCTAL.fullmatch(mode):
        is_sticky = len(mode) > 3 and int(mode[-4]) & _STICKY
        return bool(int(mode[-1]) & 2) and not is_sticky
    return len(mode) <= _LONGEST and _SYMBOLS.search(mode) is not None


RULE = Rule(CODE, "writable-by-all", Stage.SECURITY, Principle.P4, PAGE, check, Severity.WARNING)
