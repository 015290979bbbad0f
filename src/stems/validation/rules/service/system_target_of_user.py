"""A unit of a user that waits for a target which only the system has."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.page import Example, Page, cluster
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject
from stems.validation.units import Unit, units_of

CODE = "STM564"


def _user(text: str, kind: str = "service", scope: str = "user") -> Example:
    declared = (
        f"domains:\n  services: {{tool: systemd, source: services}}\nservices:\n  web: {{node: gate, scope: {scope}}}\n"
    )
    return {"config/cluster.yml": cluster(declared), f"services/web/web.{kind}": text}


PAGE = Page(
    checks="""`WantedBy` and `RequiredBy` that name nothing but `multi-user.target` or `graphical.target`, in units
with `scope: user`, and in those that lie in the folder of a user's units, such as `dot_config/systemd/user/`.""",
    why="""The manager of a user has no such target: the unit is enabled and never started after a restart of the
node.""",
    instead="Write `WantedBy=default.target`.",
    bad={
        "config/cluster.yml": cluster("""
            domains:
              services: {tool: systemd, source: services}
            services:
              web: {node: gate, scope: user}
            """),
        "services/web/web.service": """
            [Service]
            ExecStart=/usr/bin/web

            [Install]
            WantedBy=multi-user.target
            """,
    },
    good={
        "config/cluster.yml": cluster("""
            domains:
              services: {tool: systemd, source: services}
            services:
              web: {node: gate, scope: user}
            """),
        "services/web/web.service": """
            [Service]
            ExecStart=/usr/bin/web

            [Install]
            WantedBy=default.target
            """,
    },
    also_bad=(
        _user("[Service]\nExecStart=/usr/bin/web\n[Install]\nWantedBy = graphical.target\n"),
        _user("[Service]\nExecStart=/usr/bin/web\n[Install]\nWantedBy=multi-user.target graphical.target\n"),
        _user("[Service]\nExecStart=/usr/bin/web\n[Install]\nRequiredBy=multi-user.target\nWantedBy=\n"),
        {
            "home/dot_config/systemd/user/sync.service": """
                [Service]
                ExecStart=/usr/bin/sync-files
                [Install]
                WantedBy=multi-user.target
                """,
        },
        _user("[Container]\nImage=docker.io/library/nginx:1.27\n[Install]\nWantedBy=multi-user.target\n", "container"),
    ),
    also_good=(
        _user("[Service]\nExecStart=/usr/bin/web\n[Install]\nWantedBy=multi-user.target default.target\n"),
        _user("[Service]\nExecStart=/usr/bin/web\n[Install]\nWantedBy=default.target multi-user.target\n"),
        _user("[Service]\nExecStart=/usr/bin/web\n[Install]\nWantedBy=multi-user.target\nWantedBy=default.target\n"),
        _user("[Service]\nExecStart=/usr/bin/web\n[Install]\n# WantedBy=multi-user.target\nWantedBy=timers.target\n"),
        _user("[Container]\nImage=a:1\n[Install]\nWantedBy=multi-user.target default.target\n", "container"),
        _user("[Service]\nExecStart=/usr/bin/web\n[Install]\nWantedBy=multi-user.target\n", scope="system"),
        {"etc/systemd/system/a.service": "[Service]\nExecStart=/usr/bin/a\n[Install]\nWantedBy=multi-user.target\n"},
    ),
)

_WANTED = ("WantedBy", "RequiredBy")
_OF_THE_SYSTEM = frozenset({"multi-user.target", "graphical.target"})


def check(subject: Subject) -> Iterator[Finding]:
    yield from subject.told.get(CODE, ())
    for unit in subject.once(units_of):
        # Of those that are declared their tool tells.
        if unit.is_users and not unit.is_declared and "systemd/" in unit.file.path:
            yield from _of(unit)


def _of(unit: Unit) -> Iterator[Finding]:
    found = [each for each in unit.says(*_WANTED, section="Install") if each.value]
    targets = {name for each in found for name in each.value.split()}
    if targets and targets <= _OF_THE_SYSTEM:
        message = f"{unit.file.name} is a unit of a user, and the manager of a user has no {min(targets)}"
        yield Finding(CODE, found[0].place, message, "write `WantedBy=default.target`", Severity.ERROR)


RULE = Rule(CODE, "system-target-of-user", Stage.SERVICE, Principle.P3, PAGE, check)
