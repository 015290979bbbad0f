"""A key of a play that Ansible does not know."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.model.suggestion import nearest
from stems.tools.ansible.repository.keywords import PLAY, REMOVED
from stems.validation.ansible_trees import ansible_trees_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM448"

_TASKS = frozenset({"tasks", "pre_tasks", "post_tasks", "handlers"})

PAGE = Page(
    checks="Keys of plays, compared with the keywords that Ansible has for a play.",
    why="""Ansible refuses the whole playbook, "is not a valid attribute for a Play": a keyword is misspelt, or a task
or a variable is indented too little.""",
    instead="Write the keyword as Ansible spells it; put variables below `vars:` and tasks below `tasks:`.",
    bad={
        "playbook.yml": """
            - hosts: all
              become: true
              gather_fact: false
              tasks:
                - ansible.builtin.package: {name: tmux}
            """,
    },
    good={
        "playbook.yml": """
            - hosts: all
              become: true
              gather_facts: false
              tasks:
                - ansible.builtin.package: {name: tmux}
            """,
    },
    also_bad=(
        {"site.yml": "- hosts: all\n  taks: []\n  roles: [a]\n", "roles/a/tasks/main.yml": "- ping:\n"},
        {"site.yml": "- hosts: all\n  tasks: []\n  handler: []\n"},
        {"site.yml": "- hosts: all\n  tasks: []\n  nginx_port: 80\n"},
    ),
    also_good=(
        {
            "site.yml": """
                - name: x
                  hosts: all
                  strategy: free
                  serial: 1
                  any_errors_fatal: true
                  max_fail_percentage: 10
                  vars_prompt: []
                  vars_files: []
                  environment: {}
                  module_defaults: {}
                  collections: []
                  force_handlers: true
                  gather_subset: [min]
                  order: sorted
                  tags: [a]
                  pre_tasks: []
                  post_tasks: []
                  tasks: []
                """,
        },
        {"site.yml": "- import_playbook: a.yml\n  when: b\n  vars: {c: 1}\n", "a.yml": "- hosts: all\n  tasks: []\n"},
        {"site.yml": "- hosts: all\n  sudo: true\n  tasks: []\n"},
        {"routes.yml": "- hosts: [a.example]\n  backend: b\n  roles: [c]\n", "site.yml": "- hosts: all\n  tasks: []\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for tree in subject.once(ansible_trees_of):
        for play in tree.plays:
            unknown = [] if play.imported else [key for key in play.keys if key not in PLAY and key not in REMOVED]
            for key in unknown:
                meant = nearest(key, PLAY)
                if not meant and not _TASKS & play.keys.keys():
                    # Lists of other programs have `hosts` and `roles`, too.
                    continue
                message = f"`{key}` is no keyword of a play, so that Ansible refuses the playbook"
                remedy = f"write `{meant}`" if meant else "put it below `vars:` or `tasks:`"
                yield Finding(CODE, play.at_key(key), message, remedy)


RULE = Rule(CODE, "unknown-play-keyword", Stage.SCHEMA, Principle.P2, PAGE, check)
