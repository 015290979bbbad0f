"""The time zone that an Ansible tree gives to all of its nodes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from stems.lifecycle.assessment.look import Look
from stems.model.assessment import Evidence
from stems.tools.ansible.repository.content import joined
from stems.tools.ansible.repository.tree import AnsibleTree
from stems.validation.ansible_trees import ansible_trees_of

_ZONE = re.compile(r"UTC|[A-Za-z_+-]+(?:/[A-Za-z0-9_+-]+){1,2}")
_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_USUAL, _MODULE = "timezone", "timezone"


def timezone_of(look: Look) -> Evidence | None:
    """None where trees of one repository disagree: only a person can tell which one is meant."""
    found = [one for tree in look.subject.once(ansible_trees_of) for one in _of(tree)]
    return found[0] if len({one.says for one in found}) == 1 else None


def _of(tree: AnsibleTree) -> Iterator[Evidence]:
    """The variable that stems has itself, or else what tasks set."""
    for_all = [file.path for file in tree.variable_files if (file.kind, file.name) == ("group", "all")]
    usual = list(_values(tree, for_all, _USUAL))
    if usual:
        yield from usual
        return
    for task in tree.tasks:
        name = task.arguments().get("name") if task.module.rpartition(".")[2] == _MODULE else None
        if not isinstance(name, str):
            continue
        variable = _VARIABLE.fullmatch(name.strip())
        if variable:
            defaults = [joined(task.role, "defaults/main.yml")] if task.role else []
            # Variables of the group outrank the defaults of a role.
            given = [*_values(tree, for_all, variable[1]), *_values(tree, defaults, variable[1])]
            yield from given[:1]
        elif _ZONE.fullmatch(name):
            yield Evidence(task.at_argument("name"), name)


def _values(tree: AnsibleTree, paths: Iterable[str], name: str) -> Iterator[Evidence]:
    for path in paths:
        document = tree.content.document(path)
        value = document.value.get(name) if document and isinstance(document.value, dict) else None
        if document and isinstance(value, str) and _ZONE.fullmatch(value):
            yield Evidence(document.key_place(name), value)
