"""A unit that needs another one which the manager does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from stems.model.finding import Finding, Severity
from stems.model.names import printable
from stems.model.principle import Principle
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
quadlet of the repository makes. As a note: `network-online.target` in `After` or `Wants` of units of a user,
where it is nothing.""",
    why="""The unit does not start: `Unit redis.service not found`. The manager of a user has none of the system's
units, whatever they are called, so that an order after its targets is no order.""",
    instead="Name the unit that the quadlet makes, or add the missing one to the folder of the service.",
    bad=_web("Requires=redis.service"),
    good=_web("Requires=redis.service", _REDIS),
    also_bad=(
        _web("BindsTo=reddis.service", _REDIS),
        _web("Requires=redis.service \\\n  db.service", _REDIS),
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
        {"units/a.service": "[Unit]\nRequires=postgresql.service\n[Service]\nExecStart=/usr/bin/a\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    units = [unit for unit in subject.once(units_of) if unit.is_users]
    known = subject.once(unit_names) if units else frozenset[str]()
    for unit in units:
        for setting in unit.says(*_NEEDS, section="Unit"):
            yield from _of(unit, setting, known)
    online = [each for unit in units for each in unit.says("After", "Wants", section="Unit") if _waits(each)]
    if online:
        yield _online(online)


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
