"""A node that no play reaches."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.ansible.repository.content import is_below
from stems.tools.ansible.repository.inventory import ALL, Host, Inventory
from stems.tools.ansible.repository.patterns import matched
from stems.tools.ansible.repository.tree import AnsibleTree
from stems.validation.ansible_trees import ansible_trees_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM426"

_WORD = re.compile(r"[\w.-]+")

PAGE = Page(
    checks="""Nodes of an inventory that the `hosts:` of no play matches and that no task, variable or template names.
Where a pattern has a variable, or a program or plugin gives the inventory more nodes, nothing is said.""",
    why="""It is in the inventory, so everybody takes it for configured, and it gets no updates and no changed key: its
group was renamed in the playbook and not here, or the other way round.""",
    instead="Add its group to a play, or take the node out of the inventory.",
    bad={
        "hosts.ini": """
            [pi]
            gate ansible_host=192.0.2.7

            [storage]
            nas ansible_host=192.0.2.8
            """,
        "playbook.yml": """
            - hosts: pi
              roles: []
            """,
    },
    good={
        "hosts.ini": """
            [pi]
            gate ansible_host=192.0.2.7

            [storage]
            nas ansible_host=192.0.2.8
            """,
        "playbook.yml": """
            - hosts: pi:storage
              roles: []
            """,
    },
    also_bad=(
        {
            "inventory/hosts.yml": "all:\n  children:\n    web: {hosts: {a: {}}}\n    db: {hosts: {b: {}}}\n",
            "playbooks/web.yml": "- hosts: web\n  tasks: []\n",
        },
        {
            "ansible.cfg": "[defaults]\ninventory = inv\n",
            "inv": "[web]\nweb[1:2]\n[db]\ndb1\n",
            "site.yml": "- hosts: web*\n  tasks: []\n",
        },
        {"hosts": "[web]\na\nb\n", "site.yml": "- hosts: web:!b\n  tasks: []\n"},
        {"hosts": "[web]\na\n[db]\nb\n", "site.yml": "- hosts: [web]\n  tasks: []\n- hosts: localhost\n  tasks: []\n"},
    ),
    also_good=(
        {"hosts": "[web]\na\n[db]\nb\n", "site.yml": "- hosts: all\n  tasks: []\n"},
        {"hosts": "[web]\na\n[db]\nb\n", "site.yml": "- hosts: '{{ target }}'\n  tasks: []\n"},
        {"hosts": "[web]\na\n[db]\nb\n", "site.yml": "- hosts: web\n  tasks:\n    - ping:\n      delegate_to: b\n"},
        {
            "hosts": "[web]\na\n[db]\nb\n",
            "site.yml": "- hosts: web\n  tasks:\n    - debug: {msg: \"{{ groups['db'] }}\"}\n",
        },
        {"hosts": "[web]\na\n[db]\nb\n", "docs/about.md": "no plays here\n"},
        {"hosts": "[web]\na\n[db]\nb\n", "site.yml": "- hosts: localhost\n  tasks: []\n"},
        {"hosts": "[web]\na\n[db]\nb\n[all_of:children]\nweb\ndb\n", "site.yml": "- hosts: all_of\n  tasks: []\n"},
        {
            "inventory/hosts": "[web]\na\n[db]\nb\n",
            "inventory/lab.yml": "plugin: constructed\ngroups: {web: true}\n",
            "site.yml": "- hosts: web\n  tasks: []\n",
        },
        {
            "inventory/hosts": "[web]\na\n[db]\nb\n",
            "site.yml": "- import_playbook: web.yml\n- import_playbook: db.yml\n",
            "web.yml": "- hosts: web\n  tasks: []\n",
            "db.yml": "- hosts: ~^d.*\n  tasks: []\n- hosts: db[0]\n  tasks: []\n",
        },
        {
            "hosts": "[web]\na\nlocalhost ansible_connection=local\n",
            "site.yml": "- hosts: a\n  tasks: []\n",
        },
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for tree in subject.once(ansible_trees_of):
        if tree.is_declared or not tree.has_all_inventories or all(play.is_local for play in tree.plays):
            continue
        words: set[str] = set()
        for inventory in tree.inventories:
            for host in _unreached(tree, inventory):
                words = words or _words(tree)
                if not words & {host.name, *inventory.groups_of(host.name)} - {ALL}:
                    message = f"no play reaches `{host.name}`"
                    remedy = "add a group of it to a play, or remove it from the inventory"
                    yield Finding(CODE, host.place, message, remedy, Severity.NOTE)


def _unreached(tree: AnsibleTree, inventory: Inventory) -> list[Host]:
    reached: frozenset[str] = frozenset({"localhost"})
    for play in tree.plays:
        if not play.imported:
            names = None if play.parts is None else matched(play.parts, inventory)
            if names is None:
                return []
            reached |= names
    return [host for name, host in inventory.hosts.items() if name not in reached]


def _words(tree: AnsibleTree) -> set[str]:
    """What tasks, variables and templates name: who is named there is known to be left alone."""
    own = {path for inventory in tree.inventories for path in inventory.paths}
    texts = (
        tree.content.text(path)
        for path in tree.paths
        if path.endswith((".yml", ".yaml", ".j2", ".sh")) and not any(is_below(path, each) for each in own)
    )
    found: set[str] = set()
    for text in texts:
        # What `hosts:` excludes is not named by that.
        found.update(*(_WORD.findall(line) for line in text.split("\n") if "hosts:" not in line))
    return found


RULE = Rule(CODE, "unreached-node", Stage.DEPENDENCIES, Principle.P3, PAGE, check, Severity.NOTE, needs_every_file=True)
