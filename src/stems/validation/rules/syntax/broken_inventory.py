"""An inventory that Ansible cannot read."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.tools.ansible.repository.ini import BROKEN
from stems.validation.ansible_trees import ansible_trees_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

PAGE = Page(
    checks="""Inventories of Ansible, in INI and YAML: sections, groups that are named and nowhere, variables without
an `=`, ranges, lists where Ansible wants mappings, keys that it skips. Programs and plugins are recognised and not
run.""",
    why="""Ansible warns that it cannot parse the file, takes the inventory for empty and ends with success: nothing was
configured, and nothing says so in red.""",
    instead="Correct the place that the finding names; `ansible-inventory --graph` shows what Ansible understood.",
    bad={
        "inventory.ini": """
            [pi]
            gate ansible_host=192.0.2.7

            [home:children]
            pi
            storage
            """,
        "playbook.yml": """
            - hosts: all
              tasks: []
            """,
    },
    good={
        "inventory.ini": """
            [pi]
            gate ansible_host=192.0.2.7

            [storage]
            nas ansible_host=192.0.2.8

            [home:children]
            pi
            storage
            """,
        "playbook.yml": """
            - hosts: all
              tasks: []
            """,
    },
    also_bad=(
        {"hosts.ini": "[pi\ngate\n[web]\na\n", "playbook.yml": "- hosts: web\n  tasks: []\n"},
        {"hosts.ini": "[pi]\ngate ansible_host = 192.0.2.7\n", "playbook.yml": "- hosts: pi\n  tasks: []\n"},
        {"hosts.ini": "[pi:child]\ngate\n\n[x]\ny ansible_user=me\n", "playbook.yml": "- hosts: pi\n  tasks: []\n"},
        {
            "inventory/hosts.yml": "all:\n  hosts:\n    - gate\n    - nas\n",
            "site.yml": "- hosts: all\n  tasks: []\n",
        },
        {
            "inventory/hosts.yml": "all:\n  children:\n    - pi\n",
            "site.yml": "- hosts: all\n  tasks: []\n",
        },
        {
            "inventories/prod/hosts": "[web]\nweb[1-3].example\nweb[9:1].example\n",
            "site.yml": "- hosts: web\n  roles: []\n",
        },
        {
            "ansible.cfg": "[defaults]\ninventory = nodes.ini\n",
            "nodes.ini": "[pi]\ngate\n[pi:vars]\nansible_user pi\n",
            "site.yml": "- hosts: pi\n  tasks: []\n",
        },
        {"hosts.ini": "[my pis]\ngate\n[pi]\nnas\n", "playbook.yml": "- hosts: pi\n  tasks: []\n"},
        {
            "hosts.ini": "[pi]\ngate ansible_ssh_common_args='-o Port=22\n",
            "playbook.yml": "- hosts: pi\n  tasks: []\n",
        },
        {
            "hosts.ini": "[pi]\ngate\n\n[nas:vars]\nansible_user=me\n",
            "playbook.yml": "- hosts: pi\n  tasks: []\n",
        },
    ),
    also_good=(
        {
            "inventory.ini": """
                # The house.
                web[01:03].home.example ansible_port=2222
                jump.example:2200 ansible_user=me   # the way in

                [db]
                db-[a:c].example

                [all:vars]
                ansible_python_interpreter=/usr/bin/python3
                ansible_ssh_common_args='-o ProxyJump=jump.example -o "User me"'
                """,
            "site.yml": "- hosts: all\n  tasks: []\n",
        },
        {
            "hosts.yml": """
                all:
                  vars: {ansible_user: me}
                  children:
                    pi:
                      hosts:
                        gate: {ansible_host: 192.0.2.7}
                        work:
                    empty:
                ungrouped:
                  hosts: one.example
                """,
            "site.yml": "- hosts: all\n  tasks: []\n",
        },
        {"inventory/lab.proxmox.yml": "plugin: community.general.proxmox\n", "site.yml": "- hosts: all\n  tasks: []\n"},
        {
            "inventory/00-nodes.ini": "[pi]\ngate\n[nas]\nbox\n",
            "inventory/10-groups.ini": "[home:children]\npi\nnas\n",
            "site.yml": "- hosts: all\n  tasks: []\n",
        },
        {"inventory/hosts.py": "#!/usr/bin/env python3\n[x\n", "site.yml": "- hosts: all\n  tasks: []\n"},
        {"files/etc/hosts": "127.0.0.1 localhost\n::1 ip6-localhost\n", "site.yml": "- hosts: all\n  tasks: []\n"},
        {"hosts.ini.example": "[pi]\n<name of your pi> here\n", "site.yml": "- hosts: all\n  tasks: []\n"},
        {"examples/hosts.ini": "[pi:child]\nansible_ x\n", "site.yml": "- hosts: all\n  tasks: []\n"},
        {
            "inventory/hosts": "[v6]\nfe80::1\n[::1]:22\n[2001:db8::7]\nhost.example:22\n",
            "site.yml": "- hosts: all\n  tasks: []\n",
        },
        {
            "inventory/hosts": "$ANSIBLE_VAULT;1.1;AES256\n6162\n",
            "site.yml": "- hosts: all\n  tasks: []\n",
        },
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for tree in subject.once(ansible_trees_of):
        for inventory in tree.inventories:
            yield from inventory.findings


RULE = Rule(BROKEN, "broken-inventory", Stage.SYNTAX, Principle.P2, PAGE, check)
