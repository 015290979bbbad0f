"""A file that a playbook names and that is not there."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.tools.ansible.repository.missing import missing_files
from stems.validation.ansible_trees import ansible_trees_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM402"

PAGE = Page(
    checks="""Playbooks, task files and variables that playbooks name, and the inventory of the system domain. A name
with a variable, and what Git is told to ignore, is not looked for.""",
    why="""It was renamed, or never added to Git, and is still on the machine of whoever wrote it. Ansible stops there
in the middle of a play.""",
    instead="Correct the name, or add the file.",
    bad={
        "ansible/site.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.import_tasks: packges.yml
            """,
        "ansible/packages.yml": """
            - ansible.builtin.package: {name: tmux}
            """,
    },
    good={
        "ansible/site.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.import_tasks: packages.yml
            """,
        "ansible/packages.yml": """
            - ansible.builtin.package: {name: tmux}
            """,
    },
    also_bad=(
        {
            "site.yml": "- hosts: all\n  tasks:\n    - include_role: {name: web, tasks_from: instal}\n",
            "roles/web/tasks/install.yml": "- ping:\n",
        },
        {
            "site.yml": "- hosts: all\n  tasks:\n    - import_role:\n        name: web\n        vars_from: lab.yml\n",
            "roles/web/tasks/main.yml": "- ping:\n",
        },
        {"playbook.yml": "- hosts: all\n  vars_files: [vars/main.yml]\n  tasks: []\n"},
        {"playbook.yml": "- import_playbook: web.yml\n- hosts: all\n  tasks: []\n"},
        {"roles/web/tasks/main.yml": "- include_tasks: instal.yml\n", "roles/web/tasks/install.yml": "- ping:\n"},
        {
            "playbooks/site.yml": "- hosts: all\n  tasks:\n    - block:\n        - import_tasks: tasks/a.yml\n",
            "playbooks/tasks/b.yml": "- ping:\n",
        },
        {"roles/web/tasks/main.yml": "- include_vars: debian.yml\n", "roles/web/vars/Debian.yml": "x: 1\n"},
        {"roles/web/tasks/main.yml": "- ansible.builtin.include_tasks:\n    file: a.yml\n    apply: {tags: x}\n"},
    ),
    also_good=(
        {
            "site.yml": "- hosts: all\n  tasks:\n    - include_role: {name: web, tasks_from: install}\n"
            "    - include_role: {name: web, tasks_from: sub/a.yml}\n"
            "    - include_role: {name: '{{ x }}', tasks_from: b}\n"
            "    - include_role: {name: me.elsewhere, tasks_from: b}\n",
            "roles/web/tasks/install.yaml": "- ping:\n",
            "roles/web/tasks/sub/a.yml": "- ping:\n",
        },
        {
            "playbook.yml": "- hosts: all\n  vars_files: ['vars/{{ env }}.yml', [a.yml, b.yml], vars/secrets.yml]\n",
            "vars/lab.yml": "x: 1\n",
        },
        {
            "roles/web/tasks/main.yml": """
                - include_tasks: "{{ ansible_os_family }}.yml"
                - include_tasks: "{{ item }}"
                  with_first_found: [a.yml, b.yml]
                - include_tasks: sub/install.yml
                - import_tasks: shared.yml
                - include_vars: {dir: vars}
                - include_vars: Debian.yml
                """,
            "roles/web/tasks/sub/install.yml": "- import_tasks: more.yml\n",
            "roles/web/tasks/sub/more.yml": "- ping:\n",
            "roles/web/vars/Debian.yml": "x: 1\n",
            "playbooks/site.yml": "- hosts: all\n  roles: [web]\n",
            "playbooks/shared.yml": "- ping:\n",
        },
        {".gitignore": "vars/local.yml\nhome.yml\n", "a.yml": "- hosts: all\n  vars_files: [home.yml]\n  tasks: []\n"},
        {"a.yml": "- import_playbook: me.home.web\n- hosts: all\n  tasks: []\n"},
        {"a.yml": "- hosts: all\n  tasks:\n    - include_tasks: ../../elsewhere/a.yml\n"},
        {"roles/web/tasks/main.yml": "- include_vars: file=a.yml name=b\n# - include_tasks: gone.yml\n"},
        {"examples/roles/web/tasks/main.yml": "- include_tasks: gone.yml\n", "a.yml": "- hosts: all\n  tasks: []\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    yield from subject.told.get(CODE, ())
    for tree in subject.once(ansible_trees_of):
        # The tool itself tells of a declared one.
        if not tree.is_declared:
            for missing in missing_files(tree):
                remedy = f"correct {missing.place.path}, or add the file"
                yield Finding(CODE, missing.place, f"{missing.name} does not exist", remedy)


RULE = Rule(CODE, "missing-playbook-file", Stage.DEPENDENCIES, Principle.P3, PAGE, check)
