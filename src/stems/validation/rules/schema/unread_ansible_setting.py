"""A setting of `ansible.cfg` that Ansible does not read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.ansible.repository.setting_names import ELSEWHERE, SECTIONS, SETTINGS
from stems.tools.ansible.repository.spelling import nearly
from stems.validation.files import File
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM455"

_SECTION = re.compile(r"\[(?P<name>[^\]]{1,80})\]")
_KEY = re.compile(r"(?P<key>[A-Za-z_]\w{0,79})\s*[=:]")

PAGE = Page(
    checks="""Sections and keys of `ansible.cfg` that are one letter away from one that Ansible has, and keys that
belong to another section, such as `become` under `[defaults]`. Other unknown keys may be for a plugin.""",
    why="""Ansible says nothing and goes on with its default: the inventory of the whole network instead of the one of
the lab, no timeout, no log.""",
    instead="Write the name as Ansible has it, in its section; `ansible-config list` names them.",
    bad={
        "ansible.cfg": """
            [default]
            inventory = hosts.ini
            """,
    },
    good={
        "ansible.cfg": """
            [defaults]
            inventory = hosts.ini
            """,
    },
    also_bad=(
        {"ansible/ansible.cfg": "[defaults]\nhost_key_cheking = True\n"},
        {"ansible.cfg": "[defaults]\ninventory = a\nbecome = True\n"},
        {"ansible.cfg": "[ssh_conection]\npipelining = True\n"},
        {"ansible.cfg": "[ssh_connection]\nssh_arg = -C\n"},
    ),
    also_good=(
        {
            "ansible.cfg": "[defaults]\ncollections_paths = a\ncallback_whitelist = timer\nmy_own = 1\n"
            "# hosts_key_checking = False\n; becom = 1\ncallbacks_enabled =\n  timer,\n  rol_path\n"
            "[callback_profile_tasks]\ntask_output_limit = 5\n[galaxy_server.home]\nurl = a\n[color]\n",
        },
        {"ansible.cfg": "[privilege_escalation]\nbecome = True\n[ssh_connection]\nhost_key_checking = True\n"},
        {"examples/ansible.cfg": "[default]\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for file in subject.files.named("ansible.cfg"):
        if not (file.is_aside or file.is_documentation or file.is_template):
            yield from _of(file)


def _of(file: File) -> Iterator[Finding]:
    section = ""
    for number, line in enumerate(file.lines, 1):
        header = _SECTION.match(line)
        key = _KEY.match(line) if not line.startswith((" ", "\t")) else None
        if header:
            section = header["name"].strip()
            meant = "" if section in SECTIONS else nearly(section, SETTINGS)
            if meant:
                yield _finding(file, number, f"[{section}] is no section that Ansible reads", f"write [{meant}]")
            section = meant or section
        elif key and section in SETTINGS:
            yield from _of_key(file, number, section, key["key"])


def _of_key(file: File, number: int, section: str, key: str) -> Iterator[Finding]:
    if key in SETTINGS[section]:
        return
    meant, other = nearly(key, SETTINGS[section]), ELSEWHERE.get(key, "") if section == "defaults" else ""
    if other:
        yield _finding(file, number, f"Ansible does not read `{key}` in [{section}]", f"move it to [{other}]")
    elif meant:
        yield _finding(file, number, f"`{key}` is nothing that Ansible reads", f"write `{meant}`")


def _finding(file: File, number: int, message: str, remedy: str) -> Finding:
    return Finding(CODE, file.place(number, 1), message, remedy, Severity.WARNING)


RULE = Rule(CODE, "unread-ansible-setting", Stage.SCHEMA, Principle.P3, PAGE, check, Severity.WARNING)
