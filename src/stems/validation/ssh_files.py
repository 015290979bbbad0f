"""Configuration of OpenSSH in the repository, as its lines say it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stems.validation.commands import plain_name
from stems.validation.files import File
from stems.validation.subject import Subject

_SETTING = re.compile(r"[ \t]*(?P<name>[A-Za-z]+)(?:[ \t]*+=[ \t]*+|[ \t]++)[\"']?(?P<value>[^\"'\n]*)[\"']?$")
_SSH_FOLDER = re.compile(r"(?:^|/)(?:(?:private_|exact_|readonly_)*dot_ssh|\.ssh|ssh)(?:/|$)")
_CLIENT_PARTS = re.compile(r"(?:^|/)(?:\.ssh|(?:\w+_)?dot_ssh|ssh)/(?:config\.d|conf\.d)/|(?:^|/)ssh_config\.d/")
_SERVER = re.compile(r"(?:^|/)sshd_config\.d/[^/]+$|(?:^|/)sshd_config(?:[._-][\w.-]*)?$")


@dataclass(frozen=True, slots=True)
class Setting:
    """One line: a name in lower case with its value, and the `Host` or `Match` that it is below."""

    line: int
    name: str
    value: str
    block: str = ""


def ssh_client_files(subject: Subject) -> tuple[File, ...]:
    return tuple(file for file in _candidates(subject) if _is_client(file))


def sshd_files(subject: Subject) -> tuple[File, ...]:
    return tuple(file for file in _candidates(subject) if _SERVER.search(file.path))


def settings_of(file: File) -> Iterator[Setting]:
    block = ""
    for number, line in enumerate(file.lines, 1):
        found = _SETTING.match(line.rstrip(" \t"))
        if found is None:
            continue
        name, value = found["name"].lower(), found["value"].strip()
        if name in ("host", "match"):
            block = value
        yield Setting(number, name, value, block)


def _candidates(subject: Subject) -> Iterator[File]:
    for file in subject.files:
        if "ssh" in file.path and not (file.is_aside or file.is_documentation):
            yield file


def _is_client(file: File) -> bool:
    name = plain_name(file.path)
    if name.startswith("ssh_config") or _CLIENT_PARTS.search(file.path):
        return not name.endswith((".sh", ".yml", ".yaml", ".py"))
    return name in ("config", "config.local") and _SSH_FOLDER.search(file.folder) is not None
