"""The unit files of a repository as systemd and Podman read them: their settings, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stems.model.finding import Place
from stems.model.service import Scope
from stems.tools.systemd.units import GENERATED, NAME, SUFFIXES
from stems.validation.commands import plain_name
from stems.validation.files import File
from stems.validation.subject import Subject

_OF_USERS = ("config/systemd/user/", "config/containers/systemd/", "systemd/user/")
_MOST_LINES = 5000
_ENDINGS = tuple(f".{suffix}" for suffix in (*SUFFIXES, *GENERATED))


@dataclass(frozen=True, slots=True)
class Setting:
    """One `Key=value`, with what continued it."""

    section: str
    key: str
    value: str
    place: Place


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit file. `is_declared` when stems brings it to a node as it is, `is_users` when that of a user runs it."""

    file: File
    settings: tuple[Setting, ...]
    is_declared: bool = False
    is_users: bool = False

    @property
    def kind(self) -> str:
        return self.file.name.rpartition(".")[2]

    @property
    def is_quadlet(self) -> bool:
        return self.kind in GENERATED

    def says(self, *keys: str, section: str = "") -> Iterator[Setting]:
        return (each for each in self.settings if each.key in keys and section in ("", each.section))


def units_of(subject: Subject) -> tuple[Unit, ...]:
    """Asked for with `subject.once`. Without templates, and without what lies aside."""
    declared = dict(_declared(subject))
    found: list[Unit] = []
    for file in subject.files:
        if not file.name.endswith(_ENDINGS) or file.is_documentation:
            continue
        scope = next((scope for folder, scope in declared.items() if file.path.startswith(folder)), None)
        if (file.is_aside and scope is None) or "[" not in file.text or "{{" in file.text:
            continue
        is_users = scope is Scope.USER or (scope is None and any(part in file.path for part in _OF_USERS))
        found.append(Unit(file, tuple(_settings(file)), scope is not None, is_users))
    return tuple(found)


def unit_names(subject: Subject) -> frozenset[str]:
    """Of every unit that the repository has, in whatever way it gets to a node; templates too."""
    names = set[str]()
    for file in subject.files:
        name = plain_name(file.path)
        stem, _, kind = name.rpartition(".")
        if kind in GENERATED:
            names.add(GENERATED[kind].format(stem))
        elif kind in SUFFIXES:
            names.add(name)
    return frozenset(names)


def _declared(subject: Subject) -> Iterator[tuple[str, Scope]]:
    for tool, job in subject.jobs:
        if tool.NAME == NAME:
            for service in job.cluster.services.values():
                if service.tool == NAME:
                    yield f"{job.named(service.name)}/", service.scope


def _settings(file: File) -> Iterator[Setting]:
    section, lines, number = "", file.lines[:_MOST_LINES], 0
    while number < len(lines):
        line, first = lines[number], number
        number += 1
        if line.startswith("[") and line.rstrip().endswith("]"):
            section = line.strip()[1:-1]
        elif "=" in line and not line.lstrip().startswith(("#", ";")):
            key, _, value = line.partition("=")
            column = len(key) + 2 + len(value) - len(value.lstrip())
            parts = [value]
            while parts[-1].endswith("\\") and number < len(lines):
                parts[-1] = parts[-1][:-1]
                parts.append(lines[number].strip())
                number += 1
            yield Setting(section, key.strip(), " ".join(parts).strip(), file.place(first + 1, column))
