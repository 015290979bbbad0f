"""An account that may do everything as root without being asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.commands import plain_name
from stems.validation.files import File
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM614"
_ALL = re.compile(r"^[ \t]*[^#\s][^#\n]*\bNOPASSWD:[ \t]*(?:SETENV:[ \t]*)?ALL\b", re.MULTILINE)

PAGE = Page(
    checks="`NOPASSWD: ALL` in `sudoers` and its drop-ins, also in templates. Rules for named commands are not meant.",
    why="""Whatever runs as that account - a browser, an npm package, a container with its files - is root. For an
account that only deploys it is usual and may be right, which is worth a sentence.""",
    instead="Name the commands, ask for the password, or write beside it why this account may.",
    bad={"ansible/files/sudoers.d/deploy": "deploy ALL=(ALL) NOPASSWD: ALL\n"},
    good={"ansible/files/sudoers.d/deploy": "deploy ALL=(root) NOPASSWD: /usr/bin/systemctl restart web.service\n"},
    also_bad=(
        {"roles/base/templates/sudoers.j2": "root ALL=(ALL:ALL) ALL\n%sudo ALL=(ALL:ALL) NOPASSWD:ALL\n"},
        {"etc/sudoers": "Defaults env_reset\n\towner\tALL=(ALL)\tNOPASSWD: ALL\n"},
    ),
    also_good=(
        {"etc/sudoers": "# %wheel ALL=(ALL) NOPASSWD: ALL\n%wheel ALL=(ALL) ALL\n"},
        {"docs/sudoers.md": "owner ALL=(ALL) NOPASSWD: ALL\n"},
        {"etc/sudoers.d/update": "owner ALL=(ALL) NOPASSWD: /usr/bin/apt, /usr/bin/apt-get\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for file in subject.files:
        if "sudoers" in file.path and _is_sudoers(file):
            for found in _ALL.finditer(file.text):
                message = "everything as root without a password"
                place = file.at(found.end() - len(found[0].lstrip()))
                yield Finding(CODE, place, message, "name the commands that it needs", Severity.NOTE)


def _is_sudoers(file: File) -> bool:
    is_named = plain_name(file.path).startswith("sudoers") or "sudoers.d/" in file.path
    return (
        is_named and not file.name.endswith((".yml", ".yaml", ".sh")) and not (file.is_aside or file.is_documentation)
    )


RULE = Rule(CODE, "passwordless-sudo", Stage.SECURITY, Principle.P4, PAGE, check, Severity.NOTE)
