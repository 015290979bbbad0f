"""A command of a unit that has no absolute path."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.names import printable
from stems.model.principle import Principle
from stems.validation.page import Example, Page, cluster
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject
from stems.validation.units import Setting, Unit, units_of

CODE = "STM571"

_COMMANDS = ("ExecCondition", "ExecStartPre", "ExecStart", "ExecStartPost", "ExecReload", "ExecStop", "ExecStopPost")
_PREFIXES = "@-:+!|"
_PLACEHOLDER = re.compile(r"@?[A-Z][A-Z0-9_]*@")
_SHOWN = 60


def _unit(command: str, name: str = "services/web/web.service") -> Example:
    return {name: f"[Service]\n{command}\n[Install]\nWantedBy=multi-user.target\n"}


PAGE = Page(
    checks="""Programs of `ExecStart` and its like in `*.service` files that have a slash and do not begin with one:
`./web`, `~/bin/web`, `$HOME/bin/web`, or `@DIR@/web` where a script was to fill something in. An error where stems
brings the file to the node as it is.""",
    why="""systemd does not load the unit: `Neither a valid executable name nor an absolute path`. It expands neither
`~` nor variables in the name of a program, and an `@` in front is a sign of its own.""",
    instead="Write the whole path, or `%h/bin/web` for the home of a user's unit.",
    bad=_unit("ExecStart=@APP_DIR@/bin/web"),
    good=_unit("ExecStart=/opt/app/bin/web"),
    also_bad=(
        _unit("ExecStart=~/bin/web --port 80"),
        _unit("ExecStart=/usr/bin/web\nExecReload=$HOME/bin/reload"),
        _unit("ExecStartPre=+./prepare.sh\nExecStart=/usr/bin/web"),
        _unit('ExecStart="bin/my web"'),
        {
            "config/cluster.yml": cluster(
                "domains:\n  services: {tool: systemd, source: .}\nservices:\n  web: {node: gate, scope: user}\n"
            ),
            "web/web.service": "[Service]\nExecStart=${APP_DIR}/web\n[Install]\nWantedBy=default.target\n",
        },
    ),
    also_good=(
        _unit("ExecStart=@/usr/bin/web web --port 80\nExecStop=-/bin/kill $MAINPID"),
        _unit("ExecStart=%h/bin/web\nExecReload=%t/x/reload"),
        _unit("ExecStart=web --config ./web.conf --home ~/x"),
        _unit("ExecStart=\nExecStart=/usr/bin/web"),
        _unit("# ExecStart=./web\nExecStart=/usr/bin/web \\\n  ./data"),
        _unit("ExecStart=@APP_DIR@/bin/web", "units/web.service"),
        _unit("ExecStart=./web", "examples/web.service"),
        _unit("ExecStart={{ app_dir }}/web", "roles/web/templates/web.service"),
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for unit in subject.once(units_of):
        if unit.kind == "service":
            for setting in unit.says(*_COMMANDS, section="Service"):
                yield from _of(unit, setting)


def _of(unit: Unit, setting: Setting) -> Iterator[Finding]:
    bare = setting.value.lstrip(_PREFIXES).lstrip()
    program = bare[1:].partition(bare[0])[0] if bare[:1] in ("'", '"') else bare.partition(" ")[0]
    is_placeholder = _PLACEHOLDER.match(setting.value.lstrip("-:+!")) is not None
    if "/" not in program or program.startswith(("/", "%")) or (is_placeholder and not unit.is_declared):
        # A script may fill in what stems does not bring.
        return
    message = f"{setting.key}: {printable(program[:_SHOWN])} is no absolute path, so that systemd refuses the unit"
    if is_placeholder:
        message = f"{message}; it looks like a placeholder that nobody filled in"
    is_ignored = "-" in setting.value[: len(setting.value) - len(bare)]
    severity = Severity.ERROR if unit.is_declared and not is_ignored else Severity.WARNING
    yield Finding(CODE, setting.place, message, "write the whole path of the program", severity)


RULE = Rule(CODE, "relative-command", Stage.SCHEMA, Principle.P2, PAGE, check, Severity.ERROR)
