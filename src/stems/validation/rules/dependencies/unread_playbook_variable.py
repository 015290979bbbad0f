"""A variable of a node, group or role that nothing uses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.tools.ansible.repository.tree import AnsibleTree
from stems.validation.ansible_trees import ansible_trees_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM456"

_WORD = re.compile(r"[A-Za-z_]\w*")
_DYNAMIC = re.compile(
    r"\bvars\s*\[|['\"](?:ansible\.builtin\.)?(?:vars|varnames)['\"]\s*,|\bhostvars\[[^\]]{1,80}\]\s*\[\s*[^'\"\s]"
)
# What Ansible, or whoever includes the role, reads without naming it.
_NOT_MEANT = ("ansible_", "molecule_", "_")
_TREE = (".yml", ".yaml", ".j2", ".jinja2")
_MOST = 2_000

PAGE = Page(
    checks="""Variables in `group_vars/`, `host_vars/` and in `defaults/` and `vars/` of roles whose name stands nowhere
else: in no task, template, script or other variable. Where roles or collections come from elsewhere, or an expression
makes names of variables, nothing is said.""",
    why="""Somebody changes the value and waits for the effect. What used it was renamed or removed, or reads a name
that is written in another way.""",
    instead="Remove it, or correct the name where it is meant to be used.",
    bad={
        "hosts.ini": "[web]\ngate ansible_host=192.0.2.7\n",
        "group_vars/web.yml": """
            web_port: 8080
            web_listen_addres: 192.0.2.7
            """,
        "playbook.yml": """
            - hosts: web
              tasks:
                - ansible.builtin.debug: {msg: "{{ web_port }}"}
            """,
    },
    good={
        "hosts.ini": "[web]\ngate ansible_host=192.0.2.7\n",
        "group_vars/web.yml": """
            web_port: 8080
            """,
        "playbook.yml": """
            - hosts: web
              tasks:
                - ansible.builtin.debug: {msg: "{{ web_port }}"}
            """,
    },
    also_bad=(
        {
            "site.yml": "- hosts: web\n  roles: [web]\n",
            "roles/web/defaults/main.yml": "web_user: www\nweb_old: 1\n",
            "roles/web/tasks/main.yml": "- debug: {msg: '{{ web_user }}'}\n",
        },
        {
            "site.yml": "- hosts: web\n  tasks: [{ping: }]\n",
            "group_vars/a.yml": "spare: 1\n",
            "host_vars/b/main.yml": "spare: 2\n",
        },
    ),
    also_good=(
        {
            "site.yml": "- hosts: web\n  roles: [web]\n",
            "group_vars/web.yml": "ansible_user: a\nweb_user: www\nweb_home: '/srv/{{ web_user }}'\n_note: a\n",
            "roles/web/templates/a.j2": "{{ web_home }}\n",
            "roles/web/tasks/main.yml": "- template: {src: a.j2, dest: /etc/a}\n",
        },
        {"site.yml": "- hosts: web\n  roles: [geerlingguy.ntp]\n", "group_vars/web.yml": "ntp_timezone: UTC\n"},
        {
            "site.yml": "- hosts: web\n  tasks:\n    - debug: {msg: \"{{ lookup('vars', item) }}\"}\n",
            "group_vars/web.yml": "spare: 1\n",
        },
        {
            "site.yml": "- hosts: web\n  tasks: [{ping: }]\n",
            "group_vars/web.yml": "spare: 1\n",
            "bin/a.py": "print(inventory['spare'])\n",
        },
        {
            "site.yml": "- hosts: web\n  tasks: [{ping: }]\n",
            "group_vars/web.yml": "spare: 1\n",
            "requirements.yml": "collections: [{name: a.b, version: 1.0.0}]\n",
        },
        {"roles/web/defaults/main.yml": "web_old: 1\n", "roles/web/tasks/main.yml": "- ping:\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for tree in subject.once(ansible_trees_of):
        if tree.plays and not tree.foreign_uses and not tree.requirements and not tree.foreign_folders:
            written = _written(tree)
            for name in _unread(subject, written) if len(written) <= _MOST else ():
                message = f"nothing uses the variable `{name}`"
                remedy = "remove it, or correct the name where it is meant to be used"
                yield Finding(CODE, written[name][0], message, remedy, Severity.NOTE)


def _written(tree: AnsibleTree) -> dict[str, list[Place]]:
    """The variables of files, each with every place that gives it a value."""
    found: dict[str, list[Place]] = {}
    paths = [file.path for file in tree.variable_files]
    for role in tree.own_roles:
        paths += [path for part in ("defaults", "vars") for path in tree.content.under(role.part(part))]
    for path in dict.fromkeys(paths):
        document = tree.content.document(path) if path.endswith((".yml", ".yaml")) else None
        for name in document.value if document and isinstance(document.value, dict) else ():
            if document and _WORD.fullmatch(name) and not name.startswith(_NOT_MEANT):
                found.setdefault(name, []).append(document.key_place(name))
    return found


def _unread(subject: Subject, written: dict[str, list[Place]]) -> list[str]:
    """Those whose name stands nowhere but where they get a value; none where a name may be made."""
    left = dict(written)
    for file in subject.files:
        if not left:
            break
        if file.is_documentation:
            continue
        text = file.text
        if file.name.endswith(_TREE) and _DYNAMIC.search(text):
            return []
        for name in [name for name in left if name in text]:
            own = sum(place.path == file.path for place in left[name])
            if len(re.findall(rf"\b{name}\b", text)) > own:
                del left[name]
    return list(left)


RULE = Rule(
    CODE,
    "unread-playbook-variable",
    Stage.DEPENDENCIES,
    Principle.P3,
    PAGE,
    check,
    Severity.NOTE,
    needs_every_file=True,
)
