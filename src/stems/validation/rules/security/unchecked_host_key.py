"""A connection over SSH that does not check which machine answers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.validation.commands import Line, command_lines
from stems.validation.files import File
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.ssh_files import settings_of, ssh_client_files
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM610"
_IN_COMMAND = re.compile(
    r"-o\s*[\"']?(?:StrictHostKeyChecking[= ][\"']?(?:no|off)\b|UserKnownHostsFile[= ][\"']?/dev/null\b)", re.IGNORECASE
)
_WRITTEN = re.compile(r"\b(?:echo|printf)\b[^|]*StrictHostKeyChecking[ =](?:no|off)\b[^|]*>>?\s*\S*(?:ssh|config)")
_ANSIBLES = re.compile(r"ansible_(?:ssh_)?(?:common|extra|ssh)_args|ANSIBLE_", re.IGNORECASE)
# Machines that are made anew each time, on this very machine.
_THROWN_AWAY = re.compile(
    r"localhost|127\.[\d.*?]+|::1|\*?\.?local(?:host|domain)|vagrant|default|\*\.test|\*\.vagrant"
)
_MACHINES = re.compile(r"(?:localhost|127\.0\.0\.1)(?:\s|$|:|\")")

PAGE = Page(
    checks="""`StrictHostKeyChecking no` and `UserKnownHostsFile /dev/null` in configuration of the SSH client,
scripts, dotfiles, Makefiles and workflows, unless it is only for this machine or a Vagrant machine. `accept-new` is
not meant. Files of Ansible have rules of their own.""",
    why="""Then any machine at that address is the node: it gets the passwords that are typed, the files that are
copied, and with `ForwardAgent` the keys. It is written because the question stopped a script once.""",
    instead="""Keep the keys of the nodes in a `known_hosts` of the repository, as `stems trust` does, or write
`accept-new`, which asks nothing the first time and refuses a changed key.""",
    bad={
        "dotfiles/.ssh/config": """
            Host gate
                HostName 192.0.2.1
                StrictHostKeyChecking no
                UserKnownHostsFile /dev/null
            """,
    },
    good={
        "dotfiles/.ssh/config": """
            Host gate
                HostName 192.0.2.1
                StrictHostKeyChecking accept-new
            """,
    },
    also_bad=(
        {"bin/sync.sh": "#!/bin/sh\nrsync -e 'ssh -o StrictHostKeyChecking=no' -a src/ gate:/srv/\n"},
        {"ssh/ssh_config": "Host *\n  stricthostkeychecking=no\n"},
        {"ssh/ssh_config": "Host *\n  StrictHostKeyChecking = no\n"},
        {"home/private_dot_ssh/config.tmpl": "Host {{ .gate }}\n  StrictHostKeyChecking no\n"},
        {"bin/ci.sh": "#!/bin/sh\necho 'StrictHostKeyChecking no' >>~/.ssh/config\n"},
        {"bin/sync.sh": "#!/bin/sh\nOPTIONS='-o StrictHostKeyChecking=no -q'\nssh $OPTIONS gate\n"},
        {"Makefile": "deploy:\n\tscp -o UserKnownHostsFile=/dev/null app gate:\n"},
        {".github/workflows/a.yml": "jobs:\n  a:\n    steps:\n      - run: ssh -o StrictHostKeyChecking=no gate\n"},
        {"dotfiles/dot_bash_aliases": "alias gate='ssh -o StrictHostKeyChecking=no gate'\n"},
        {"roles/ssh/templates/ssh_config.j2": "Host *\n    StrictHostKeyChecking no\n"},
    ),
    also_good=(
        {"host_vars/a.yml": "note: never StrictHostKeyChecking=no\n"},
        {"dotfiles/.ssh/config": "Host gate\n  # StrictHostKeyChecking no\n  StrictHostKeyChecking yes\n"},
        {"dotfiles/.ssh/config": "Host 127.0.0.1 localhost\n  UserKnownHostsFile /dev/null\n"},
        {"bin/sync.sh": "#!/bin/sh\nssh -o StrictHostKeyChecking=accept-new gate\n"},
        {"bin/sync.sh": "#!/bin/sh\n# ssh -o StrictHostKeyChecking=no gate\n"},
        {"bin/sync.sh": "#!/bin/sh\necho 'never use StrictHostKeyChecking=no'\n"},
        {"docs/ssh.md": "    StrictHostKeyChecking no\n"},
        {"bin/lab.sh": "#!/bin/sh\nssh -p 2222 -o StrictHostKeyChecking=no root@127.0.0.1\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for file in subject.once(ssh_client_files):
        yield from _in_settings(file)
    client_files = {file.path for file in subject.once(ssh_client_files)}
    for line in subject.once(command_lines):
        if line.file.path not in client_files and _is_unchecked(line):
            found = _IN_COMMAND.search(line.text)
            yield _found(line.place(found[0] if found else "StrictHostKey"))


def _in_settings(file: File) -> Iterator[Finding]:
    for setting in settings_of(file):
        is_off = setting.name == "stricthostkeychecking" and setting.value.lower() in ("no", "off")
        is_nowhere = setting.name == "userknownhostsfile" and setting.value == "/dev/null"
        hosts = setting.block.split()
        if (is_off or is_nowhere) and not (hosts and all(_THROWN_AWAY.fullmatch(host) for host in hosts)):
            yield _found(file.place(setting.line))


def _is_unchecked(line: Line) -> bool:
    text, written = line.text, line.file.line(line.number)
    return (
        (_IN_COMMAND.search(text) is not None or ("StrictHostKey" in written and _WRITTEN.search(written) is not None))
        and not _ANSIBLES.search(text)
        and not _MACHINES.search(text.replace("@", " "))
    )


def _found(place: Place) -> Finding:
    message = "the key of the machine that answers is not checked"
    remedy = "keep its key in `known_hosts`, or write `accept-new`"
    return Finding(CODE, place, message, remedy, Severity.WARNING)


RULE = Rule(CODE, "unchecked-host-key", Stage.SECURITY, Principle.P4, PAGE, check, Severity.WARNING)
