"""A setting of `ssh_config` that comes after another one for the same host."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.readers.ssh_keywords import CLIENT, SEVERAL
from stems.validation.files import File
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.ssh_files import Setting, settings_of, ssh_client_files
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM154"

_MOST_BLOCKS = 300

PAGE = Page(
    checks="""Settings of a `Host` in `ssh_config` whose value another block further up gives already: a `Host *` or
settings without a `Host` at the top of the file, or the same name twice. Files with conditions of a template are not
judged, nor what may be given several times, such as `IdentityFile`.""",
    why="""OpenSSH takes the first value that it finds. The line for this host does nothing: the login goes to the
wrong account or port, and the file seems to say otherwise.""",
    instead="Move the general block to the end of the file, or bring both blocks of a host together.",
    bad={
        "ssh/config": """
            Host *
              User root

            Host gate
              HostName 192.0.2.7
              User owner
            """,
    },
    good={
        "ssh/config": """
            Host gate
              HostName 192.0.2.7
              User owner

            Host *
              User root
            """,
    },
    also_bad=(
        {"ssh/config": "Host gate\n  HostName 192.0.2.7\nHost store\n  Port 23\nHost gate\n  HostName 192.0.2.8\n"},
        {"ssh/config": "Port 2222\nHost gate\n  HostName 192.0.2.7\n  Port 22\n"},
        {"ssh/config": "Host *.lan !nas.lan\n  User a\nHost gate.lan store.lan\n  User b\n"},
    ),
    also_good=(
        {
            "ssh/config": "Host gate\n  User a\nHost gate.lan\n  User b\nHost *.lan !nas.lan\n  Port 23\n"
            "Host nas.lan\n  Port 24\nMatch host gate\n  User c\nHost x\n  IdentityFile a\n"
            "Host *\n  IdentityFile b\n  User d\n"
        },
        {"ssh/config": "Host *\n  User a\n  IdentityFile ~/.ssh/a\nHost gate\n  User a\n  IdentityFile ~/.ssh/b\n"},
        {"home/private_dot_ssh/config.tmpl": "{{ if .a }}\nHost *\n  User a\n{{ end }}\nHost gate\n  User b\n"},
        {"ssh/config": "Host gate store\n  User a\nHost gate other\n  User b\n"},
    ),
)


@dataclass(slots=True)
class _Block:
    """One `Host` with its patterns; the settings before the first are of every host."""

    patterns: list[str]
    settings: list[Setting] = field(default_factory=list)

    def matches(self, name: str) -> bool:
        if any(fnmatchcase(name, each[1:]) for each in self.patterns if each.startswith("!")):
            return False
        return any(fnmatchcase(name, each) for each in self.patterns if not each.startswith("!"))


def check(subject: Subject) -> Iterator[Finding]:
    for file in subject.once(ssh_client_files):
        if "{{" not in file.text and "{%" not in file.text:
            yield from _of(file)


def _of(file: File) -> Iterator[Finding]:
    blocks = list(_blocks(file))[:_MOST_BLOCKS]
    for index, block in enumerate(blocks):
        above = [each for each in blocks[:index] if all(map(each.matches, block.patterns))] if block.patterns else []
        for setting in block.settings:
            first = next((one for each in above for one in each.settings if one.name == setting.name), None)
            if first and first.value != setting.value:
                name = CLIENT[setting.name]
                message = f"`{name}` does nothing here: line {first.line} gives `{first.value}` to the same host first"
                line = file.line(setting.line)
                place = file.place(setting.line, len(line) - len(line.lstrip()) + 1)
                yield Finding(
                    CODE, place, message, "move the general block below", Severity.WARNING, (file.place(first.line),)
                )


def _blocks(file: File) -> Iterator[_Block]:
    """Those of `Host`: nobody evaluates the conditions of a `Match`."""
    block: _Block | None = _Block(["*"])
    for setting in settings_of(file):
        if setting.name in ("host", "match"):
            if block:
                yield block
            block = _Block(setting.value.split()) if setting.name == "host" else None
        elif block and setting.name in CLIENT and setting.name not in SEVERAL:
            block.settings.append(setting)
    if block:
        yield block


RULE = Rule(CODE, "late-ssh-setting", Stage.SCHEMA, Principle.P3, PAGE, check, Severity.WARNING)
