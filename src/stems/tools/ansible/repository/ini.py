"""Inventories in Ansible's INI format."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from stems.model.finding import Finding, Place
from stems.model.names import printable
from stems.tools.ansible.repository.inventory import UNGROUPED, Draft, Variable
from stems.tools.ansible.repository.ranges import expanded

BROKEN = "STM420"

_SECTION = re.compile(r"\[([^:\]\s]+)(?::(\w+))?\]\s*(?:#.*)?$")
_GROUP = re.compile(r"([^:\]\s]+)\s*(?:#.*)?$")
_BRACKETS = re.compile(r"\[[^\]]*\]")
_IPV6 = re.compile(r"\[?[0-9a-fA-F:.]*::[0-9a-fA-F:.]*\]?|\[?(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}\]?")
_HEADER = re.compile(r"(?m)^\[[A-Za-z0-9_.-]+(?::(?:vars|children))?\][ \t]*(?:#.*)?$")
_PLAIN = re.compile(r"[\w.:/=,@%+-]+(?: [\w.:/=,@%+-]+)*", re.ASCII)
_KINDS = ("hosts", "vars", "children")
_SHOWN = 60
_LONGEST, _LONGEST_ADDRESS = 5000, 60


def looks_like_ini(text: str) -> bool:
    return _HEADER.search(text) is not None


def read_ini(draft: Draft, text: str, path: str) -> None:
    """Add what a file says. Groups that are named before they are written are judged with `check_children`."""
    group, kind = UNGROUPED, "hosts"
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.strip()
        if not stripped or stripped[0] in "#;":
            continue
        place = Place(path, number, len(line) - len(line.lstrip()) + 1)
        if "{%" in stripped or stripped.startswith(("{{", "%{", "${", "<%")) or len(stripped) > _LONGEST:
            # A template that is rendered elsewhere, or nothing that a person wrote.
            draft.is_complete = False
            return
        header = _SECTION.match(stripped)
        if header:
            group, kind = header[1], header[2] or "hosts"
            if kind not in _KINDS:
                _refuse(draft, place, f"the section [{group}:{kind}] has an unknown type", "write `vars` or `children`")
                kind = ""
            elif kind != "vars":
                draft.group(group, place)
        elif stripped[0] == "[" and (stripped[-1] == "]" or "]" not in stripped) and not _is_ipv6(stripped):
            _refuse(draft, place, f"{_cut(stripped)} is no section", "write [GROUP] without spaces")
            kind = ""
        else:
            _entry(draft, place, stripped, group, kind)


def _entry(draft: Draft, place: Place, line: str, group: str, kind: str) -> None:
    if kind == "hosts":
        _hosts(draft, place, line, group)
    elif kind == "vars":
        name, equals, value = line.partition("=")
        if equals:
            draft.variable(group, name.strip(), Variable(_unquoted(value.strip()), place))
        else:
            _refuse(draft, place, f"[{group}:vars] holds `NAME=VALUE`, and this is {_cut(line)}", "write an `=`")
    elif kind == "children":
        child = _GROUP.match(line)
        if child:
            draft.child(group, child[1], place)
        else:
            _refuse(draft, place, f"[{group}:children] holds names of groups, and this is {_cut(line)}", "name a group")


def _hosts(draft: Draft, place: Place, line: str, group: str) -> None:
    try:
        # Most lines have nothing that `shlex` is needed for, and it is slow.
        words = line.split(" ") if _PLAIN.fullmatch(line) else shlex.split(line, comments=True)
    except ValueError:
        _refuse(draft, place, f"{_cut(line)}: a quote is not closed", "close it")
        return
    if not words:
        return
    variables: dict[str, Variable] = {}
    for word in words[1:]:
        name, equals, value = word.partition("=")
        if not equals:
            remedy = f"write NAME=VALUE without spaces, or put {_cut(word)} on a line of its own"
            _refuse(draft, place, f"after the node come variables, and {_cut(word)} is none", remedy)
            return
        variables[name] = Variable(value, place)
    for name in _names(draft, place, words[0], variables):
        draft.host(name, place, group, variables)


def _names(draft: Draft, place: Place, written: str, variables: dict[str, Variable]) -> tuple[str, ...]:
    if "{{" in written:
        draft.is_complete = False
        return ()
    head, colon, port = written.rpartition(":")
    if colon and port.isdecimal() and head and ":" not in _BRACKETS.sub("", head):
        written = head
        variables.setdefault("ansible_port", Variable(port, place))
    if _is_ipv6(written):
        return (written.strip("[]"),)
    try:
        return expanded(written)
    except ValueError as error:
        if "more than" in str(error):
            draft.is_complete = False
        else:
            _refuse(draft, place, f"{_cut(written)}: {error}", "write [FIRST:LAST]")
        return ()


def _is_ipv6(text: str) -> bool:
    return len(text) <= _LONGEST_ADDRESS and _IPV6.fullmatch(text) is not None


def check_children(draft: Draft, texts: Iterator[tuple[str, str]]) -> None:
    """Groups that a `:children` or `:vars` names and that are nowhere: Ansible refuses the whole file."""
    for path, text in texts:
        group, kind = "", ""
        for number, line in enumerate(text.split("\n"), 1):
            stripped = line.strip()
            header = _SECTION.match(stripped)
            place = Place(path, number, 1)
            if header:
                group, kind = header[1], header[2] or "hosts"
                if kind == "vars" and not draft.has_group(group):
                    message = f"[{group}:vars] is of a group that is nowhere"
                    _refuse(draft, place, message, f"add [{group}], or remove it", hides=False)
            elif stripped.startswith("["):
                kind = ""
            elif kind == "children" and stripped and stripped[0] not in "#;":
                child = _GROUP.match(stripped)
                if child and not draft.has_group(child[1]):
                    message = f"[{group}:children] names `{child[1]}`, and no such group is in this inventory"
                    _refuse(draft, place, message, f"add [{child[1]}], or correct the name", hides=False)


def _refuse(draft: Draft, place: Place, message: str, remedy: str, *, hides: bool = True) -> None:
    """`hides` where it cannot be known which nodes and groups were meant."""
    draft.findings.append(Finding(BROKEN, place, f"{message}; Ansible refuses the file", remedy))
    draft.is_complete = draft.is_complete and not hides


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"" else value


def _cut(text: str) -> str:
    return f"`{printable(text)[:_SHOWN]}`"
