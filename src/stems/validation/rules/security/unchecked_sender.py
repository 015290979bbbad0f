"""A download whose sender nobody checks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.ansible_trees import tasks_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM436"

_NO = (False, "no", "false", "False", "No")
_YES = (True, "yes", "true", "True", "Yes")
_HERE = re.compile(r"https?://(?:localhost|127\.|\[?::1)")

PAGE = Page(
    checks="""`validate_certs: false` at any task, `allow_unauthenticated` of
`apt` and `disable_gpg_check` of `dnf` and `yum`. What a node asks of itself is not meant.""",
    why="""TLS and signatures are all that says whom a file or package comes from: without them anybody on the way can
put another one there, and it runs as root.""",
    instead="""Remove it. For your own authority, install its certificate on the node, or name it with `ca_path`; for a
package, add the key of its repository.""",
    bad={
        "playbook.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.get_url:
                    url: https://downloads.example.org/tool-1.4.2
                    dest: /usr/local/bin/tool
                    mode: "0755"
                    validate_certs: false
            """,
    },
    good={
        "playbook.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.get_url:
                    url: https://downloads.example.org/tool-1.4.2
                    dest: /usr/local/bin/tool
                    mode: "0755"
            """,
    },
    also_bad=(
        {"roles/a/tasks/main.yml": "- uri: url=https://nas.example/api validate_certs=no\n"},
        {"roles/a/tasks/main.yml": "- apt: {name: a, allow_unauthenticated: yes}\n"},
        {"roles/a/tasks/main.yml": "- dnf: {name: a, disable_gpg_check: true}\n"},
        {
            "roles/a/tasks/main.yml": """
                - block:
                    - community.general.proxmox: {api_host: pve, validate_certs: no}
                """,
        },
    ),
    also_good=(
        {"roles/a/tasks/main.yml": "- uri: {url: 'https://localhost:8443/health', validate_certs: false}\n"},
        {"roles/a/tasks/main.yml": "- get_url: {url: 'https://x.example/1', dest: /a, validate_certs: true}\n"},
        {"roles/a/tasks/main.yml": "- get_url: {url: 'https://x.example/1', dest: /a, validate_certs: '{{ v }}'}\n"},
        {"roles/a/tasks/main.yml": "- apt: {name: a, allow_unauthenticated: no}\n# validate_certs: no\n"},
        {"roles/a/tasks/main.yml": "- debug: {msg: 'validate_certs: no'}\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for _, task in tasks_of(subject):
        name = _open(task.arguments()) if task.key else ""
        if name:
            what = "the certificate is not checked" if name == "validate_certs" else "signatures are not checked"
            message = f"{what}: whoever is on the way can send something else"
            yield Finding(CODE, task.at_argument(name), message, f"remove `{name}`", Severity.WARNING)


def _open(arguments: dict[str, Any]) -> str:
    """The argument that switches a check off, nothing where none does."""
    if arguments.get("validate_certs") in _NO and "validate_certs" in arguments:
        return "" if _HERE.match(str(arguments.get("url", ""))) else "validate_certs"
    return next((name for name in ("allow_unauthenticated", "disable_gpg_check") if arguments.get(name) in _YES), "")


RULE = Rule(CODE, "unchecked-sender", Stage.SECURITY, Principle.P4, PAGE, check, Severity.WARNING)
