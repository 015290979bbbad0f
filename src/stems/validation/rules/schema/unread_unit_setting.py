"""A setting of a unit that systemd does not read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.names import printable
from stems.model.principle import Principle
from stems.tools.ansible.repository.spelling import nearly
from stems.validation.files import File
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject
from stems.validation.unit_settings import CALENDARS, OTHER_SECTIONS, SECTIONS, VALUES, Setting, settings_in

CODE = "STM566"

PAGE = Page(
    checks="""Units of systemd (`*.service`, `*.timer`) and quadlets (`*.container`), declared or not: settings in a
section that does not have them, such as `WantedBy` under `[Unit]`, names of sections and settings that are one letter
away from one that there is, and values that there are not, such as `Restart=on-fail`. Names that begin with `X-` are
not meant.""",
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
        {"units/a.service": "[Service]\nExecStart=/usr/bin/a\nRestart=on-fail\n"},
        {"units/a.service": "[Service]\nType=onehsot\nExecStart=/usr/bin/a\n"},
        {"units/a.service": "[Service]\nWorkingDirectory=data/a\nExecStart=/usr/bin/a\n"},
        {"units/a.service": "[Servce]\nExecStart=/usr/bin/a\n[Install]\nWantedBy=multi-user.target\n"},
        {"units/a.service": "[Servce]\nExecStart=/usr/bin/a\n"},
        {"units/a.timer": "[Timer]\nOnCalendar=dayly\n[Install]\nWantedBy=timers.target\n"},
        {"quadlets/a.container": "[Container]\nImage=docker.io/home/a:1\nPublishPorts=80:80\n"},
        {"quadlets/a.container": "[Container]\nImage=docker.io/home/a:1\nRestart=always\n"},
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
        {
            "units/a.timer": "[Timer]\nOnCalendar=Mon *-*-* 03:00\nOnCalendar=weekly\nPersistent=yes\n",
            "units/b.timer": "[Timer]\nOnCalendar=Friday\nUnit=a.service\n",
            "units/c.service": "[Service]\nType=%i\nExecStart=/usr/bin/a\nWorkingDirectory=-/srv\nWorkingDirectory=~\n",
        },
        {"quadlets/a.container": "[Container]\nImage=a:1\nSomethingNew=b\nMemory=1g\n[Quadlet]\nA=no\n"},
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

_KINDS = ("service", "timer", "container")
_UNITS = tuple(f"*.{kind}{ending}" for kind in _KINDS for ending in ("", ".j2", ".tmpl"))
_SECTIONS = frozenset({"Unit", "Service", "Timer", "Install", "Container"})
_ONLY_HERE = {name: section for section in ("Unit", "Install", "Timer", "Service") for name in SECTIONS[section]}
_CALENDAR = re.compile(r"[A-Za-z]{4,}")
_DAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)", re.IGNORECASE)
_NAMES = (*SECTIONS, *OTHER_SECTIONS)
_SHORTEST, _SHOWN, _LONGEST = 5, 8, 60


def check(subject: Subject) -> Iterator[Finding]:
    for file in subject.files.named(*_UNITS):
        # What a condition of a template leaves out may be a section.
        if file.is_aside or file.is_documentation or "{%" in file.text or "[" not in file.text:
            continue
        settings = list(settings_in(file.lines))
        if any(_is_of_unit(setting.section) for setting in settings if not setting.name):
            for setting in settings:
                yield from _of(file, setting)
                yield from _value(file, setting)


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
    if section == "Container" and (where or _near(name, known)):
        message = f"Podman knows no {name} under [Container], and makes no service of the file"
        remedy = f"move it to [{where}]" if where else f"write `{_near(name, known)}`"
        yield Finding(CODE, file.place(setting.line, 1), message, remedy, Severity.WARNING)
    elif where:
        yield _found(file, setting, f"{name} has no effect under [{section}]", f"move it to [{where}]")
    elif meant := _near(name, known):
        yield _found(file, setting, f"systemd has no setting {name}; did you mean `{meant}`?", f"write `{meant}`")


def _is_of_unit(section: str) -> bool:
    return section in _SECTIONS or _near(section, tuple(_SECTIONS)) != ""


def _value(file: File, setting: Setting) -> Iterator[Finding]:
    """A value that systemd does not know, of a setting that has only some."""
    name, value = setting.name, setting.value
    known = VALUES.get(name) if setting.section in ("Service", "Timer") else None
    if not value or any(sign in value for sign in ("{", "%", "\\", "@")):
        return
    if known is not None and value.lower() not in known:
        meant = nearly(value.lower(), known)
        remedy = f"write `{meant}`" if meant else f"write one of {', '.join(known[:_SHOWN])}"
        yield _found(file, setting, f"systemd knows no `{name}={printable(value[:_LONGEST])}`", remedy)
    elif name == "WorkingDirectory" and not value.lstrip("-").startswith(("/", "~")):
        message = f"systemd takes {printable(value[:_LONGEST])} for no folder, which does not begin at the root"
        yield _found(file, setting, message, "write the whole path")
    elif name == "OnCalendar" and _is_no_time(value):
        meant = nearly(value.lower(), CALENDARS)
        yield _found(file, setting, f"systemd knows no time `{value[:_LONGEST]}`", f"write `{meant or 'daily'}`")


def _is_no_time(text: str) -> bool:
    is_word = _CALENDAR.fullmatch(text) is not None and not _DAY.match(text)
    return is_word and text.lower() not in CALENDARS


def _near(name: str, known: object) -> str:
    names = [each for each in known if isinstance(each, str)] if isinstance(known, tuple | frozenset) else []
    by_lower_case = {each.lower(): each for each in names}
    return by_lower_case.get(name.lower()) or (nearly(name, names) if len(name) >= _SHORTEST else "")


def _found(file: File, setting: Setting, message: str, remedy: str) -> Finding:
    return Finding(CODE, file.place(setting.line, 1), f"{message}, and goes on without it", remedy, Severity.WARNING)


RULE = Rule(CODE, "unread-unit-setting", Stage.SCHEMA, Principle.P2, PAGE, check, Severity.WARNING)
