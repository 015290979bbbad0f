"""A file or template that a task brings and that is not there."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.ansible.repository.search import found
from stems.tools.ansible.repository.sources import Source, missing_includes, sources_of
from stems.tools.ansible.repository.tasks import Task
from stems.tools.ansible.repository.tree import AnsibleTree
from stems.validation.ansible_trees import ansible_trees_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM437"

PAGE = Page(
    checks="""`src` of `template`, `copy` and `unarchive`, what `script` runs, what `lookup('file', …)` and
`lookup('template', …)` read and what templates include: it is looked for where Ansible looks, in the role, beside the
tasks, beside the playbook. `{{ item }}` is each item of a list at the task. A name with another variable, a file of
the node, one that a task makes, and what Git is told to ignore, are not looked for.""",
    why="""Ansible stops there on the first node, after everything before it was carried out. The file was renamed, lies
in `files/` instead of `templates/`, or was never added to Git.""",
    instead="Correct the name, or add the file.",
    bad={
        "playbook.yml": """
            - hosts: all
              roles: [motd]
            """,
        "roles/motd/tasks/main.yml": """
            - ansible.builtin.template: {src: motd.j2, dest: /etc/motd, mode: "0644"}
            """,
        "roles/motd/templates/motd.txt.j2": "Welcome\n",
    },
    good={
        "playbook.yml": """
            - hosts: all
              roles: [motd]
            """,
        "roles/motd/tasks/main.yml": """
            - ansible.builtin.template: {src: motd.txt.j2, dest: /etc/motd, mode: "0644"}
            """,
        "roles/motd/templates/motd.txt.j2": "Welcome\n",
    },
    also_bad=(
        {
            "site.yml": """
                - hosts: all
                  tasks:
                    - copy: {src: "{{ item }}", dest: /etc}
                      loop: [a.conf, b.conf]
                    - template: {src: "{{ item.from }}.j2", dest: /etc/c}
                      with_items:
                        - {from: c}
                """,
            "files/a.conf": "x\n",
            "files/b.cnf": "x\n",
            "templates/c.conf.j2": "x\n",
        },
        {"site.yml": "- hosts: all\n  tasks:\n    - debug: {msg: \"{{ lookup('file', 'gone.txt') }}\"}\n"},
        {
            "site.yml": "- hosts: all\n  roles: [web]\n",
            "roles/web/tasks/main.yml": "- template: {src: a.j2, dest: /etc/a}\n",
            "roles/web/templates/a.j2": "x\n{% include 'parts/head.j2' %}\n",
            "roles/web/templates/parts/haed.j2": "x\n",
        },
        {
            "playbook.yml": "- hosts: all\n  tasks:\n    - copy: {src: files/sshd_config, dest: /etc/ssh/}\n",
            "files/sshd.conf": "x\n",
        },
        {
            "playbook.yml": "- hosts: all\n  tasks:\n    - copy: src=motd dest=/etc/motd\n",
        },
        {
            "playbook.yml": "- hosts: all\n  roles: [web]\n",
            "roles/web/tasks/main.yml": "- block:\n    - template:\n        src: nginx.conf.j2\n        dest: /etc/a\n",
            "roles/web/files/nginx.conf.j2": "x\n",
        },
        {
            "playbook.yml": "- hosts: all\n  tasks:\n    - script: scripts/setup.sh --now\n",
            "scripts/set-up.sh": "#!/bin/sh\n",
        },
    ),
    also_good=(
        {
            "site.yml": """
                - hosts: all
                  roles: [web]
                  tasks:
                    - copy: {src: "{{ item }}", dest: /etc}
                      loop: [a.conf, "{{ x }}", /etc/hosts]
                    - copy: {src: "{{ item.a }}", dest: /etc}
                      loop: "{{ lists }}"
                    - copy: {src: "{{ item }}", dest: /etc}
                      with_fileglob: [gone/*]
                    - debug: {msg: "{{ lookup('file', '/etc/hosts') }} {{ lookup('file', 'x.txt') | default('') }}"}
                    - debug: {msg: "{{ lookup('file', 'a.conf') }} {{ lookup('template', 'a.j2') }}"}
                """,
            "files/a.conf": "x\n",
            "templates/a.j2": "x\n",
            "roles/web/tasks/main.yml": "- template: {src: b.j2, dest: /etc/b}\n",
            "roles/web/templates/b.j2": "{% include 'c.j2' %}{% include 'gone.j2' ignore missing %}"
            "{# {% include 'y' %} #}{% include x %}{% raw %}{% include 'z' %}{% endraw %}"
            "{% import './parts/d.j2' as d %}\n",
            "roles/web/templates/c.j2": "x\n",
            "roles/web/templates/parts/d.j2": "x\n",
        },
        {
            "playbook.yml": "- hosts: all\n  roles: [web]\n",
            "roles/web/tasks/main.yml": """
                - template: {src: "{{ item }}.j2", dest: "/etc/{{ item }}"}
                  loop: [a]
                - copy: {src: /etc/a, dest: /etc/b, remote_src: true}
                - copy: {src: /etc/shadow, dest: /backup}
                - copy: {content: x, dest: /etc/c}
                - copy: {src: conf.d/, dest: /etc/conf.d/}
                - copy: {src: ../files/top.conf, dest: /etc}
                - copy: {src: "~/.ssh/id.pub", dest: /etc}
                - unarchive: {src: "https://x.example/a.tgz", dest: /opt, remote_src: true}
                - unarchive: {src: "https://x.example/a.tgz", dest: /opt}
                - template: {src: sub/b.j2, dest: /etc/b}
                - template: {src: templates/c.j2, dest: /etc/c}
                - script: run.sh
                """,
            "roles/web/files/conf.d/a.conf": "x\n",
            "roles/web/files/top.conf": "x\n",
            "roles/web/files/run.sh": "#!/bin/sh\n",
            "roles/web/templates/a.j2": "x\n",
            "roles/web/templates/sub/b.j2": "x\n",
            "roles/web/templates/c.j2": "x\n",
        },
        {
            "playbooks/site.yml": "- hosts: all\n  roles: [web]\n",
            "playbooks/templates/a.j2": "x\n",
            "roles/web/tasks/main.yml": "- template: {src: a.j2, dest: /etc/a}\n",
        },
        {
            ".gitignore": "*.key\nfiles/local/\n",
            "a.yml": "- hosts: all\n  tasks:\n    - copy: {src: tls.key, dest: /etc}\n"
            "    - copy: {src: files/local/a, dest: /etc}\n",
        },
        {
            "a.yml": "- hosts: all\n  tasks:\n    - fetch: {src: /etc/a, dest: fetched/a, flat: true}\n"
            "    - copy: {src: fetched/a, dest: /etc/a}\n",
        },
        {"a.yml": "- hosts: all\n  tasks:\n    - copy: {src: files/id_ed25519, dest: /etc/a}\n"},
        {"tests/a.yml": "- hosts: all\n  tasks:\n    - copy: {src: gone, dest: /etc/a}\n"},
        {"a.yml": "- hosts: all\n  tasks: []\n  # - copy: {src: gone, dest: /etc/a}\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for tree in subject.once(ansible_trees_of):
        made = " ".join(_made(tree))
        for task in tree.tasks:
            for source in sources_of(task):
                if found(tree, task, source.part, source.name) is False and _last(source.name) not in made:
                    yield _finding(task, source)
        for source in missing_includes(tree):
            message = f"{source.name} is not beside {source.part}, nor in another folder of templates"
            yield Finding(CODE, source.place, message, "correct the name, or add the file", Severity.WARNING)


def _finding(task: Task, source: Source) -> Finding:
    where = f"{task.role}/{source.part}" if task.role else "the folder of the playbook"
    message = f"{source.name} is not in {where}, nor anywhere else where Ansible looks"
    # What runs before Ansible may make it, and nothing here would say so.
    return Finding(CODE, source.place, message, "correct the name, or add the file", Severity.WARNING)


def _last(name: str) -> str:
    return name.rstrip("/").rpartition("/")[2]


def _made(tree: AnsibleTree) -> Iterator[str]:
    """What tasks write on the machine that runs Ansible, as far as one can tell."""
    for task in tree.tasks:
        is_here = task.says("delegate_to") in ("localhost", "127.0.0.1") or task.says("connection") == "local"
        if task.module == "fetch" or task.key == "local_action" or is_here:
            arguments = task.arguments()
            yield from (str(arguments[key]) for key in ("dest", "path", "cmd", "creates") if key in arguments)
            yield task.free_text()


RULE = Rule(CODE, "missing-source", Stage.DEPENDENCIES, Principle.P3, PAGE, check, Severity.WARNING)
