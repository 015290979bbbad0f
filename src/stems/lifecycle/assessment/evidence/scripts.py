"""Nodes that scripts go through one after the other, or reach by their name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from stems.lifecycle.assessment.look import Look
from stems.model.assessment import Sighting, Strength
from stems.model.finding import Place
from stems.model.names import HOST, USER, is_name
from stems.validation.files import File

_KIND = r"(?:node|host|server|machine|target)s?"
_LOOP = re.compile(rf"(?:^|[;&|]\s*)for\s+\w*{_KIND}\w*\s+in\s+(?P<names>[^;$`*(]+)(?:;|$)", re.IGNORECASE)
_LIST = re.compile(
    rf"^(?:(?:export|readonly|local|declare\s+-a)\s+)?\w*{_KIND}=(?:\((?P<array>[^)$`*]*)\)|\"(?P<words>[^\"$`*]*)\")",
    re.IGNORECASE,
)
_GOAL = re.compile(
    r"(?:^|[;&|(]|\bdo|\bthen)\s*ssh\s+(?:-[A-Za-z]+\s+)*(?P<goal>[a-z_][\w-]*@[A-Za-z0-9][\w.-]*)(?=\s|$)"
)
_NAME = re.compile(r"(?:[a-z_][\w-]*@)?[A-Za-z0-9][\w.-]*")
_FORGES = re.compile(r"git@.*|.*@(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|localhost|example\.\w+)")
_REACHING = ("ssh", "scp", "rsync")
_MOST_LINES = 20_000
_MANY = 50


def sightings(look: Look) -> Iterator[Sighting]:
    for file in look.scripts:
        # Where nothing is reached, a list of something else may be called so.
        if any(program in file.text for program in _REACHING):
            yield from _in(file)


def _in(file: File) -> Iterator[Sighting]:
    for number, whole in enumerate(islice(file.lines, _MOST_LINES), start=1):
        line = whole[:500].strip()
        if line.startswith(("#", "echo")):
            continue
        for name in _listed(line):
            yield from _sighting(name, file.place(number), "list of a script", Strength.NAMED)
        goal = _GOAL.search(line)
        if goal and not _FORGES.fullmatch(goal["goal"]):
            yield from _sighting(goal["goal"], file.place(number), "ssh of a script", Strength.MENTIONED)


def _listed(line: str) -> Iterator[str]:
    for found in (_LOOP.search(line), _LIST.search(line)):
        text = next(filter(None, found.groups()), "") if found else ""
        names = [word.strip("\"'") for word in text.split()]
        if len(names) <= _MANY and all(map(_NAME.fullmatch, names)):
            yield from names


def _sighting(goal: str, place: Place, says: str, strength: Strength) -> Iterator[Sighting]:
    user, _, name = goal.rpartition("@")
    if is_name(HOST, name):
        yield Sighting(name, place, says, strength, user=user if is_name(USER, user) else "")
