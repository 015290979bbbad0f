"""A condition with braces."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.ansible.repository.tasks import listed
from stems.validation.ansible_trees import tasks_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM442"

_CONDITIONS = ("when", "changed_when", "failed_when", "until")

PAGE = Page(
    checks="`when`, `changed_when`, `failed_when` and `until` with `{{ … }}` in them, at tasks and blocks.",
    why="""A condition is an expression already. Braces make Ansible read the value of a variable as an expression once
more: the text `false` becomes a truth or an error, and a value that came from a node can run as code. Ansible warns,
and newer versions refuse some of them.""",
    instead="Write the expression without braces: `when: name == other`.",
    bad={
        "playbook.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.package: {name: nginx}
                  when: "{{ inventory_hostname == 'gate' }}"
            """,
    },
    good={
        "playbook.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.package: {name: nginx}
                  when: inventory_hostname == 'gate'
            """,
    },
    also_bad=(
        {"roles/web/tasks/main.yml": "- ping:\n  when:\n    - a is defined\n    - a == '{{ b }}'\n"},
        {"roles/web/tasks/main.yml": "- command: 'true'\n  register: r\n  changed_when: '{{ r.rc == 2 }}'\n"},
        {"roles/web/tasks/main.yml": '- block:\n    - ping:\n  when: "{{ web_enabled }}"\n'},
        {"roles/web/tasks/main.yml": "- ping:\n  register: r\n  until: '{{ r is succeeded }}'\n"},
    ),
    also_good=(
        {"roles/web/tasks/main.yml": "- ping:\n  when: a | bool and b not in ['{', '}']\n"},
        {"roles/web/tasks/main.yml": "- debug: {msg: '{{ a }}'}\n  loop: '{{ b }}'\n  when: true\n"},
        {"roles/web/tasks/main.yml": "- shell: echo '{{ a }}'\n  vars: {when: '{{ a }}'}\n  # when: '{{ a }}'\n"},
        {"roles/web/tasks/main.yml": "- ping:\n  when: [a, b]\n  delegate_to: '{{ a }}'\n  become: '{{ b }}'\n"},
        {"roles/web/templates/a.j2": "when: {{ a }}\n", "roles/web/tasks/main.yml": "- ping:\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for _, task in tasks_of(subject):
        for key in _CONDITIONS:
            if any(isinstance(each, str) and "{{" in each for each in listed(task.keys.get(key))):
                message = f"`{key}` is an expression already: braces have it read twice"
                remedy = "write it without braces"
                yield Finding(CODE, task.at_key(key), message, remedy, Severity.WARNING)


RULE = Rule(CODE, "braces-in-condition", Stage.SCHEMA, Principle.P3, PAGE, check, Severity.WARNING)
