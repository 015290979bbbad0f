"""A command of a quadlet with a variable that only the container has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.page import Example, Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject
from stems.validation.units import Unit, units_of

CODE = "STM569"

_REFERENCE = re.compile(r"(?<!\$)\$(?:\{(?P<braced>[A-Za-z_]\w*)\}|(?P<bare>[A-Za-z_]\w*))")
_TARGET = re.compile(r"(?:^|,)target=(?P<name>\w+)")


def _quadlet(*lines: str) -> Example:
    return {"services/web/web.container": "\n".join(["[Container]", "Image=docker.io/home/app:1", *lines, ""])}


PAGE = Page(
    checks="""`Exec=` of a quadlet with `$NAME` or `${NAME}` where `NAME` is a secret of the container
(`Secret=…,type=env`), or a variable of `Environment=` in `[Container]`, and `[Service]` gives it no value.""",
    why="""systemd puts the values in before Podman runs, and it knows neither: the program gets an empty word, and says
that its token is wrong. Were it known, every account could read it in the list of processes.""",
    instead="Let the program read its variable, or write `sh -c 'exec web --token \"$$TOKEN\"'`.",
    bad=_quadlet("Secret=web_token,type=env,target=TOKEN", "Exec=run --token ${TOKEN}"),
    good=_quadlet("Secret=web_token,type=env,target=TOKEN", "Exec=run"),
    also_bad=(
        _quadlet("Secret=TOKEN,type=env", "Exec=run --token $TOKEN"),
        _quadlet("Environment=PORT=80 NAME=web", "Exec=run --port ${PORT}"),
        _quadlet("Exec=tunnel run \\", "  --token ${TOKEN}", "Secret=t,target=TOKEN,type=env"),
    ),
    also_good=(
        _quadlet("Secret=web_token,type=env,target=TOKEN", "Exec=sh -c 'exec web --token \"$$TOKEN\"'"),
        _quadlet("Secret=web_token,type=env,target=TOKEN", "Exec=run --token ${OTHER}"),
        _quadlet("Secret=web_token,type=mount,target=TOKEN", "Exec=run --token ${TOKEN}"),
        _quadlet("Environment=PORT=80", "Exec=run --port ${PORT}", "[Service]", "Environment=PORT=80"),
        _quadlet("Secret=t,type=env,target=T", "Exec=run ${T}", "[Service]", "EnvironmentFile=/etc/web.env"),
        _quadlet("# Exec=run ${TOKEN}", "Secret=TOKEN,type=env"),
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for unit in subject.once(units_of):
        if unit.kind == "container" and not any(unit.says("EnvironmentFile", "PassEnvironment", section="Service")):
            yield from _of(unit)


def _of(unit: Unit) -> Iterator[Finding]:
    own = set(_given(unit)) - set(_environment(unit, "Service"))
    for setting in unit.says("Exec", section="Container"):
        named = {found["braced"] or found["bare"] for found in _REFERENCE.finditer(setting.value)}
        for name in sorted(named & own):
            message = (
                f"`{name}` has a value only inside of the container, and systemd puts it in before: it is empty here"
            )
            remedy = "let the program read its variable, or write `$$` in a `sh -c`"
            yield Finding(CODE, setting.place, message, remedy, Severity.WARNING)


def _given(unit: Unit) -> Iterator[str]:
    """The names of variables that the container gets."""
    for setting in unit.says("Secret", section="Container"):
        if "type=env" in setting.value.split(","):
            target = _TARGET.search(setting.value)
            yield target["name"] if target else setting.value.partition(",")[0]
    yield from _environment(unit, "Container")


def _environment(unit: Unit, section: str) -> Iterator[str]:
    for setting in unit.says("Environment", section=section):
        for word in setting.value.split():
            name, equals, _ = word.strip("\"'").partition("=")
            if equals:
                yield name


RULE = Rule(CODE, "secret-outside-container", Stage.SERVICE, Principle.P3, PAGE, check, Severity.WARNING)
