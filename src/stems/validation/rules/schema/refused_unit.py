"""A unit that systemd, or the generator of Podman, refuses to load."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename, dirname

from stems.model.finding import Finding, Place, Severity
from stems.model.names import printable
from stems.model.principle import Principle
from stems.validation.files import Files
from stems.validation.page import Example, Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject
from stems.validation.unit_settings import OTHER_SECTIONS, SECTIONS
from stems.validation.units import Setting, Unit, units_of

CODE = "STM572"

_SHOWN = 80


def _service(text: str, name: str = "units/web.service") -> Example:
    return {name: f"[Unit]\nDescription=Web\n{text}\n"}


PAGE = Page(
    checks="""Services of systemd without `[Service]`, without `ExecStart`, with several of them that are no
`oneshot`, and with `Restart=always` for a `oneshot`; timers without a time; mounts whose name is not that of their
place; and quadlets of a container without an image. Drop-ins, templates and units that a drop-in of the repository
adds to are not meant.""",
    why="""systemd says `bad-setting` in its journal, the generator of Podman says so in the journal of the boot, and
in both cases there is no unit: `Unit web.service could not be found`.""",
    instead="Write what is missing; `systemd-analyze verify FILE` tells the same.",
    bad=_service("[Service]\nType=oneshot\nRestart=always\nExecStart=/usr/bin/web"),
    good=_service("[Service]\nType=oneshot\nRestart=on-failure\nExecStart=/usr/bin/web"),
    also_bad=(
        _service("[Service]\nType=simple\nUser=web"),
        _service("[Service]\nExecStart=/usr/bin/prepare\nExecStart=/usr/bin/web"),
        _service("[Install]\nWantedBy=multi-user.target"),
        {"units/web.service": "ExecStart=/usr/bin/web\nRestart=always\n"},
        {"units/web.timer": "[Unit]\nDescription=Web\n[Timer]\nPersistent=true\n"},
        {"units/data.mount": "[Mount]\nWhat=nas:/data\nWhere=/mnt/data\nType=nfs\n"},
        {"quadlets/web.container": "[Container]\nPublishPort=80:80\n"},
    ),
    also_good=(
        _service("[Service]\nType=oneshot\nExecStart=/usr/bin/a\nExecStart=/usr/bin/b"),
        _service("[Service]\nExecStart=/usr/bin/a\nExecStart=\nExecStart=/usr/bin/b\nRestart=always"),
        _service("[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStop=/usr/bin/a"),
        _service("[Service]\nMemoryMax=1G", "units/web.service.d/limits.conf"),
        {**_service("[Service]\nUser=web"), "units/web.service.d/start.conf": "[Service]\nExecStart=/usr/bin/web\n"},
        {
            "units/web@.timer": "[Timer]\nOnCalendar=daily\n",
            "units/mnt-data.mount": "[Mount]\nWhere=/mnt/data\nWhat=a\n",
        },
        {"units/mnt-my\\x2ddata.mount": "[Mount]\nWhere=/mnt/my-data\nWhat=a\n"},
        {"quadlets/web.container": "[Container]\nRootfs=/srv/web\n"},
        {"quadlets/web.container.d/ports.conf": "[Container]\nPublishPort=80:80\n"},
        # What else is called like a unit.
        {"dbus-1/services/a.service": "[D-BUS Service]\nName=example.A\nExec=/usr/bin/a\n"},
        {"etc/avahi/services/web.service": "<service-group>\n<name>[Service]</name>\n</service-group>\n"},
        {"examples/web.service": "[Service]\nUser=web\n"},
    ),
)

_KINDS = ("*.service", "*.timer", "*.container")
_LINE = re.compile(r"^(?:ExecStart|OnCalendar|OnBootSec|Image)[ \t]*=", re.MULTILINE)
_ALWAYS = ("always", "on-success")
_STARTS = ("ExecStart", "ExecStop", "SuccessAction", "FailureAction")
_TIMES = (
    "OnActiveSec", "OnBootSec", "OnStartupSec", "OnUnitActiveSec", "OnUnitInactiveSec", "OnCalendar", "OnClockChange",
    "OnTimezoneChange",
)  # fmt: skip
Said = tuple[Place, str, str]


def check(subject: Subject) -> Iterator[Finding]:
    added_to = {basename(dirname(file.path)).removesuffix(".d") for file in subject.files.named("*.conf")}
    yield from _without_section(subject.files)
    for unit in subject.once(units_of):
        if unit.file.name in added_to or not _is_unit(unit):
            continue
        for place, what, remedy in _refused(unit):
            severity = Severity.ERROR if unit.is_declared else Severity.WARNING
            yield Finding(CODE, place, f"{unit.file.name}: {what}", remedy, severity)


def _without_section(files: Files) -> Iterator[Finding]:
    """Files whose every line is before the first section, which is where nothing is read."""
    for file in files.named(*_KINDS):
        found = _LINE.search(file.text) if "[" not in file.text and "{" not in file.text else None
        if found and not file.is_aside and not file.is_documentation:
            message = f"{file.name}: has no section, so that nothing in it is read"
            yield Finding(
                CODE, file.at(found.start()), message, "write [Service], or what it is, above it", Severity.WARNING
            )


def _is_unit(unit: Unit) -> bool:
    """Whether all of its sections are those of units. Drop-ins are called otherwise."""
    sections = {each.section for each in unit.settings}
    return bool(sections) and all(one in SECTIONS or one in OTHER_SECTIONS or one.startswith("X-") for one in sections)


def _refused(unit: Unit) -> Iterator[Said]:
    if unit.kind == "service":
        yield from _service_is(unit)
    elif unit.kind == "timer" and not any(unit.says(*_TIMES, section="Timer")):
        yield _first(unit), "has no time, so that systemd refuses it", "write `OnCalendar` or `OnBootSec` under [Timer]"
    elif unit.kind == "mount":
        yield from _mount_is(unit)
    elif unit.kind == "container" and not any(unit.says("Image", "Rootfs", section="Container")):
        yield _first(unit), "has no image, so that Podman makes no service of it", "write `Image` under [Container]"


def _service_is(unit: Unit) -> Iterator[Said]:
    started = _in_force(unit, "ExecStart")
    kind = next((each.value for each in reversed(unit.settings) if each.key == "Type"), "")
    if not any(unit.says(*_STARTS, section="Service")):
        what = "has no `ExecStart`" if any(each.section == "Service" for each in unit.settings) else "has no [Service]"
        yield _first(unit), f"{what}, so that systemd refuses it", "write `ExecStart` under [Service]"
    if len(started) > 1 and kind not in ("oneshot",) and "%" not in kind:
        message = f"has {len(started)} of `ExecStart`, and systemd takes more than one only for a `oneshot`"
        yield started[1].place, message, "write those before the last as `ExecStartPre`"
    for setting in unit.says("Restart", section="Service") if kind == "oneshot" else ():
        if setting.value in _ALWAYS:
            message = f"is a `oneshot` with `Restart={setting.value}`, which systemd refuses"
            yield setting.place, message, "write `Restart=on-failure`, or another `Type`"


def _in_force(unit: Unit, key: str) -> list[Setting]:
    """What is left of a setting whose lines add up, and that an empty one clears."""
    found: list[Setting] = []
    for setting in unit.says(key, section="Service"):
        found = [*found, setting] if setting.value else []
    return found


def _mount_is(unit: Unit) -> Iterator[Said]:
    for setting in unit.says("Where", section="Mount"):
        path = setting.value.strip("/")
        name = "-" if not path else path.replace("-", "\\x2d").replace("/", "-")
        is_plain = setting.value.startswith("/") and path.replace("/", "").replace("-", "").replace("_", "").isalnum()
        if is_plain and f"{name}.mount" != unit.file.name:
            message = f"is for {printable(setting.value[:_SHOWN])}, and systemd takes it only from {name}.mount"
            yield setting.place, message, f"call it {name}.mount"


def _first(unit: Unit) -> Place:
    return unit.settings[0].place


RULE = Rule(CODE, "refused-unit", Stage.SCHEMA, Principle.P2, PAGE, check, Severity.WARNING)
