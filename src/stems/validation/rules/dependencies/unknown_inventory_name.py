"""A condition that names a node which no inventory has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.model.suggestion import did_you_mean
from stems.tools.ansible.repository.names import written
from stems.tools.ansible.repository.strings import conditions_in
from stems.tools.ansible.repository.tree import AnsibleTree, given_names
from stems.validation.ansible_trees import ansible_trees_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM453"

_NAMED = re.compile(
    r"\binventory_hostname\s*(?:==|!=)\s*(?P<quote>[\"'])(?P<name>[\w.-]{1,80})(?P=quote)"
    r"|\binventory_hostname\s+(?:not\s+)?in\s*[\[(](?P<list>[^\])]{1,400})[\])]"
)
_GROUP = re.compile(r"(?P<quote>[\"'])(?P<name>[\w.-]{1,80})(?P=quote)\s+(?:not\s+)?in\s+group_names\b")
_TEXT = re.compile(r"[\"']([\w.-]{1,80})[\"']")

PAGE = Page(
    checks="""Names that conditions compare with `inventory_hostname`, or look for in `group_names`, and that no
inventory of the repository has, nor `config/cluster.yml`. Where an inventory may have others, nothing is said.""",
    why="""The condition is never true, or always: the node was renamed, or Ansible knows it by another name than the
one that it gives itself.""",
    instead="Write the name of the inventory, or ask for a group.",
    bad={
        "hosts.ini": "[pi]\ngate.example ansible_host=192.0.2.7\n",
        "playbook.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.package: {name: nginx}
                  when: inventory_hostname == "gate"
            """,
    },
    good={
        "hosts.ini": "[pi]\ngate.example ansible_host=192.0.2.7\n",
        "playbook.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.package: {name: nginx}
                  when: inventory_hostname == "gate.example"
            """,
    },
    also_bad=(
        {
            "hosts": "[web]\na\nb\n",
            "site.yml": "- hosts: all\n  tasks:\n    - ping:\n      when: [\"inventory_hostname in ['a','c']\"]\n",
        },
        {
            "hosts": "[web]\na\n",
            "roles/x/tasks/main.yml": "- ping:\n  when: \"'wbe' in group_names\"\n",
            "site.yml": "- hosts: web\n  roles: [x]\n",
        },
        {
            "ansible/site.yml": "- hosts: all\n  tasks:\n    - ping:\n      when: inventory_hostname != 'gaet'\n",
        },
    ),
    also_good=(
        {
            "hosts": "[web]\na\nb\n",
            "site.yml": "- hosts: all\n  tasks:\n    - ping:\n      when: inventory_hostname in ['a', 'b'] or x\n",
        },
        {
            "hosts": "[web]\na\n",
            "site.yml": "- hosts: all\n  tasks:\n    - ping:\n      when: inventory_hostname != 'localhost'\n",
        },
        {
            "hosts": "[web]\na\n",
            "site.yml": "- hosts: all\n  tasks:\n    - group_by: {key: 'os_{{ x }}'}\n"
            "    - ping:\n      when: \"'os_Debian' in group_names\"\n",
        },
        {"site.yml": "- hosts: all\n  tasks:\n    - ping:\n      when: inventory_hostname == 'a'\n"},
        {
            "hosts": "[web]\na\n",
            "dyn/x.yml": "plugin: nmap\n",
            "inventory/lab.yml": "plugin: nmap\n",
            "site.yml": "- hosts: all\n  tasks:\n    - ping:\n      when: inventory_hostname == 'z'\n",
        },
        {
            "ansible/site.yml": "- hosts: all\n  tasks:\n    - ping:\n      when: inventory_hostname == 'gate'\n",
        },
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for tree in subject.once(ansible_trees_of):
        is_of_cluster = tree.is_declared and not tree.inventory and not tree.inventories
        if is_of_cluster or tree.has_all_inventories:
            yield from _of(tree)


def _of(tree: AnsibleTree) -> Iterator[Finding]:
    known = given_names(tree) | {"all", "ungrouped", "localhost", "127.0.0.1"}
    for document in written(tree):
        for at, text in conditions_in(document.value):
            for name in _names(text):
                if name not in known:
                    message = (
                        f"no inventory has `{name}`, so that this is the same everywhere{did_you_mean(name, known)}"
                    )
                    remedy = "write a name of the inventory, or ask for a group"
                    yield Finding(CODE, document.key_place(*at), message, remedy, Severity.WARNING)


def _names(text: str) -> Iterator[str]:
    if "inventory_hostname" in text:
        for found in _NAMED.finditer(text):
            yield from [found["name"]] if found["name"] else _TEXT.findall(found["list"])
    if "group_names" in text:
        yield from (found["name"] for found in _GROUP.finditer(text))


RULE = Rule(CODE, "unknown-inventory-name", Stage.DEPENDENCIES, Principle.P3, PAGE, check, Severity.WARNING)
