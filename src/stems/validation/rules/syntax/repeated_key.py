"""A key that a YAML mapping has twice."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject
from stems.validation.yaml_troubles import yaml_troubles

CODE = "STM132"

PAGE = Page(
    checks="""Keys that stand twice in one mapping of a YAML file, the first ten of each file. Everything else in the
file is judged with the last value, as most programs read it. Where stems or a tool refuses the file for it, their
finding says so instead.""",
    why="""YAML forbids it, and nearly every reader takes the second value without a word: the task that runs
another command than the one that was reviewed, the variable whose good value stands twenty lines above the one that
counts.""",
    instead="Keep one of the two.",
    bad={
        "provision/group_vars/all.yml": """
            ntp_server: 192.0.2.1
            timezone: Europe/Berlin
            ntp_server: 192.0.2.9
            """,
    },
    good={
        "provision/group_vars/all.yml": """
            ntp_server: 192.0.2.1
            timezone: Europe/Berlin
            """,
    },
    also_bad=(
        {"provision/roles/web/tasks/main.yml": "- name: A\n  debug: {}\n  when: a\n  when: b\n"},
        {"app/settings.yml": "a: {b: 1, b: 2}\n"},
        {"app/settings.yml": "one: 1\n---\ntwo: 2\ntwo: 3\n"},
    ),
    also_good=(
        {"app/settings.yml": "a: {b: 1}\nc: {b: 2}\n"},
        {"app/settings.yml": "a: 1\n---\na: 2\n"},
        {"app/settings.yml": "base: &base {a: 1}\nnode: {<<: *base, a: 2}\n"},
        {"app/settings.yml": "a: 1\n# a: 2\n"},
        {"archive/settings.yml": "a: 1\na: 2\n"},
        {"app/settings.yml.j2": "a: 1\na: 2\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for trouble in subject.once(yaml_troubles):
        if trouble.is_repeated_key:
            yield Finding(CODE, trouble.error.place, trouble.error.message, "keep one of the two", Severity.WARNING)


RULE = Rule(CODE, "repeated-key", Stage.SYNTAX, Principle.P2, PAGE, check, Severity.WARNING)
