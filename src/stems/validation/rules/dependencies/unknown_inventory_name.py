"""A condition that names a node which no inventory has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.model.suggestion import did_you_mean
from stems.readers.document import Document
from stems.tools.ansible.repository.names import templates, written
from stems.tools.ansible.repository.spelling import nearly
from stems.tools.ansible.repository.strings import At, conditions_in, texts_in
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
_MAY_INDEX = re.compile(r"\b(?:groups|hostvars)\b")
_INDEX = re.compile(
    r"(?<![\w.])(?:(?:groups|hostvars)\[[\"'](?P<name>[\w.-]{1,80})[\"']\]"
    r"|groups\.(?!get\b|keys\b|items\b|values\b)(?P<word>[A-Za-z_]\w{0,79}))"
)
_SOFT = re.compile(r"[\w.\[\]'\"]{0,80}\s*(?:\)\s*)?(?:\|\s*(?:default|d)\b|is\s+(?:not\s+)?(?:un)?defined)")
_ASKS = re.compile(r"[\"'](?P<name>[\w.-]{1,80})[\"']\s+(?:not\s+)?in\s+(?:groups|hostvars)\b")
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_TEXT = re.compile(r"[\"']([\w.-]{1,80})[\"']")

PAGE = Page(
    checks="""Names that conditions compare with `inventory_hostname`, or look for in `group_names`, those of
`groups['…']` and `hostvars['…']`, and what is nearly a name in `delegate_to`, and that no inventory of the repository
has, nor `config/cluster.yml`. Where an inventory may have others, or something asks first, nothing is said.""",
    why="""The condition is never true, or always, and an index stops Ansible: the node was renamed, or Ansible knows it
by another name than the one that it gives itself.""",
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
        {"hosts": "[web]\na\n", "site.yml": "- hosts: web\n  tasks:\n    - debug: {msg: \"{{ groups['wbe'] }}\"}\n"},
        {
            "hosts": "[web]\na\n",
            "site.yml": "- hosts: web\n  tasks:\n    - ping:\n      when: groups.db | length > 0\n",
        },
        {
            "hosts": "[web]\ngate\n",
            "roles/x/templates/a.j2": "x\n{{ hostvars['gaet'].ansible_host }}\n",
            "roles/x/tasks/main.yml": "- template: {src: a.j2, dest: /etc/a}\n",
            "site.yml": "- hosts: web\n  roles: [x]\n",
        },
        {"hosts": "[web]\ngate\n", "site.yml": "- hosts: web\n  tasks:\n    - ping:\n      delegate_to: gaet\n"},
    ),
    also_good=(
        {
            "hosts": "[web]\na\n",
            "site.yml": """
                - hosts: web
                  tasks:
                    - debug: {msg: "{{ groups['db'] | default([]) }} {{ groups.get('db') }} {{ groups.keys() }}"}
                    - debug: {msg: "{{ hostvars['nas'].ip | default('') }} {{ my.groups.db }} {{ x_groups['db'] }}"}
                    - debug: {msg: "{{ groups['cache'][0] }}"}
                      when: "'cache' in groups"
                    - debug: {msg: "{{ groups.mail | first }}"}
                      when: groups.mail is defined
                    - debug: {msg: "{{ groups['web'] }} {{ hostvars[inventory_hostname] }} {{ groups[x] }}"}
                    - ping:
                      delegate_to: elsewhere.example
                """,
            "roles/x/templates/a.j2": "{# groups['old'] #}\n",
        },
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
                    message = f"no inventory has `{name}`, so that this is the same everywhere"
                    remedy = "write a name of the inventory, or ask for a group"
                    yield _finding(document.key_place(*at), f"{message}{did_you_mean(name, known)}", remedy)
    yield from _indexed(tree, known)
    for task in tree.tasks:
        target = task.keys.get("delegate_to")
        # Ansible also delegates to who is in no inventory, so only a slip is certain.
        meant = nearly(target, known) if isinstance(target, str) and target not in known else ""
        if meant:
            message = f"no inventory has `{target}`; did you mean `{meant}`?"
            yield _finding(task.at_key("delegate_to"), message, f"write `{meant}`")


def _indexed(tree: AnsibleTree, known: frozenset[str]) -> Iterator[Finding]:
    """`groups['x']` and `hostvars['x']`, unless something asks first whether there is such a name."""
    uses = list(_uses(tree))
    asked = {name for text, _ in uses for name in _asked(text)}
    for text, place in uses:
        for found in _INDEX.finditer(text):
            name = found["name"] or found["word"]
            if name not in known | asked and not _SOFT.match(text, found.end()):
                message = f"no inventory has `{name}`, so that Ansible stops here{did_you_mean(name, known)}"
                yield _finding(place(found.start()), message, "write a name of the inventory, or give a `default()`")


def _uses(tree: AnsibleTree) -> Iterator[tuple[str, Callable[[int], Place]]]:
    """What may have such a name, and where an offset of it is."""
    for document in written(tree):
        for at, text in (*texts_in(document, document.value), *conditions_in(document.value)):
            if _MAY_INDEX.search(text):
                yield text, partial(_in_document, document, at)
    for path in templates(tree):
        text = tree.content.text(path) if "templates" in path.split("/") else ""
        if _MAY_INDEX.search(text):
            yield _COMMENT.sub(lambda comment: re.sub(r"[^\n]", " ", comment[0]), text), partial(_offset, path, text)


def _in_document(document: Document, at: At, _: int) -> Place:
    return document.key_place(*at)


def _offset(path: str, text: str, offset: int) -> Place:
    return Place(path, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def _asked(text: str) -> Iterator[str]:
    yield from (found["name"] for found in _ASKS.finditer(text))
    yield from (found["name"] or found["word"] for found in _INDEX.finditer(text) if _SOFT.match(text, found.end()))


def _names(text: str) -> Iterator[str]:
    if "inventory_hostname" in text:
        for found in _NAMED.finditer(text):
            yield from [found["name"]] if found["name"] else _TEXT.findall(found["list"])
    if "group_names" in text:
        yield from (found["name"] for found in _GROUP.finditer(text))


def _finding(place: Place, message: str, remedy: str) -> Finding:
    return Finding(CODE, place, message, remedy, Severity.WARNING)


RULE = Rule(
    CODE,
    "unknown-inventory-name",
    Stage.DEPENDENCIES,
    Principle.P3,
    PAGE,
    check,
    Severity.WARNING,
    needs_every_file=True,
)
