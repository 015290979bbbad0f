"""The last lines of a unit are shown without the values of its environment files, or not at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from shlex import quote

import pytest

from stems.infrastructure.command import Command, Result, Watch
from stems.infrastructure.local import LocalRunner
from stems.model.node import Node, Privilege, SshAddress
from stems.tools.base import Site
from stems.tools.redact import REDACTED
from stems.tools.systemd.logs import lines_of
from stems.tools.systemd.manager import SYSTEM

NODE = Node("red", "red", SshAddress("127.0.0.1"), privilege=Privilege.NONE)
SAID = "cannot log in with plain-horse"


@dataclass(frozen=True)
class Told:
    """This machine, with programs that say what they are told to."""

    folder: Path
    place: str = "red"

    def run(self, command: Command, *, watch: Watch | None = None) -> Result:
        path = f"PATH={quote(str(self.folder))}:$PATH\n"
        return LocalRunner().run(replace(command, stdin=path.encode() + command.stdin), watch=watch)

    def program(self, name: str, text: str) -> None:
        path = self.folder / name
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)


@pytest.fixture
def told(tmp_path: Path) -> Told:
    told = Told(tmp_path)
    told.program("journalctl", f"echo {SAID}")
    return told


def last_lines(told: Told) -> str:
    site = Site(NODE, told, "/home/me", "/state", "/state/stage", "/home/me/c")
    return lines_of(site, SYSTEM, "web.service")


def environment(told: Told, *patterns: str) -> None:
    lines = (f"EnvironmentFiles={pattern} (ignore_errors=yes)" for pattern in patterns)
    told.program("systemctl", "\n".join(f"echo {quote(line)}" for line in lines))


def test_a_value_of_an_environment_file_is_taken_out(told: Told) -> None:
    (told.folder / "a b.env").write_text("PHRASE=plain-horse\n")
    environment(told, f"{told.folder}/no such file", f"{told.folder}/*.env")

    assert last_lines(told) == f"web.service: cannot log in with {REDACTED}"


def test_without_an_environment_file_all_is_shown(told: Told) -> None:
    told.program("systemctl", "true")

    assert last_lines(told) == f"web.service: {SAID}"


def test_where_the_environment_is_not_known_nothing_is_shown(told: Told) -> None:
    told.program("systemctl", "exit 1")

    assert last_lines(told) == "web.service: not shown, because its environment is not known"
