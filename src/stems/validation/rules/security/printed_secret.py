"""A secret that a run prints."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.ansible.repository.jinja import parse_text
from stems.validation.ansible_trees import tasks_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM447"

_ATTRIBUTES = re.compile(r"\b[a-z_]\w*(?:\.[a-z_]\w*)+", re.IGNORECASE)
"""Values that are part of another one, as an item of a loop has them."""
_MODULES = frozenset({"command", "shell", "raw", "script", "debug"})
_SECRET = re.compile(
    r"(?:^|_)(?:password|passwd|passphrase|secret|token|api_?key|private_key|vault)"
    r"(?:$|_(?!file|path|name|id$))"
)

PAGE = Page(
    checks="""`command`, `shell` and `debug` with a variable in them whose name says that it is a secret, without
`no_log: true` at the task or around it.""",
    why="""Ansible prints the command with the value when it fails or runs with `-v`, and `debug` always: it is in the
log of the pipeline, in the terminal's history, and for commands in the list of processes of the node.""",
    instead="""Add `no_log: true`; for a command, rather give the value with `stdin` or `environment`, or use the module
for it.""",
    bad={
        "playbook.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.shell: restic init --password-command "echo {{ restic_password }}"
                  vars: {restic_password: "{{ vault_restic }}"}
            """,
        "group_vars/all/vault.yml": "$ANSIBLE_VAULT;1.1;AES256\n6162\n",
    },
    good={
        "playbook.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.shell: restic init --password-command "echo {{ restic_password }}"
                  vars: {restic_password: "{{ vault_restic }}"}
                  no_log: true
            """,
        "group_vars/all/vault.yml": "$ANSIBLE_VAULT;1.1;AES256\n6162\n",
    },
    also_bad=(
        {
            "site.yml": """
                - hosts: all
                  tasks:
                    - ansible.builtin.command: mysql -e "CREATE USER a IDENTIFIED BY '{{ item.password }}'"
                      loop: "{{ users }}"
                """
        },
        {"roles/a/tasks/main.yml": "- debug: {msg: 'The token is {{ api_token }}'}\n"},
        {"roles/a/tasks/main.yml": "- command: tailscale up --authkey {{ tailscale_secret }}\n"},
    ),
    also_good=(
        {
            "site.yml": """
                - hosts: all
                  tasks:
                    - ansible.builtin.command: backup --password-file {{ item.password_file }} {{ item.name }}
                      loop: "{{ users }}"
                """
        },
        {"roles/a/tasks/main.yml": "- block:\n    - command: login {{ api_token }}\n  no_log: true\n"},
        {"roles/a/tasks/main.yml": "- command: login\n  args: {stdin: '{{ api_token }}'}\n"},
        {"roles/a/tasks/main.yml": "- command: cat {{ token_file }} {{ secret_path }} {{ token_name }}\n"},
        {"roles/a/tasks/main.yml": "- user: {name: a, password: '{{ a_password }}'}\n"},
        {"roles/a/tasks/main.yml": "- command: login {{ api_token }}\n  no_log: '{{ hide }}'\n"},
        {"roles/a/tasks/main.yml": "- debug: {msg: '{{ passworded_users }} {{ tokens_left }}'}\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for _, task in tasks_of(subject):
        if task.module not in _MODULES or task.says("no_log") is not None:
            continue
        text = task.free_text() if task.module != "debug" else str(task.arguments().get("msg", ""))
        parsed = parse_text(text)
        last = {path.rpartition(".")[2] for path in _ATTRIBUTES.findall(text)} if parsed.names else set()
        name = next((name for name in sorted({*parsed.names, *last}) if _SECRET.search(name)), "")
        if name:
            message = f"the value of `{name}` is printed when this fails, or always"
            yield Finding(CODE, task.at_key(task.key), message, "add `no_log: true`", Severity.NOTE)


RULE = Rule(CODE, "printed-secret", Stage.SECURITY, Principle.P4, PAGE, check, Severity.NOTE)
