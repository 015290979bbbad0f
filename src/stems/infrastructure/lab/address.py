"""Replacing where a node is reached in the text of a `cluster.yml`, leaving every other character as it is."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping

from stems.errors import ConfigurationError
from stems.model.finding import Place
from stems.readers.document import Document
from stems.readers.yaml import read_yaml

_INDENT = re.compile(r" *")
_SCALAR = re.compile(r"""\"(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*'|[^\s,}#]+""")


def with_ssh(text: str, path: str, *, node: str, ssh: Mapping[str, str | int]) -> str:
    """The text in which the node's `ssh:` says `ssh` and everything else says what it said."""
    before = read_yaml(text, path)
    start, end = _extent(text, before, node)
    written = "ssh: {" + ", ".join(f"{key}: {json.dumps(value)}" for key, value in ssh.items()) + "}"
    after = text[:start] + written + text[end:]
    if not _says(after, path, _expected(before, node, ssh)):
        raise ConfigurationError(
            f"{before.key_place('nodes', node, 'ssh')}: this way of writing `ssh` cannot be replaced",
            remedy="write it as one mapping without anchors: ssh: {host: …, user: …}",
        )
    return after


def with_variable(text: str, path: str, *, node: str, name: str, value: str | int) -> str:
    """The text in which a variable that the node sets itself has another value; as it is where the node sets none."""
    before = read_yaml(text, path)
    expected = copy.deepcopy(before.value)
    assert isinstance(expected, dict)  # noqa: S101  # its nodes were read before
    variables = expected["nodes"][node].get("variables")
    if not isinstance(variables, dict) or name not in variables:
        return text
    variables[name] = value
    start = _offset(text, before.place("nodes", node, "variables", name))
    written = _SCALAR.match(text, start)
    after = text[:start] + json.dumps(value) + text[written.end() :] if written else text
    if not _says(after, path, expected):
        raise ConfigurationError(
            f"{before.place('nodes', node, 'variables', name)}: this way of writing `{name}` cannot be replaced",
            remedy=f"write it on one line without anchors: {name}: 192.0.2.11",
        )
    return after


def _says(text: str, path: str, expected: object) -> bool:
    try:
        return read_yaml(text, path).value == expected
    except ConfigurationError:
        return False


def _offset(text: str, place: Place) -> int:
    return sum(map(len, text.splitlines(keepends=True)[: place.line - 1])) + place.column - 1


def _expected(before: Document, node: str, ssh: Mapping[str, str | int]) -> object:
    value = copy.deepcopy(before.value)
    assert isinstance(value, dict)  # noqa: S101  # its nodes were read before
    value["nodes"][node]["ssh"] = dict(ssh)
    return value


def _extent(text: str, document: Document, node: str) -> tuple[int, int]:
    key = document.key_place("nodes", node, "ssh")
    value = document.place("nodes", node, "ssh")
    lines = text.splitlines(keepends=True)
    start = _offset(text, key)
    first = _offset(text, value)
    if text[first : first + 1] == "{":
        return start, _flow_end(text, first)
    return start, _block_end(lines, key.line, key.column - 1)


def _flow_end(text: str, start: int) -> int:
    """Behind the brace that closes the one at `start`."""
    depth, quote = 0, ""
    for position in range(start, len(text)):
        character = text[position]
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in "{}":
            depth += 1 if character == "{" else -1
            if depth == 0:
                return position + 1
    return len(text)


def _block_end(lines: list[str], line: int, column: int) -> int:
    """Behind the last line that is indented further than the key in `line`, without its line end."""
    last = line
    for number in range(line + 1, len(lines) + 1):
        content = lines[number - 1]
        indent = _INDENT.match(content)
        if content.strip() and not content.lstrip().startswith("#"):
            if indent is None or indent.end() <= column:
                break
            last = number
    return sum(map(len, lines[:last])) - (len(lines[last - 1]) - len(lines[last - 1].rstrip("\r\n")))
