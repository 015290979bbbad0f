"""The file that holds what a node was found to be, read with the place of each part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from stems.model.finding import Place
from stems.model.names import NODE, is_name
from stems.model.truth import UNKNOWN, Account, Disk, Fact, FoundContainer, Gpu, MountPoint, Truth
from stems.readers.checked import WrongError, count, inside, list_of, mapping, part, part_or, text, texts, yes_or_no
from stems.readers.document import Document
from stems.readers.nodes import YamlError
from stems.readers.quantities import read_size
from stems.readers.yaml import read_yaml

T = TypeVar("T")

MARK = "# Made by `stems discover`"
NOTHING = "none"
"""What stands for a program that a node does not have."""

_MOST_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the file that cannot be what was found."""

    place: Place
    message: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says, as far as it can be read. Without its node there is no truth at all."""

    truth: Truth | None
    problems: tuple[Problem, ...] = ()


def is_made_by_stems(content: str) -> bool:
    """Whether the first line says so. Everything else is somebody's own file, which is neither read nor replaced."""
    return content.removeprefix("\ufeff").startswith(MARK)


def read_truth(content: str, path: str, node: str) -> Reading:
    """What the file of a node says. What is broken in it is unknown, and what it does not have is unknown, too."""
    try:
        document = read_yaml(content, path, strict=True)
    except YamlError as error:
        return Reading(None, (Problem(error.place, error.message),))
    if not isinstance(document.value, Mapping):
        return Reading(None, (Problem(document.place(), "must be a mapping that starts with `node:`"),))
    named = document.value.get("node")
    if not is_name(NODE, named) or named != node:
        message = f"node: must be `{node}`, as the file is called"
        return Reading(None, (Problem(document.place("node"), message),))
    reading = _Document(document, document.value)
    return Reading(_truth(reading, node), tuple(reading.problems[:_MOST_PROBLEMS]))


def _truth(said: _Document, node: str) -> Truth:
    return Truth(
        node,
        hostname=said.fact("hostname", text),
        os=said.fact("os", text),
        kernel=said.fact("kernel", text),
        arch=said.fact("arch", text),
        cpus=said.fact("cpus", count),
        cpu=said.fact("cpu", text),
        memory=said.fact("memory", read_size),
        gpu=said.fact("gpu", list_of(_gpu)),
        disks=said.fact("disks", list_of(_disk)),
        mounts=said.fact("mounts", list_of(_mount)),
        addresses=said.fact("addresses", _addresses),
        devices=said.fact("devices", texts),
        docker=said.fact("docker", _version),
        compose=said.fact("compose", _version),
        containers=said.fact("containers", list_of(_container)),
        enabled=said.fact("enabled", texts),
        failed=said.fact("failed", texts),
        users=said.fact("users", list_of(_account)),
        written=said.document,
    )


@dataclass(frozen=True, slots=True)
class _Document:
    document: Document
    value: Mapping[str, object]
    problems: list[Problem] = field(default_factory=list)

    def fact(self, key: str, read: Callable[[object], T]) -> Fact[T]:
        value = self.value.get(key, UNKNOWN.value)
        if value == UNKNOWN.value:
            return UNKNOWN
        try:
            return read(value)
        except ValueError as error:
            below = error.keys if isinstance(error, WrongError) else ()
            self.problems.append(Problem(self.document.place(key, *below), f"{key}: {error}"))
            return UNKNOWN


def _version(value: object) -> str | None:
    return None if value == NOTHING else text(value)


def _addresses(value: object) -> Mapping[str, tuple[str, ...]]:
    return {name: inside(name, texts, found) for name, found in mapping(value).items()}


def _fact_in(value: object, key: str, read: Callable[[object], T]) -> Fact[T]:
    unknown: Fact[T] = UNKNOWN
    return unknown if mapping(value).get(key, UNKNOWN.value) == UNKNOWN.value else part(value, key, read)


def _gpu(value: object) -> Gpu:
    return Gpu(part(value, "name", text), part(value, "vendor", text))


def _disk(value: object) -> Disk:
    name, size = part(value, "name", text), part(value, "size", read_size)
    return Disk(name, size, _fact_in(value, "model", text), part_or(value, "removable", yes_or_no, otherwise=False))


def _mount(value: object) -> MountPoint:
    path, source, kind = (part(value, key, text) for key in ("path", "source", "type"))
    return MountPoint(path, source, kind, _fact_in(value, "size", read_size))


def _container(value: object) -> FoundContainer:
    name, image = part(value, "name", text), part(value, "image", text)
    return FoundContainer(name, image, part_or(value, "project", text, ""), part_or(value, "ports", texts, ()))


def _account(value: object) -> Account:
    uid = part(value, "uid", count)
    name, home, shell = (part(value, key, text) for key in ("name", "home", "shell"))
    return Account(name, uid, home, shell)
