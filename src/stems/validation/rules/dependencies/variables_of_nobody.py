"""Variables for a group or node that does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.model.suggestion import nearest
from stems.tools.ansible.repository.tree import AnsibleTree, given_names
from stems.tools.ansible.repository.variables import VariableFile
from stems.validation.ansible_trees import ansible_trees_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM428"

PAGE = Page(
    checks="""Files in `group_vars/` and `host_vars/`, compared with the groups and nodes of every inventory of the
repository, or of the cluster. Where an inventory may have others, nothing is said.""",
    why="""Ansible reads such a file never, without a word: a renamed group keeps its defaults, and a password or a port
that somebody set is not the one in use.""",
    instead="Name the file like the group or node, with the same dashes and underscores, or remove it.",
    bad={
        "hosts.ini": """
            [webservers]
            gate ansible_host=192.0.2.7
            """,
        "group_vars/webserver.yml": """
            nginx_port: 8080
            """,
        "playbook.yml": """
            - hosts: webservers
              tasks: []
            """,
    },
    good={
        "hosts.ini": """
            [webservers]
            gate ansible_host=192.0.2.7
            """,
        "group_vars/webservers.yml": """
            nginx_port: 8080
            """,
        "playbook.yml": """
            - hosts: webservers
              tasks: []
            """,
    },
    also_bad=(
        {"hosts": "[web]\na.example\n", "host_vars/a.yml": "x: 1\n", "site.yml": "- hosts: web\n  tasks: []\n"},
        {
            "inventory/hosts.yml": "all: {children: {web_servers: {hosts: {a: }}}}\n",
            "inventory/group_vars/web-servers/main.yml": "x: 1\n",
            "site.yml": "- hosts: all\n  tasks: []\n",
        },
        {
            "inventories/prod/hosts": "[web]\na\n",
            "inventories/prod/group_vars/wbe.yml": "x: 1\n",
            "site.yml": "- hosts: web\n  tasks: []\n",
        },
        {
            "ansible/site.yml": "- hosts: all\n  tasks: []\n",
            "ansible/host_vars/gaet.yml": "x: 1\n",
            "ansible/group_vars/all.yml": "y: 1\n",
        },
    ),
    also_good=(
        {
            "hosts": "[web]\na.example\n[pi:children]\nweb\n",
            "host_vars/a.example.yml": "x: 1\n",
            "host_vars/a.example/vault.yml": "$ANSIBLE_VAULT;1.1;AES256\n61\n",
            "group_vars/all/main.yml": "x: 1\n",
            "group_vars/all/vault.yml": "$ANSIBLE_VAULT;1.1;AES256\n61\n",
            "group_vars/pi": "x: 1\n",
            "group_vars/ungrouped.yml": "x: 1\n",
            "group_vars/README.md": "about\n",
            "host_vars/.gitkeep": "",
            "host_vars/localhost.yml": "x: 1\n",
            "site.yml": "- hosts: all\n  tasks: []\n",
        },
        {"group_vars/web.yml": "x: 1\n", "site.yml": "- hosts: all\n  tasks: []\n"},
        {
            "inventory/hosts": "[web]\na\n",
            "inventory/dyn.py": "#!/usr/bin/env python3\n",
            "group_vars/pis.yml": "x: 1\n",
            "site.yml": "- hosts: all\n  tasks: []\n",
        },
        {
            "inventories/prod/hosts": "[web]\na\n",
            "inventories/lab/hosts": "[lab]\nb\n",
            "inventories/lab/group_vars/lab.yml": "x: 1\n",
            "group_vars/web.yml": "x: 1\n",
            "site.yml": "- hosts: all\n  tasks: []\n",
        },
        {
            "ansible/site.yml": "- hosts: all\n  tasks: []\n",
            "ansible/host_vars/gate.yml": "x: 1\n",
        },
        {
            "hosts": "[web]\na\n",
            "group_vars/old/example.yml.example": "x: 1\n",
            "site.yml": "- hosts: all\n  tasks: []\n",
        },
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for tree in subject.once(ansible_trees_of):
        is_of_cluster = tree.is_declared and not tree.inventory and not tree.inventories
        if not is_of_cluster and not tree.has_all_inventories:
            continue
        known = given_names(tree) | {"all", "ungrouped", "localhost"}
        seen: set[tuple[str, str]] = set()
        for file in tree.variable_files:
            if file.name not in known and (file.folder, file.name) not in seen:
                seen.add((file.folder, file.name))
                yield _finding(tree, file, known)


def _finding(tree: AnsibleTree, file: VariableFile, known: frozenset[str]) -> Finding:
    kind = "group" if file.kind == "group" else "node"
    meant = nearest(file.name, known)
    message = f"no {kind} is called `{file.name}`, so that nothing reads these variables"
    remedy = f"call it `{meant}`" if meant else f"add the {kind} to the inventory, or remove the file"
    document = tree.content.document(file.path)
    place = document.place() if document else Place(file.path, 1, 1)
    return Finding(CODE, place, f"{message}; did you mean `{meant}`?" if meant else message, remedy, Severity.WARNING)


RULE = Rule(
    CODE, "variables-of-nobody", Stage.DEPENDENCIES, Principle.P3, PAGE, check, Severity.WARNING, needs_every_file=True
)
