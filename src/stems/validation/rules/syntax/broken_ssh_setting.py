"""A line of `ssh_config` or `sshd_config` that OpenSSH refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.readers.ssh_keywords import CLIENT, SERVER
from stems.tools.ansible.repository.spelling import nearly
from stems.validation.files import File
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.ssh_files import ssh_client_files, sshd_files
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM153"

_LINE = re.compile(r"(?P<start>[ \t]*)(?P<keyword>[A-Za-z][A-Za-z0-9]*)(?P<rest>[ \t=].*|)$")
_PORT = re.compile(r"[1-9]\d{0,4}")

PAGE = Page(
    checks="""Keywords of `ssh_config` and `sshd_config` that are one letter away from one that OpenSSH has, keywords
without a value, and a `Port` that is no number. What a template fills in is not judged.""",
    why="""`ssh` stops with "Bad configuration option", for every host and in every script; an sshd with such a line
does not start again, and nobody gets in to mend it.""",
    instead="Write the keyword as OpenSSH has it; `ssh -G NAME` and `sshd -t` read the file.",
    bad={
        "ssh/config": """
            Host gate
              HostNam 192.0.2.7
              User owner
            """,
    },
    good={
        "ssh/config": """
            Host gate
              HostName 192.0.2.7
              User owner
            """,
    },
    also_bad=(
        {"home/private_dot_ssh/config.tmpl": "Host gate\n  HostName {{ .gate }}\n  IdentiyFile ~/.ssh/id_ed25519\n"},
        {"ansible/files/sshd_config": "Port 22\nPermitRootLogn no\n"},
        {"ansible/roles/ssh/templates/sshd_config.j2": "Port {{ ssh_port }}\nPaswordAuthentication no\n"},
        {"ssh/config": "Host gate\n  HostName\n  User owner\n"},
        {"ssh/config": "Host gate\n  HostName 192.0.2.7\n  Port 22a\n"},
    ),
    also_good=(
        {
            "ssh/config": "# HostNam a\nhost gate\n\thostname=192.0.2.7\n  USER = owner\n  Port 2222 # of the router\n"
            'IgnoreUnknown UseKeychin\nMatch host a exec "true"\n  UseKeychain yes\nInclude config.d/*\n',
        },
        {
            "ssh/config": "IgnoreUnknown UserKeychain,UsKeychain\nHost *\n  UsKeychain yes\n",
            "home/private_dot_ssh/config.tmpl": "Host {{ .name }}\n{{ if .x }}\n  Port {{ .port }}\n{{ end }}\n",
        },
        {
            "ansible/files/sshd_config": "Port 22\nListenAddress ::\nSubsystem sftp internal-sftp\nUsePAM yes\n",
            "ssh/known_hosts": "gate ssh-ed25519 AAAA\n",
        },
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for file in subject.once(ssh_client_files):
        yield from _of(file, {} if "ignoreunknown" in file.text.lower() else CLIENT, "ssh")
    for file in subject.once(sshd_files):
        yield from _of(file, SERVER, "sshd")


def _of(file: File, keywords: Mapping[str, str], program: str) -> Iterator[Finding]:
    for number, line in enumerate(file.lines, 1):
        found = _LINE.match(line)
        if found is None or "{" in line:
            continue
        keyword, value = found["keyword"].lower(), found["rest"].strip(" \t=\"'")
        place = file.place(number, len(found["start"]) + 1)
        meant = "" if keyword in CLIENT or keyword in SERVER else nearly(keyword, keywords)
        if meant:
            message = f"{program} has no `{found['keyword']}`, and stops at it"
            yield Finding(CODE, place, message, f"write `{keywords[meant]}`")
        elif keyword in keywords and (not value or value.startswith("#")):
            yield Finding(CODE, place, f"`{found['keyword']}` has no value: {program} stops at it", "give it one")
        elif keyword == "port" and not _PORT.fullmatch(value.partition("#")[0].strip(" \t\"'")) and "%" not in value:
            yield Finding(CODE, place, f"`{value}` is no port: {program} stops at it", "write a number")


RULE = Rule(CODE, "broken-ssh-setting", Stage.SYNTAX, Principle.P2, PAGE, check)
