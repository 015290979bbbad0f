"""A login over SSH that needs no key, or is root's."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.files import File
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.ssh_files import settings_of, sshd_files
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM611"
_SAID = {
    "permitrootlogin": ("root may log in with a password", "write `PermitRootLogin no`, or `prohibit-password`"),
    "passwordauthentication": ("a password is enough to log in", "write `PasswordAuthentication no`, and use keys"),
    "permitemptypasswords": ("an account without a password may log in", "write `PermitEmptyPasswords no`"),
}

PAGE = Page(
    checks="""`PermitRootLogin yes`, `PasswordAuthentication yes` and `PermitEmptyPasswords yes` in `sshd_config`, its
drop-ins and templates of them. The first value counts, as for sshd; what stands below a `Match` is not meant.""",
    why="""Every machine that the internet or a guest in the network can reach is tried with lists of passwords, all
day. Keys cannot be guessed.""",
    instead="""Write `PasswordAuthentication no` and `PermitRootLogin no`, after seeing that a login with a key works
in a second session.""",
    bad={
        "ansible/files/sshd_config": """
            Port 22
            PermitRootLogin yes
            PasswordAuthentication yes
            """,
    },
    good={
        "ansible/files/sshd_config": """
            Port 22
            PermitRootLogin prohibit-password
            PasswordAuthentication no
            """,
    },
    also_bad=(
        {"roles/ssh/templates/sshd_config.j2": "Port {{ ssh_port }}\nPasswordAuthentication yes\n"},
        {"etc/ssh/sshd_config.d/10-home.conf": "permitrootlogin Yes\n"},
        {"etc/ssh/sshd_config": "PermitEmptyPasswords yes\n"},
    ),
    also_good=(
        {"etc/ssh/sshd_config": "#PermitRootLogin yes\n# PasswordAuthentication yes\n"},
        {"etc/ssh/sshd_config": "PasswordAuthentication no\nPasswordAuthentication yes\n"},
        {
            "etc/ssh/sshd_config": """
                PasswordAuthentication no
                Match Address 192.0.2.0/24
                    PasswordAuthentication yes
                """,
        },
        {"roles/ssh/templates/sshd_config.j2": "PermitRootLogin {{ permit_root_login }}\n"},
        {"docs/sshd_config.md": "    PermitRootLogin yes\n"},
        {"roles/ssh/templates/sshd_config.j2": "{% if lab %}\nPermitRootLogin yes\n{% endif %}\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for file in subject.once(sshd_files):
        yield from _of(file)


def _of(file: File) -> Iterator[Finding]:
    # A value in a condition of a template holds for nodes that nobody knows here.
    seen, conditions = set[str](), _conditions(file)
    for setting in settings_of(file):
        if setting.block or conditions[setting.line - 1] or setting.name not in _SAID or setting.name in seen:
            continue
        seen.add(setting.name)
        if setting.value.lower() == "yes":
            message, remedy = _SAID[setting.name]
            yield Finding(CODE, file.place(setting.line), message, remedy, Severity.WARNING)


def _conditions(file: File) -> list[int]:
    """How many conditions of a template are around each line."""
    depths, depth = [], 0
    for line in file.lines:
        depths.append(depth)
        depth += line.count("{% if") + line.count("{%- if") + line.count("{{ if") + line.count("{{- if")
        depth -= line.count("{% endif") + line.count("{%- endif") + line.count("{{ end") + line.count("{{- end")
    return depths


RULE = Rule(CODE, "open-login", Stage.SECURITY, Principle.P4, PAGE, check, Severity.WARNING)
