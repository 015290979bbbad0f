"""A password for a node that everybody with the repository has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.validation.ansible_trees import ansible_trees_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM434"

_NAMES = re.compile(r"ansible_(?:ssh_|become_|sudo_|su_)?(?:pass|password)")
_PLACEHOLDER = re.compile(
    r"(?:your|my|the|some|enter|insert|set)[-_ ].*"
    r"|.*(?:change[-_ ]?(?:me|this|it)|replace|placeholder|example|redacted).*"
    r"|x+|\*+|\.+|<.*>|\$.*|\[.*\]|todo|tbd|fixme|none|null|secret|password|passwd|pass|vagrant|dummy|test|ask|prompt",
    re.IGNORECASE,
)

PAGE = Page(
    checks="""`ansible_password`, `ansible_become_password` and their older names, as plain text in inventories, in
variables of nodes and groups, and in plays. Values from a vault, of a variable and placeholders are not meant.""",
    why="""Whoever has a clone, a backup or the forge's account is root on the node, also years later: Git keeps it. The
password is often that of other machines, too.""",
    instead="""Change the password first: it is known. Then use SSH keys, and for sudo `ansible-vault encrypt_string` or
`--ask-become-pass`.""",
    bad={
        "hosts.ini": """
            [pi]
            gate ansible_host=192.0.2.7 ansible_password=hunter2-9x
            """,
        "playbook.yml": """
            - hosts: pi
              tasks: []
            """,
    },
    good={
        "hosts.ini": """
            [pi]
            gate ansible_host=192.0.2.7
            """,
        "host_vars/gate.yml": """
            ansible_password: !vault |
              $ANSIBLE_VAULT;1.1;AES256
              6162
            """,
        "playbook.yml": """
            - hosts: pi
              tasks: []
            """,
    },
    also_bad=(
        {"group_vars/all.yml": "ansible_become_pass: correct-horse\n", "a.yml": "- hosts: all\n  tasks: []\n"},
        {"hosts": "[a]\nb\n[a:vars]\nansible_sudo_pass=tr0ub4dor\n", "a.yml": "- hosts: all\n  tasks: []\n"},
        {
            "inventory/hosts.yml": "all: {vars: {ansible_ssh_pass: Winter2024}, hosts: {a: }}\n",
            "a.yml": "- hosts: all\n  tasks: []\n",
        },
        {"a.yml": "- hosts: all\n  vars: {ansible_become_password: Winter2024}\n  tasks: []\n"},
        {"host_vars/a/main.yml": "ansible_password: 12345678\n", "a.yml": "- hosts: all\n  tasks: []\n"},
    ),
    also_good=(
        {"group_vars/all.yml": "ansible_become_pass: '{{ vault_become }}'\n", "a.yml": "- hosts: all\n  tasks: []\n"},
        {"hosts": "[a]\nb ansible_password=CHANGEME\n", "a.yml": "- hosts: all\n  tasks: []\n"},
        {
            "hosts": "[a]\nb ansible_password=<password>\n# c ansible_password=Winter2024\n",
            "a.yml": "- hosts: a\n  tasks: []\n",
        },
        {"group_vars/all.yml": "$ANSIBLE_VAULT;1.1;AES256\n6162\n", "a.yml": "- hosts: all\n  tasks: []\n"},
        {"examples/hosts.ini": "[a]\nb ansible_password=Winter2024\n", "a.yml": "- hosts: all\n  tasks: []\n"},
        {"hosts": "[a]\nb ansible_password=vagrant\n", "a.yml": "- hosts: all\n  tasks: []\n"},
        {
            "group_vars/all.yml": "ansible_become_pass: ENC[AES256_GCM,data:xx]\n",
            "a.yml": "- hosts: all\n  tasks: []\n",
        },
        {"group_vars/all.yml": "ansible_password:\nansible_become_pass: ''\n", "a.yml": "- hosts: all\n  tasks: []\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for tree in subject.once(ansible_trees_of):
        for name, value, place in tree.variables_written():
            if _NAMES.fullmatch(name) and _is_plain(value):
                message = f"`{name}` is in plain text, for everybody who has the repository"
                yield Finding(CODE, place, message, "change the password, then keep it in a vault, or use SSH keys")


def _is_plain(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return False
    text = str(value).strip()
    # Longer ones are keys or encrypted, and not typed by anybody.
    if not text or len(text) > 128 or "{{" in text or text.startswith(("$ANSIBLE_VAULT", "ENC[", "!vault", "$")):
        return False
    return not _PLACEHOLDER.fullmatch(text)


RULE = Rule(CODE, "plain-password", Stage.SECURITY, Principle.P4, PAGE, check)
