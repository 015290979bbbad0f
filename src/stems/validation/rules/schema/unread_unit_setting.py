"""A setting of a unit that systemd does not read."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.ansible.repository.spelling import nearly
from stems.validation.files import File
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject
from stems.validation.unit_settings import OTHER_SECTIONS, SECTIONS, Setting, settings_in

CODE = "STM566"

PAGE = Page(
    checks="""Units of systemd (`*.service`, `*.timer`), declared or not: settings in a section that does not have
them, such as `WantedBy` under `[Unit]`, and names of sections and settings that are one letter away from one that there
is. Names that begin with `X-` are not meant.""",
    why="""systemd writes `Unknown key name 'WantedBy' in section 'Unit', ignoring` into its journal and goes on. The
service runs today, and is not started after the next boot, or not again after it failed.""",
    instead="Move the setting to its section, or correct its name; `systemd-analyze verify FILE` tells the same.",
    bad={
        "units/backup.service": """
            [Unit]
            Description=Backup
            WantedBy=multi-user.target

            [Service]
            ExecStart=/usr/local/bin/backup
            """,
    },
    good={
        "units/backup.service": """
            [Unit]
            Description=Backup

            [Service]
            ExecStart=/usr/local/bin/backup

            [Install]
            WantedBy=multi-user.target
            """,
    },
    also_bad=(
        {"units/a.service": "[Unit]\nDescription=A\nRestart=always\n[Service]\nExecStart=/usr/bin/a\n"},
        {"units/a.service": "[Unit]\nDescription=A\n[Service]\nExecStart=/usr/bin/a\nAfter=network.target\n"},
        {"units/a.service": "[Unit]\nDescription=A\n[Service]\nExecStart=/usr/bin/a\nResart=always\n"},
        {"units/a.service": "[Unit]\nDescription=A\n[Service]\nExecStart=/usr/bin/a\n[install]\nWantedBy=a.target\n"},
        {"units/a.timer": "[Unit]\nDescription=A\nOnCalendar=daily\n[Timer]\nPersistent=true\n"},
        {"roles/a/templates/a.service.j2": "[Unit]\nDesciption={{ a }}\n[Service]\nExecStart=/usr/bin/{{ a }}\n"},
        {"services/a/a.service": "[Unit]\nDescription=A\nUser=me\n[Service]\nExecStart=/usr/bin/a\n"},
        {
            "units/a.service": """
                [Unit]
                Description=A
                [Service]
                ExecStart=/usr/bin/a
                StartLimitIntervalSec=0
                """,
        },
    ),
    also_good=(
        {
            "units/a.service": """
                # WantedBy=multi-user.target
                [Unit]
                Description=Something with \\
                  WantedBy=multi-user.target
                X-Reason=by hand
                StartLimitIntervalSec=30
                AssertPathExists=/srv
                [Service]
                StartLimitBurst=3
                Type=notify
                Environment=WantedBy=a "PATH=/usr/bin"
                ExecStart=/usr/bin/a --After=b
                MemoryMin=1G
                LimitNICE=1
                [Install]
                WantedBy=multi-user.target
                """,
        },
        {"units/a.socket": "[Socket]\nListenStream=80\nAccept=no\nUser=me\n"},
        {"units/a.mount": "[Unit]\nAfter=a.target\n[Mount]\nWhat=/dev/sda1\nWhere=/srv\nOptions=a\n"},
        {"quadlets/a.container": "[Unit]\nDescription=A\n[Container]\nImage=a:1\nUser=me\n[Service]\nRestart=always\n"},
        {"etc/consul.service": '{"service": {"name": "a"}}\n'},
        {"old/a.service": "[Unit]\nRestart=always\n"},
        {"units/a.service": "[Unit]\nDescription=A\n[Service]\nExecStart=/usr/bin/a\nSomethingNew=yes\n"},
        {
            "units/a.service.d/override.conf": "[Service]\nRestart=always\n",
            "roles/a/templates/a.service.j2": """
                [Unit]
                Description=A
                {% if b %}
                [Service]
                {% endif %}
                ExecStart=/usr/bin/a
                """,
        },
    ),
)

_UNITS = ("*.service", "*.timer", "*.service.j2", "*.timer.j2", "*.service.tmpl", "*.timer.tmpl")
_ONLY_HERE = {name: section for section in ("Unit", "Install", "Timer", "Service") for name in SECTIONS[section]}
_NAMES = (*SECTIONS, *OTHER_SECTIONS)
_SHORTEST = 5


def check(subject: Subject) -> Iterator[Finding]:
    for file in subject.files.named(*_UNITS):
        # What a condition of a template leaves out may be a section.
        if not file.is_aside and not file.is_documentation and "[Unit]" in file.text and "{%" not in file.text:
            for setting in settings_in(file.lines):
                yield from _of(file, setting)


def _of(file: File, setting: Setting) -> Iterator[Finding]:
    section, name = setting.section, setting.name
    if not name:
        if section not in _NAMES and (meant := _near(section, _NAMES)):
            yield _found(file, setting, f"systemd has no section [{section}]", f"write `[{meant}]`")
        return
    known = SECTIONS.get(section)
    if known is None or name in known or name.startswith("X-"):
        return
    where = _ONLY_HERE.get(name)
    if where:
        yield _found(file, setting, f"{name} has no effect under [{section}]", f"move it to [{where}]")
    elif meant := _near(name, known):
        yield _found(file, setting, f"systemd has no setting {name}; did you mean `{meant}`?", f"write `{meant}`")


def _near(name: str, known: object) -> str:
    names = [each for each in known if isinstance(each, str)] if isinstance(known, tuple | frozenset) else []
    by_lower_case = {each.lower(): each for each in names}
    return by_lower_case.get(name.lower()) or (nearly(name, names) if len(name) >= _SHORTEST else "")


def _found(file: File, setting: Setting, message: str, remedy: str) -> Finding:
    return Finding(CODE, file.place(setting.line, 1), f"{message}, and goes on without it", remedy, Severity.WARNING)


RULE = Rule(CODE, "unread-unit-setting", Stage.SCHEMA, Principle.P2, PAGE, check, Severity.WARNING)
