"""Nodes of Ansible inventories, as their files say it. Scripts and plugins are not run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from itertools import islice, product
from posixpath import dirname, normpath

from stems.lifecycle.assessment.look import Look
from stems.model.assessment import Sighting, Strength
from stems.model.finding import Place
from stems.model.names import HOST, USER, is_name
from stems.readers.document import Document
from stems.validation.files import File, Kind

_FILES = re.compile(
    r"(?:.*/)?(?:(?:hosts|inventory)(?:[._-]\w+)?(?:\.(?:ini|ya?ml|cfg|inv))?|\w+\.(?:inventory|inv)|\w+[._-](?:hosts|inventory)(?:\.(?:ini|ya?ml))?)"
)
_INSIDE = re.compile(r"(?:.*/)?inventor(?:y|ies)/(?:.+/)?[^./][^/]*?(?:\.(?:ini|ya?ml|cfg))?")
_VARIABLES = re.compile(r"(?:.*/)?(?:group_vars|host_vars)/.*")
_NAMED = re.compile(r"^\s*inventory\s*=\s*(?P<paths>[^#;\n]+)", re.MULTILINE)
_HEADER = re.compile(r"\s*\[(?P<name>[^\]:]+)(?::(?P<kind>\w+))?\]\s*(?:[#;].*)?$")
_RANGE = re.compile(r"\[(?P<first>[0-9]+|[A-Za-z]):(?P<last>[0-9]+|[A-Za-z])(?::(?P<step>[0-9]+))?\]")
_LONGEST = 5000
_MOST_OF_A_FILE = 2000
_MOST = 500
"""Nodes that one line may stand for."""


def sightings(look: Look) -> Iterator[Sighting]:
    named = frozenset(_named(look))
    for file in look.settled:
        is_named = file.path in named or any(file.path.startswith(f"{path}/") for path in named)
        if not (is_named or _FILES.fullmatch(file.path) or _INSIDE.fullmatch(file.path)):
            continue
        if _VARIABLES.fullmatch(file.path) or file.kind is not Kind.TEXT or file.text.startswith("#!"):
            continue
        yield from _yaml(file) if file.name.endswith((".yml", ".yaml")) else _ini(file)


def _named(look: Look) -> Iterator[str]:
    """The paths that an `ansible.cfg` names."""
    for file in look.files.named("ansible.cfg"):
        for found in _NAMED.finditer(file.text):
            for path in found["paths"].split(","):
                yield normpath(f"{dirname(file.path)}/{path.strip()}").lstrip("/").removeprefix("./")


def _ini(file: File) -> Iterator[Sighting]:
    group, is_of_nodes, has_group = "", True, False
    found: list[Sighting] = []
    for number, line in enumerate(file.lines, start=1):
        if len(line) > _LONGEST:
            continue
        header = _HEADER.match(line)
        if header:
            group, is_of_nodes, has_group = header["name"].strip(), header["kind"] is None, True
        elif is_of_nodes and line.strip() and line.lstrip()[0] not in "#;" and len(found) < _MOST_OF_A_FILE:
            found += _line(line, file.place(number, 1), group)
    # A `hosts` file without groups may be one of addresses.
    if has_group or any("ansible_" in line for line in file.lines[:200]) or _INSIDE.fullmatch(file.path):
        yield from found


def _line(line: str, place: Place, group: str) -> Iterator[Sighting]:
    try:
        first, *rest = shlex.split(line, comments=True)
    except ValueError:
        return
    variables = dict(word.split("=", 1) for word in rest if "=" in word)
    for name in islice(_expanded(first), _MOST):
        found = _sighting(name, place, group, variables)
        if found:
            yield found


def _yaml(file: File) -> Iterator[Sighting]:
    for document in file.documents[:5]:
        value = document.value
        if isinstance(value, Mapping) and "plugin" not in value:
            for group, inner in value.items():
                yield from _group(document, (group,), inner)


def _group(document: Document, keys: tuple[str, ...], value: object) -> Iterator[Sighting]:
    if not isinstance(value, Mapping) or len(keys) > 40:
        return
    hosts, children = value.get("hosts"), value.get("children")
    for name, variables in hosts.items() if isinstance(hosts, Mapping) else ():
        for each in islice(_expanded(str(name)), _MOST):
            group = "" if keys[-1] == "all" else keys[-1]
            place = document.key_place(*keys, "hosts", name)
            found = _sighting(each, place, group, variables if isinstance(variables, Mapping) else {})
            if found:
                yield found
    for name, inner in children.items() if isinstance(children, Mapping) else ():
        yield from _group(document, (*keys, "children", str(name)), inner)


def _sighting(name: str, place: Place, group: str, variables: Mapping[str, object]) -> Sighting | None:
    name, _, own_port = name.partition(":") if name.count(":") == 1 else (name, "", "")
    address, user, port = (_text(variables, word) for word in ("host", "user", "port"))
    if not is_name(HOST, name) or name in ("localhost", "127.0.0.1") or variables.get("ansible_connection") == "local":
        return None
    port = port or own_port
    return Sighting(
        name,
        place,
        f"inventory, group {group}" if group and group not in ("all", "ungrouped") else "inventory",
        Strength.DECLARED,
        address=address if is_name(HOST, address) else "",
        user=user if is_name(USER, user) else "",
        port=int(port) if port.isascii() and port.isdecimal() and 0 < int(port[:6]) < 65536 else 0,
        groups=(group,) if group else (),
    )


def _text(variables: Mapping[str, object], word: str) -> str:
    names = (f"ansible_{word}", f"ansible_ssh_{word}")
    return next((str(variables[name]) for name in names if variables.get(name) not in (None, "")), "")


def _expanded(name: str) -> Iterator[str]:
    """`web[01:03]` as the names that it stands for."""
    parts: list[list[str]] = []
    at = 0
    for found in islice(_RANGE.finditer(name), 4):
        parts += [[name[at : found.start()]], _between(found)]
        at = found.end()
    return map("".join, product(*parts, [name[at:]]))


def _between(found: re.Match[str]) -> list[str]:
    first, last, step = found["first"], found["last"], int((found["step"] or "1")[:4]) or 1
    if first.isdecimal() and last.isdecimal():
        numbers = islice(range(int(first[:9]), int(last[:9]) + 1, step), _MOST)
        return [str(number).zfill(len(first) if first.startswith("0") else 0) for number in numbers]
    if first.isalpha() and last.isalpha():
        return [chr(code) for code in range(ord(first), ord(last) + 1, step)]
    return []
