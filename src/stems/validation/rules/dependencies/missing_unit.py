"""A unit that needs another one which the manager does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from stems.model.finding import Finding, Severity
from stems.model.names import printable
from stems.model.principle import Principle
from stems.validation.commands import plain_name
from stems.validation.page import Example, Page, cluster
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject
from stems.validation.units import Setting, Unit, unit_names, units_of

CODE = "STM568"

_NEEDS = ("Requires", "BindsTo", "Requisite")
# What comes with systemd, Podman and a desktop to a user's manager.
_USERS = re.compile(
    r"systemd-[\w@.-]+|podman[\w@.-]*|dbus(?:-broker)?|pipewire[\w-]*|wireplumber|pulseaudio|gpg-agent|ssh-agent|xdg-[\w-]+"
    r"|gnome-[\w@.-]+|plasma-[\w@.-]+|at-spi-dbus-bus|dconf|tmux|emacs|syncthing|mpd|app-.*|background.*|run-.*"
)
_ONLINE = re.compile(r"(?:^|\s)network-online\.target(?:\s|$)")
# Timers that packages of a distribution have, and that people change.
_OF_PACKAGES = re.compile(
    r"apt-\w+(?:-\w+)?|dnf-\w+|fstrim|logrotate|man-db|certbot|e2scrub_\w+|systemd-[\w@.-]+|snapper-\w+|podman-\w+(?:-\w+)?"
    r"|btrfs-[\w@-]+|zfs-[\w@-]+|mdadm\w*|raid-check|plocate-updatedb|updatedb|unattended-upgrades|acme|nixos-\w+|chezmoi\S*"
    r"|restic\S*|borgmatic|fwupd-refresh|motd-news|anacron|phpsessionclean|sysstat-\w+|shadow|pacman-\w+|reflector"
)
_OF_QUADLETS = {
    "Network": (".network",), "Volume": (".volume",), "Pod": (".pod",), "Image": (".image", ".build"),
}  # fmt: skip
_SHOWN, _MOST_NAMES, _MOST_KNOWN = 80, 10, 500
_NEAR = 0.9

_USER = "domains:\n  services: {tool: systemd, source: services}\nservices:\n  web: {node: gate, scope: user}\n"


def _web(needs: str, more: Example | None = None, scope: str = "user") -> Example:
    unit = f"[Unit]\n{needs}\n[Container]\nImage=docker.io/library/nginx:1.27\n[Install]\nWantedBy=default.target\n"
    declared = cluster(_USER.replace("scope: user", f"scope: {scope}"))
    return {"config/cluster.yml": declared, "services/web/web.container": unit, **(more or {})}


_REDIS: Example = {"services/web/redis.container": "[Container]\nImage=docker.io/library/redis:7.4\n"}

PAGE = Page(
    checks="""`Requires`, `BindsTo` and `Requisite` of a user's unit that name a `.service` which no unit file or
quadlet of the repository makes; networks, volumes, pods and images that a quadlet names as files and that are not
there; and timers whose service is nowhere. As a note: `network-online.target` in `After` or `Wants` of units of a
user, where it is nothing.""",
    why="""The unit does not start: `Unit redis.service not found`. The manager of a user has none of the system's
units, whatever they are called, so that an order after its targets is no order.""",
    instead="Name the unit that the quadlet makes, or add the missing one to the folder of the service.",
    bad=_web("Requires=redis.service"),
    good=_web("Requires=redis.service", _REDIS),
    also_bad=(
        _web("BindsTo=reddis.service", _REDIS),
        _web("Requires=redis.service \\\n  db.service", _REDIS),
        {"quadlets/web.container": "[Container]\nImage=docker.io/library/nginx:1.27\nNetwork=web.network\n"},
        {
            "quadlets/web.container": "[Container]\nImage=docker.io/library/nginx:1.27\nVolume=dta.volume:/data:Z\n",
            "quadlets/data.volume": "[Volume]\n",
        },
        {"units/backup.timer": "[Timer]\nOnCalendar=daily\n[Install]\nWantedBy=timers.target\n"},
        {
            "units/backup.timer": "[Timer]\nOnCalendar=daily\nUnit=backups.service\n",
            "units/backup.service": "[Service]\n",
        },
        {"dots/dot_config/systemd/user/a.service": "[Unit]\nRequires=b.service\n[Service]\nExecStart=/usr/bin/a\n"},
    ),
    also_good=(
        _web("Requires=podman.socket dbus.service podman-user-wait-network-online.service"),
        _web("Requires=redis.service", scope="system"),
        _web("# Requires=redis.service\nWants=redis.service"),
        _web("Requires=data-volume.service", {"services/web/data.volume": "[Volume]\n"}),
        _web("Requires=web-pod.service", {"services/web/web.pod": "[Pod]\n"}),
        _web("Requires=redis.service", {"roles/a/templates/redis.service.j2": "[Service]\nExecStart={{ x }}\n"}),
        _web("Requires=worker@1.service", {"services/web/worker@.service": "[Service]\nExecStart=/usr/bin/w\n"}),
        {
            "quadlets/web.container": "[Container]\nImage=web.image\nNetwork=web.network:alias=a\nPod=a.pod\n",
            "quadlets/web.image": "[Image]\nImage=a:1\n",
            "quadlets/web.network": "[Network]\n",
            "quadlets/a.pod": "[Pod]\n",
        },
        {"quadlets/web.container": "[Container]\nImage=a:1\nNetwork=host\nVolume=data:/data\n"},
        {
            "units/backup.timer": "[Timer]\nOnCalendar=daily\n",
            "units/backup.service.j2": "[Service]\nExecStart={{ a }}\n",
        },
        {"units/backup@.timer": "[Timer]\nOnCalendar=daily\n", "units/backup@.service": "[Service]\nExecStart=/a\n"},
        {"units/backup.timer": "[Timer]\nOnCalendar=daily\n", "quadlets/backup.container": "[Container]\nImage=a:1\n"},
        {"etc/systemd/system/fstrim.timer": "[Timer]\nOnCalendar=daily\n"},
        {"units/x.timer": "[Timer]\nOnCalendar=daily\n", "up.sh": "#!/bin/sh\ncat >/etc/systemd/system/x.service\n"},
        {"units/a.service": "[Unit]\nRequires=postgresql.service\n[Service]\nExecStart=/usr/bin/a\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    units = [unit for unit in subject.once(units_of) if unit.is_users]
    known = subject.once(unit_names) if units else frozenset[str]()
    for unit in units:
        for setting in unit.says(*_NEEDS, section="Unit"):
            yield from _of(unit, setting, known)
    for unit in subject.once(units_of):
        yield from _sources(subject, unit)
        if unit.kind == "timer":
            yield from _timed(subject, unit)
    online = [each for unit in units for each in unit.says("After", "Wants", section="Unit") if _waits(each)]
    if online:
        yield _online(online)


def _sources(subject: Subject, unit: Unit) -> Iterator[Finding]:
    """Files of networks, volumes and the like that a quadlet names, and that its repository does not have."""
    known = subject.once(_names)
    for setting in unit.says(*_OF_QUADLETS, section="Container") if unit.kind == "container" else ():
        name = setting.value.partition(":")[0].strip()
        kind = _OF_QUADLETS[setting.key]
        if any(name.endswith(each) for each in kind) and "/" not in name and "%" not in name and name not in known:
            shown = printable(name[:_SHOWN])
            near = get_close_matches(name[:_SHOWN], sorted(known)[:_MOST_KNOWN], n=1, cutoff=_NEAR)
            message = f"{unit.file.name} names {shown}, which is nowhere, so that Podman makes no service of it"
            remedy = f"write `{near[0]}`" if near else f"add {shown} beside it"
            yield Finding(CODE, setting.place, message, remedy, Severity.WARNING)


def _timed(subject: Subject, unit: Unit) -> Iterator[Finding]:
    """A timer whose service nothing brings, and that no package is known to have."""
    told = next(unit.says("Unit", section="Timer"), None)
    name = told.value if told else f"{unit.file.name.removesuffix('.timer')}.service"
    if not name.endswith(".service") or not _is_missing(name, subject.once(unit_names)):
        return
    stem = name.removesuffix(".service")
    others = (file for file in subject.files if file.path != unit.file.path and not file.is_documentation)
    if unit.settings and not _OF_PACKAGES.fullmatch(stem) and not any(name in file.text for file in others):
        place = told.place if told else unit.settings[0].place
        message = f"{unit.file.name} starts {printable(name[:_SHOWN])}, which nothing in the repository brings"
        yield Finding(CODE, place, message, "add the service, or name another one in `Unit`", Severity.WARNING)


def _names(subject: Subject) -> frozenset[str]:
    return frozenset(plain_name(file.path) for file in subject.files)


def _of(unit: Unit, setting: Setting, known: frozenset[str]) -> Iterator[Finding]:
    missing = [name for name in setting.value.split() if _is_missing(name, known)][:_MOST_NAMES]
    if missing:
        shown = ", ".join(printable(name[:_SHOWN]) for name in missing)
        near = get_close_matches(missing[0][:_SHOWN], sorted(known)[:_MOST_KNOWN], n=1, cutoff=_NEAR)
        message = f"{unit.file.name} needs {shown}, which nothing brings to the manager of the user"
        remedy = f"write `{near[0]}`" if near else f"add {shown}, or drop it from `{setting.key}`"
        yield Finding(CODE, setting.place, message, remedy, Severity.WARNING)


def _is_missing(name: str, known: frozenset[str]) -> bool:
    stem = name.removesuffix(".service")
    template = f"{stem.partition('@')[0]}@.service"
    return stem != name and "%" not in name and known.isdisjoint((name, template)) and not _USERS.fullmatch(stem)


def _waits(setting: Setting) -> bool:
    return _ONLINE.search(setting.value) is not None


def _online(found: list[Setting]) -> Finding:
    first, *others = found
    more = f", here and at {len(others)} other places" if others else ""
    message = f"the manager of a user has no network-online.target, so that `{first.key}` waits for nothing{more}"
    remedy = "let the program try again until the network is there: `Restart=on-failure`"
    return Finding(CODE, first.place, message, remedy, Severity.NOTE, also=tuple(each.place for each in others))


RULE = Rule(CODE, "missing-unit", Stage.DEPENDENCIES, Principle.P3, PAGE, check, Severity.WARNING)
