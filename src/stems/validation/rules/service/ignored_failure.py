"""A failure of a command that nobody looks at."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.ansible_trees import tasks_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM444"

_COMMANDS = frozenset({"command", "shell", "raw", "script"})
_YES = (True, "yes", "true", "True", "Yes")

PAGE = Page(
    checks="""`ignore_errors: true` at a command whose result is not registered, so that nothing after it can know
whether it worked.""",
    why="""The run is green whatever happened: a mistyped path, a full disk and the one error that was expected all look
the same.""",
    instead="""Say with `register` and `failed_when` which failure is fine, or check first, with `stat` or `creates`,
whether there is anything to do.""",
    bad={
        "playbook.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.command: swapoff -a
                  ignore_errors: true
            """,
    },
    good={
        "playbook.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.command: swapoff -a
                  register: swapoff
                  changed_when: true
                  failed_when: swapoff.rc not in [0, 4]
            """,
    },
    also_bad=(
        {"roles/web/tasks/main.yml": "- shell: systemctl stop old\n  ignore_errors: yes\n"},
        {"roles/web/tasks/main.yml": "- block:\n    - command: make\n      ignore_errors: true\n"},
    ),
    also_good=(
        {"roles/web/tasks/main.yml": "- shell: which docker\n  register: r\n  ignore_errors: true\n"},
        {"roles/web/tasks/main.yml": "- command: make\n  ignore_errors: '{{ ansible_check_mode }}'\n"},
        {"roles/web/tasks/main.yml": "- command: make\n  ignore_errors: false\n"},
        {"roles/web/tasks/main.yml": "- service: {name: old, state: stopped}\n  ignore_errors: true\n"},
        {"roles/web/tasks/main.yml": "- command: make\n  # ignore_errors: true\n"},
        {"roles/web/tasks/main.yml": "- command: make\n  ignore_errors: true\n  failed_when: false\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for _, task in tasks_of(subject):
        keys = task.keys
        if (
            task.module in _COMMANDS
            and keys.get("ignore_errors") in _YES
            and not {"register", "failed_when"} & keys.keys()
        ):
            message = "a failure of this command is ignored, whatever it is"
            remedy = "register the result, and say with `failed_when` which failure is fine"
            yield Finding(CODE, task.at_key("ignore_errors"), message, remedy, Severity.NOTE)


RULE = Rule(CODE, "ignored-failure", Stage.SERVICE, Principle.O1, PAGE, check, Severity.NOTE)
