"""A play for nodes that no inventory has."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.model.suggestion import did_you_mean
from stems.tools.ansible.repository.patterns import LOCAL, matching
from stems.tools.ansible.repository.plays import Play
from stems.tools.ansible.repository.spelling import nearly
from stems.tools.ansible.repository.tasks import listed
from stems.tools.ansible.repository.tree import AnsibleTree, given_names
from stems.validation.ansible_trees import ansible_trees_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM427"

PAGE = Page(
    checks="""Names in the `hosts:` of plays, compared with the nodes and groups of every inventory of the repository.
Where a program or plugin gives an inventory more of them, or a task makes groups, nothing is said.""",
    why="""Ansible skips such a play with a warning and succeeds: the nodes of a group that was misspelt or renamed are
never set up.""",
    instead="Name a node or group of the inventory, or add it there.",
    bad={
        "hosts.ini": """
            [webservers]
            gate ansible_host=192.0.2.7
            """,
        "playbook.yml": """
            - hosts: webserver
              tasks:
                - ansible.builtin.package: {name: nginx}
            """,
    },
    good={
        "hosts.ini": """
            [webservers]
            gate ansible_host=192.0.2.7
            """,
        "playbook.yml": """
            - hosts: webservers
              tasks:
                - ansible.builtin.package: {name: nginx}
            """,
    },
    also_bad=(
        {"hosts": "[web]\na\n[retired]\nb\n", "site.yml": "- hosts: all:!retierd\n  tasks: []\n"},
        {"hosts": "[web]\na\n", "site.yml": "- hosts: web\n  tasks: []\n- hosts: web:dbs\n  tasks: []\n"},
        {
            "inventory/hosts.yml": "all: {children: {web: {hosts: {a: }}}}\n",
            "playbooks/db.yml": "- name: Databases\n  hosts: db\n  roles: []\n",
        },
        {
            "inventories/prod/hosts": "[web]\na\n",
            "inventories/lab/hosts": "[web]\nb\n",
            "site.yml": "- hosts: all,&wbe\n  tasks: []\n",
        },
        {"hosts": "[web]\na\n", "site.yml": "- hosts:\n    - web\n    - nas.example\n  tasks: []\n"},
        {
            "ansible.cfg": "[defaults]\ninventory=./inv.ini\n",
            "inv.ini": "[web]\na\n",
            "x.yml": "- hosts: b*\n  tasks: []\n",
        },
    ),
    also_good=(
        {"hosts": "[web]\na\n", "site.yml": "- hosts: '{{ hosts | default(\"web\") }}'\n  tasks: []\n"},
        {"hosts": "[web]\na\n", "site.yml": "- hosts: localhost\n  connection: local\n  tasks: []\n"},
        {"hosts": "[web]\na\n", "site.yml": "- hosts: all:!retired\n  tasks: []\n"},
        {
            "hosts": "[web]\na\n",
            "site.yml": "- hosts: all:!web\n  tasks: []\n- hosts: all:!w*:!localhost\n  tasks: []\n",
        },
        {"hosts": "[web]\na\n[empty]\n", "site.yml": "- hosts: empty\n  tasks: []\n- hosts: web[0]\n  tasks: []\n"},
        {
            "inventories/prod/hosts": "[web]\na\n",
            "inventories/lab/hosts": "[pi]\nb\n",
            "site.yml": "- hosts: pi\n  tasks: []\n- hosts: web\n  tasks: []\n",
        },
        {"hosts": "[web]\na\n", "inventory/lab.yml": "plugin: nmap\n", "site.yml": "- hosts: pis\n  tasks: []\n"},
        {"site.yml": "- hosts: pis\n  tasks: []\n"},
        {"ansible.cfg": "[defaults]\ninventory=~/hosts\n", "hosts": "[web]\na\n", "x.yml": "- hosts: b\n  tasks: []\n"},
        {
            "hosts": "[web]\na\n",
            "site.yml": "- hosts: web\n  tasks:\n    - group_by: {key: 'os_{{ ansible_distribution }}'}\n"
            "- hosts: os_Debian\n  tasks: []\n",
        },
        {"hosts": "[web]\na\n", "Vagrantfile": "Vagrant\n", "site.yml": "- hosts: vms\n  tasks: []\n"},
        {
            "hosts.example.ini": "[web]\na ansible_host=192.0.2.7\n",
            "lab.ini": "[lab]\na ansible_host=192.0.2.7\n",
            "site.yml": "- hosts: web\n  tasks: []\n",
        },
        {"hosts": "[web]\na\n", "tests/test.yml": "- hosts: vms\n  tasks: []\n"},
        {"hosts": "[web]\na\n", "site.yml": "- hosts: ungrouped\n  tasks: []\n- hosts: '*'\n  tasks: []\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for tree in subject.once(ansible_trees_of):
        # Without an inventory of its own, the tool compares a declared playbook with the cluster.
        if tree.has_all_inventories and (tree.inventory or not tree.is_declared):
            known = given_names(tree)
            for play in tree.plays:
                yield from _of(tree, play, known)


def _of(tree: AnsibleTree, play: Play, known: frozenset[str]) -> Iterator[Finding]:
    for part in play.parts or ():
        if part.text in LOCAL or part.text in known or _matches(tree, part.text):
            continue
        if part.sign == "!":
            # A name that was left out and is gone is no trouble; one that was meant and is misspelt is.
            meant = nearly(part.text, known)
            if meant:
                message = f"`{part.text}` is in no inventory, so that nobody is left out; did you mean `{meant}`?"
                yield Finding(CODE, _place(play, part.text), message, f"write `{meant}`", Severity.WARNING)
            continue
        message = f"`{part.text}` is in no inventory, so that this play skips it{did_you_mean(part.text, known)}"
        remedy = "name a node or group of the inventory, or add it there"
        yield Finding(CODE, _place(play, part.text), message, remedy, Severity.WARNING)


def _place(play: Play, text: str) -> Place:
    """Where the list of `hosts:` has it, or the key where it is no list."""
    written = play.keys.get("hosts")
    at = next((index for index, each in enumerate(listed(written)) if text in str(each)), 0)
    return play.document.place(play.index, "hosts", at) if isinstance(written, list) else play.at_key("hosts")


def _matches(tree: AnsibleTree, text: str) -> bool:
    if text.startswith("~"):
        return True
    name = text.partition("[")[0]
    found = (matching(text, inventory) for inventory in tree.inventories)
    return any(name in inventory.names for inventory in tree.inventories) or any(each is None or each for each in found)


RULE = Rule(
    CODE, "play-without-node", Stage.DEPENDENCIES, Principle.P3, PAGE, check, Severity.WARNING, needs_every_file=True
)
