"""A connection to whoever answers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.tools.ansible.repository.tree import AnsibleTree
from stems.validation.ansible_trees import ansible_trees_of
from stems.validation.commands import command_lines
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM433"
_OF_THE_TOOL = "STM407"

_OFF = re.compile(r"StrictHostKeyChecking[ =]+(?:no|off|false)\b|UserKnownHostsFile[ =]+/dev/null\b", re.IGNORECASE)
_NO = ("false", "no", "0", "off", "n")
_ARGUMENTS = ("ssh_args", "ssh_common_args", "ssh_extra_args")
_VARIABLES = frozenset(f"ansible_{name}" for name in _ARGUMENTS)
_SWITCHED = re.compile(r"\bANSIBLE_(?:SSH_)?HOST_KEY_CHECKING[\"']?\s*[=:]\s*[\"']?(?:false|no|off|0)\b", re.IGNORECASE)
_YES = ("true", "yes", "on", "1")
_SWITCHES = frozenset({"ansible_host_key_checking", "ansible_ssh_host_key_checking"})

_OWN = "domains:\n  system: {tool: ansible, source: ansible, inventory: hosts.yml}\n"

PAGE = Page(
    checks="""Host key checking that is off for Ansible: `host_key_checking = False` in `ansible.cfg`, and
`StrictHostKeyChecking=no` or `UserKnownHostsFile=/dev/null` in its SSH arguments and in variables of nodes and
groups, `ANSIBLE_HOST_KEY_CHECKING=False` in scripts and workflows, and `accept_hostkey` of `git` tasks.""",
    why="""Whoever answers at the address gets the playbook with its secrets, and the password for sudo. It is
switched off once, for a machine that was set up anew, and stays off for all of them.""",
    instead="Remove it, and have the keys: `ssh-keyscan`, compared at the console, or `accept-new` for the first time.",
    bad={
        "ansible.cfg": """
            [defaults]
            host_key_checking = False
            """,
        "playbook.yml": """
            - hosts: all
              tasks: []
            """,
    },
    good={
        "ansible.cfg": """
            [defaults]
            inventory = hosts.ini
            """,
        "hosts.ini": "[pi]\ngate\n",
        "playbook.yml": """
            - hosts: all
              tasks: []
            """,
    },
    also_bad=(
        {
            "ansible.cfg": "[ssh_connection]\nssh_args = -o ControlMaster=auto -o StrictHostKeyChecking=no\n",
            "a.yml": "- hosts: all\n  tasks: []\n",
        },
        {
            "hosts.ini": "[all:vars]\nansible_ssh_common_args='-o StrictHostKeyChecking=no'\n[a]\nb\n",
            "a.yml": "- hosts: all\n  tasks: []\n",
        },
        {
            "group_vars/all.yml": "ansible_ssh_extra_args: -o UserKnownHostsFile=/dev/null\n",
            "a.yml": "- hosts: all\n  tasks: []\n",
        },
        {
            "inventory/hosts.yml": "all: {hosts: {a: {ansible_host_key_checking: false}}}\n",
            "a.yml": "- hosts: all\n  tasks: []\n",
        },
        {"a.yml": "- hosts: all\n  vars: {ansible_ssh_common_args: '-o StrictHostKeyChecking=no'}\n  tasks: []\n"},
        {"ansible.cfg": "[defaults]\nhost_key_checking: no\n"},
        {"deploy.sh": "#!/bin/sh\nANSIBLE_HOST_KEY_CHECKING=False ansible-playbook site.yml\n"},
        {".envrc": "export ANSIBLE_HOST_KEY_CHECKING=0\n"},
        {"a.yml": "- hosts: all\n  tasks: [{git: {repo: 'a:b', dest: /b, accept_hostkey: yes}}]\n"},
        {
            "config/cluster.yml": cluster(_OWN),
            "ansible/site.yml": "- hosts: pi\n  tasks: []\n",
            "ansible/hosts.yml": "all:\n  children:\n    pi:\n      hosts: {gate: }\n"
            "      vars:\n        ansible_ssh_common_args: '-o StrictHostKeyChecking=no'\n",
        },
        {
            "config/cluster.yml": cluster(_OWN.replace("hosts.yml", "hosts.ini")),
            "ansible/site.yml": "- hosts: pi\n  tasks: []\n",
            "ansible/hosts.ini": "[pi]\ngate\n[pi:vars]\nansible_ssh_extra_args=-o UserKnownHostsFile=/dev/null\n",
        },
    ),
    also_good=(
        {
            "ansible.cfg": "[defaults]\n# host_key_checking = False\n[ssh_connection]\n"
            "ssh_args = -o StrictHostKeyChecking=accept-new -o ControlPersist=60s\n",
            "a.yml": "- hosts: all\n  tasks: []\n",
        },
        {"ansible.cfg": "[defaults]\nhost_key_checking = True\n", "a.yml": "- hosts: all\n  tasks: []\n"},
        {"group_vars/all.yml": "ansible_ssh_common_args: '{{ jump }}'\n", "a.yml": "- hosts: all\n  tasks: []\n"},
        {"tests/ansible.cfg": "[defaults]\nhost_key_checking = False\n", "a.yml": "- hosts: all\n  tasks: []\n"},
        {"docs/ansible.md": "    [defaults]\n    host_key_checking = False\n", "a.yml": "- hosts: all\n  tasks: []\n"},
        {"deploy.sh": "#!/bin/sh\nANSIBLE_HOST_KEY_CHECKING=True ansible-playbook site.yml\n"},
        {"a.yml": "- hosts: all\n  tasks: [{git: {repo: 'a:b', dest: /b, accept_newhostkey: yes}}]\n"},
        {"host_vars/a.yml": "note: never StrictHostKeyChecking=no\n", "a.yml": "- hosts: all\n  tasks: []\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    # The tool tells of every variable of such a file that says how a node is reached.
    told = {finding.place.path for finding in subject.told.get(_OF_THE_TOOL, ())}
    for tree in subject.once(ansible_trees_of):
        yield from _configured(tree)
        yield from (finding for finding in _varied(tree) if finding.place.path not in told)
        for task in tree.tasks:
            if task.module == "git" and str(task.arguments().get("accept_hostkey")).lower() in _YES:
                yield _finding(task.at_argument("accept_hostkey"), "`accept_hostkey` takes any key")
    for line in subject.once(command_lines):
        switched = _SWITCHED.search(line.text) if "HOST_KEY_CHECKING" in line.text else None
        if switched:
            yield _finding(line.place(switched[0]), "`ANSIBLE_HOST_KEY_CHECKING` is off")


def _configured(tree: AnsibleTree) -> Iterator[Finding]:
    switch = tree.configuration.setting("host_key_checking")
    if switch and switch.value.lower() in _NO:
        yield _finding(switch.place, "`host_key_checking` is off")
    for name in _ARGUMENTS:
        found = tree.configuration.setting(name, "ssh_connection")
        if found and _OFF.search(found.value):
            yield _finding(found.place, f"`{name}` switches host key checking off")


def _varied(tree: AnsibleTree) -> Iterator[Finding]:
    for name, value, place in tree.variables_written():
        if name in _SWITCHES and str(value).lower() in _NO:
            yield _finding(place, f"`{name}` is off")
        elif name in _VARIABLES and _OFF.search(str(value)):
            yield _finding(place, f"`{name}` switches host key checking off")


def _finding(place: Place, what: str) -> Finding:
    message = f"{what}, so that whoever answers at the address is taken for the node"
    return Finding(CODE, place, message, "remove it, and add the keys to known_hosts", Severity.WARNING)


RULE = Rule(CODE, "unverified-node", Stage.SECURITY, Principle.P4, PAGE, check, Severity.WARNING)
