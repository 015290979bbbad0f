"""What a node said of its containers, read strictly: what cannot be read is an error, never an absence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from stems.model.names import printable
from stems.tools.compose.project import Section, as_list, as_section
from stems.tools.compose.reading import sections

_PROJECT = "com.docker.compose.project"


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of a container that its image does not give.

    Two with one `number` have the same value. `is_odd` says that it cannot simply be put in single quotes.
    """

    name: str
    number: int
    is_odd: bool


@dataclass(frozen=True, slots=True)
class Existing:
    """A container as `docker inspect` tells it, without the values of its environment."""

    told: Section

    def part(self, *keys: str) -> object:
        value: object = self.told
        for key in keys:
            value = as_section(value).get(key)
        return value

    def text(self, *keys: str) -> str:
        value = self.part(*keys)
        return value if isinstance(value, str) else ""

    @property
    def identity(self) -> str:
        return self.text("Id")

    @property
    def name(self) -> str:
        return printable(self.text("Name").removeprefix("/"))

    @property
    def image(self) -> str:
        return printable(self.text("Config", "Image"))

    @property
    def state(self) -> str:
        return printable(self.text("State", "Status"))

    @property
    def labels(self) -> dict[str, str]:
        return {key: str(value) for key, value in as_section(self.part("Config", "Labels")).items()}

    @property
    def project(self) -> str:
        return printable(self.labels.get(_PROJECT, ""))

    @property
    def service(self) -> str:
        return printable(self.labels.get("com.docker.compose.service", ""))

    @property
    def mounts(self) -> list[Section]:
        return [as_section(mount) for mount in as_list(self.part("Mounts"))]

    def of_project(self, label: str) -> str:
        return self.labels.get(f"{_PROJECT}.{label}", "")


@dataclass(slots=True)
class Found:
    """What one node said. `images`, `volumes` and the rest are there when it was asked closely about one name."""

    denied: bool = False
    failed: str = ""
    said: list[str] = field(default_factory=list)
    containers: list[Existing] = field(default_factory=list)
    images: dict[str, Section] = field(default_factory=dict)
    volumes: dict[str, Section] = field(default_factory=dict)
    networks: dict[str, Section] = field(default_factory=dict)
    variables: dict[str, tuple[Variable, ...]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The names that each environment file gives."""
    unreadable: list[str] = field(default_factory=list)


def parse_found(output: str) -> Found:
    """Raises `ValueError`, `KeyError` or `TypeError` for anything that the script of `look_command` does not print."""
    parts = list(sections(output))
    if not parts or parts[-1] != ("end", "", []):
        raise ValueError("the answer is not whole")
    found = Found()
    for word, rest, lines in parts[:-1]:
        _read(found, word, rest=rest, lines=lines)
    return found


def _read(found: Found, word: str, *, rest: str, lines: list[str]) -> None:
    match word:
        case "denied":
            found.denied, found.said = True, lines
        case "failed":
            found.failed, found.said = rest, lines
        case "containers":
            found.containers = [Existing(_without_values(one)) for one in _list(lines)]
        case "images":
            found.images |= {str(one["Id"]): _without_values(one) for one in _list(lines)}
        case "volumes":
            found.volumes = {str(one["Name"]): one for one in _list(lines)}
        case "networks":
            found.networks = {str(one["Name"]): one for one in _list(lines)}
        case "variables":
            found.variables[rest] = tuple(_variable(line) for line in lines)
        case _:
            _read_file(found, word, path=rest, lines=lines)


def _read_file(found: Found, word: str, *, path: str, lines: list[str]) -> None:
    match word:
        case "file":
            found.files[path] = "".join(f"{line}\n" for line in lines)
        case "names":
            found.names[path] = tuple(printable(line) for line in lines)
        case "unreadable":
            found.unreadable.append(path)
        case _:
            raise ValueError(f"not expected: @{word}")


def _list(lines: list[str]) -> list[Section]:
    read = json.loads("\n".join(lines))
    if not isinstance(read, list) or not all(isinstance(one, Mapping) for one in read):
        raise ValueError("not a list of objects")
    return cast("list[Section]", read)


def _without_values(one: Section) -> Section:
    if as_section(one.get("Config")).get("Env"):
        raise ValueError("Docker writes environments in another form than is known")
    return one


def _variable(line: str) -> Variable:
    number, form, name = line.split(" ", 2)
    return Variable(printable(name), int(number), form != "plain")
