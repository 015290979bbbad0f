"""An account that may do everything as root without being asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename

from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.validation.ansible_trees import tasks_of
from stems.validation.commands import is_script, plain_name
from stems.validation.files import File
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM614"
_WRITES = frozenset({"copy", "template", "lineinfile", "blockinfile"})
_ALL = re.compile(r"^[ \t]*[^#\s][^#\n]*\bNOPASSWD:[ \t]*(?:SETENV:[ \t]*)?ALL\b", re.MULTILINE)

# Of a user of cloud-init: `sudo: ALL=(ALL) NOPASSWD:ALL`.
_CLOUD = re.compile(r"[ \t]*(?:-[ \t]+)?[\"']?(?:sudo[\"']?:[ \t]*)?\[?[\"']?ALL[ \t]*=")

PAGE = Page(
    checks="""`NOPASSWD: ALL` in `sudoers` and its drop-ins, also in templates, in what tasks and scripts write there
and in users of cloud-init. Rules for named commands are not meant.""",
    why="""Whatever runs as that account - a browser, an npm package, a container with its files - is root. For an
account that only deploys it is usual and may be right, which is worth a sentence.""",
    instead="Name the commands, ask for the password, or write beside it why this account may.",
    bad={"ansible/files/sudoers.d/deploy": "deploy ALL=(ALL) NOPASSWD: ALL\n"},
    good={"ansible/files/sudoers.d/deploy": "deploy ALL=(root) NOPASSWD: /usr/bin/systemctl restart web.service\n"},
    also_bad=(
        {"setup.sh": '#!/bin/sh\necho "$USER ALL=(ALL) NOPASSWD: ALL" | sudo tee /etc/sudoers.d/owner\n'},
        {"cloud/user-data": "#cloud-config\nusers:\n  - name: owner\n    sudo: ALL=(ALL) NOPASSWD:ALL\n"},
        {"cloud/init.yml": "#cloud-config\nusers:\n  - name: owner\n    sudo: ['ALL=(ALL) NOPASSWD:ALL']\n"},
        {"roles/base/templates/sudoers.j2": "root ALL=(ALL:ALL) ALL\n%sudo ALL=(ALL:ALL) NOPASSWD:ALL\n"},
        {"etc/sudoers": "Defaults env_reset\n\towner\tALL=(ALL)\tNOPASSWD: ALL\n"},
        {
            "site.yml": """
                - hosts: all
                  tasks:
                    - ansible.builtin.copy: {src: sudo-owner, dest: /etc/sudoers.d/10-owner, mode: "0440"}
                """,
            "files/sudo-owner": "owner ALL=(ALL) NOPASSWD:ALL\n",
        },
        {
            "site.yml": """
                - hosts: all
                  tasks:
                    - ansible.builtin.lineinfile:
                        path: /etc/sudoers
                        line: "owner ALL=(ALL) NOPASSWD: ALL"
                """,
        },
    ),
    also_good=(
        {"setup.sh": "#!/bin/sh\n# owner ALL=(ALL) NOPASSWD: ALL in /etc/sudoers\necho 'no NOPASSWD: ALL here'\n"},
        {"cloud/user-data": "#cloud-config\nusers:\n  - name: owner\n    sudo: ALL=(root) NOPASSWD:/usr/bin/true\n"},
        {"etc/sudoers": "# %wheel ALL=(ALL) NOPASSWD: ALL\n%wheel ALL=(ALL) ALL\n"},
        {"docs/sudoers.md": "owner ALL=(ALL) NOPASSWD: ALL\n"},
        {"etc/sudoers.d/update": "owner ALL=(ALL) NOPASSWD: /usr/bin/apt, /usr/bin/apt-get\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    sent: set[str] = set()
    for _, task in tasks_of(subject):
        arguments = task.arguments() if task.module in _WRITES else {}
        if str(arguments.get("dest") or arguments.get("path") or "").startswith("/etc/sudoers"):
            sent.add(basename(str(arguments.get("src") or "")))
            if any(_ALL.search(str(arguments.get(key) or "")) for key in ("content", "line", "block")):
                yield _finding(task.at_key(task.key))
    for file in subject.files:
        if ("sudoers" in file.path and _is_sudoers(file)) or (file.name in sent and _is_sent(file)) or _writes(file):
            for found in _ALL.finditer(file.text):
                place = file.at(found.end() - len(found[0].lstrip()))
                if not _writes(file) or "sudoers" in file.line(place.line) or _CLOUD.match(found[0]):
                    yield _finding(place)


def _writes(file: File) -> bool:
    """Whether it makes such a file elsewhere: a script that names one, or what cloud-init reads."""
    is_one = (file.text.startswith("#cloud-config") or is_script(file)) and "NOPASSWD" in file.text
    return is_one and not (file.is_aside or file.is_documentation)


def _finding(place: Place) -> Finding:
    message = "everything as root without a password"
    return Finding(CODE, place, message, "name the commands that it needs", Severity.NOTE)


def _is_sudoers(file: File) -> bool:
    is_named = plain_name(file.path).startswith("sudoers") or "sudoers.d/" in file.path
    return (
        is_named and not file.name.endswith((".yml", ".yaml", ".sh")) and not (file.is_aside or file.is_documentation)
    )


def _is_sent(file: File) -> bool:
    """Whether it lies where Ansible looks for what a task sends."""
    return any(folder in f"/{file.path}" for folder in ("/files/", "/templates/")) and not file.is_aside


RULE = Rule(CODE, "passwordless-sudo", Stage.SECURITY, Principle.P4, PAGE, check, Severity.NOTE)
