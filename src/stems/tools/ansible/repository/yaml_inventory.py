"""Inventories in YAML: groups below groups, and plugins that find nodes elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

from stems.model.finding import Finding, Severity
from stems.model.suggestion import did_you_mean
from stems.readers.document import Document
from stems.tools.ansible.repository.ini import BROKEN
from stems.tools.ansible.repository.inventory import Draft, Variable
from stems.tools.ansible.repository.ranges import expanded

_KEYS = ("hosts", "children", "vars")
_DEEPEST = 40

Path = tuple[str | int, ...]


def looks_like_inventory(document: Document) -> bool:
    """Whether a file that has no telling name is one."""
    value = document.value
    if not isinstance(value, dict) or not value:
        return False
    groups = [group for group in value.values() if isinstance(group, dict)]
    return (
        len(groups) == len(value)
        and ("all" in value or "ungrouped" in value)
        and any(set(group) & {"hosts", "children"} for group in groups)
    )


def read_yaml_inventory(draft: Draft, document: Document) -> None:
    value = document.value
    if not isinstance(value, dict):
        if value is not None:
            draft.is_complete = False
            message = "an inventory is a mapping of groups; Ansible refuses the file"
            draft.findings.append(Finding(BROKEN, document.place(), message, "begin with `all:`"))
        return
    if "plugin" in value:
        # Its nodes are found when it runs.
        draft.is_complete = False
        return
    for name in value:
        _group(draft, document, (name,), value[name], 0)


def _group(draft: Draft, document: Document, at: Path, value: object, depth: int) -> None:
    name = str(at[-1])
    if "{{" in name or depth > _DEEPEST:
        draft.is_complete = False
        return
    draft.group(name, document.key_place(*at))
    if value is None:
        return
    if not isinstance(value, dict):
        message = f"the group `{name}` must be a mapping with {' and '.join(f'`{key}`' for key in _KEYS)}"
        _find(draft, document, at, message, "put its nodes under `hosts:`", Severity.WARNING)
        return
    for key, inner in value.items():
        _part(draft, document, (*at, key), inner, depth)


def _part(draft: Draft, document: Document, at: Path, value: object, depth: int) -> None:
    group, key = str(at[-2]), str(at[-1])
    if key not in _KEYS:
        message = f"`{key}` in the group `{group}` is nothing that Ansible reads{did_you_mean(key, _KEYS)}"
        _find(draft, document, at, message, "put it under `hosts:`, `children:` or `vars:`", Severity.WARNING)
        return
    if isinstance(value, str):
        # Ansible takes one name for a mapping with that name.
        value = {value: None}
    if value is None:
        return
    if not isinstance(value, dict):
        message = f"`{key}` of the group `{group}` must be a mapping: Ansible refuses the file"
        _find(draft, document, at, message, "write NAME: instead of - NAME", Severity.ERROR)
    elif key == "vars":
        for name, inner in value.items():
            draft.variable(group, name, Variable(inner, document.key_place(*at, name)))
    elif key == "children":
        for name, inner in value.items():
            draft.child(group, name, document.key_place(*at, name))
            _group(draft, document, (*at, name), inner, depth + 1)
    else:
        for name, inner in value.items():
            _hosts(draft, document, (*at, name), inner)


def _hosts(draft: Draft, document: Document, at: Path, value: object) -> None:
    written = str(at[-1])
    if "{{" in written:
        draft.is_complete = False
        return
    try:
        names = expanded(written)
    except ValueError as error:
        if "more than" in str(error):
            draft.is_complete = False
        else:
            _find(draft, document, at, f"`{written}`: {error}", "write [FIRST:LAST]", Severity.ERROR)
        return
    given: Mapping[str, object] = value if isinstance(value, dict) else {}
    variables = {name: Variable(inner, document.key_place(*at, name)) for name, inner in given.items()}
    for name in names:
        draft.host(name, document.key_place(*at), str(at[-3]), variables)


def _find(draft: Draft, document: Document, at: Path, message: str, remedy: str, severity: Severity) -> None:
    draft.findings.append(Finding(BROKEN, document.key_place(*at), message, remedy, severity))
    # What was meant is not known.
    draft.is_complete = False
