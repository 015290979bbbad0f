"""Nodes that a Nix flake builds a system for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from stems.lifecycle.assessment.look import Look
from stems.model.assessment import Sighting, Strength

_SYSTEM = re.compile(r"^\s*(?:nixosConfigurations|deploy\.nodes|colmena)\.\"?(?P<name>[A-Za-z][\w-]*)\"?\s*=", re.M)
_SET = re.compile(r"^(?P<indent>[ \t]*)nixosConfigurations\s*=\s*\{[ \t]*$", re.M)
_MEMBER = re.compile(r"(?P<indent>[ \t]*)\"?(?P<name>[A-Za-z][\w-]*)\"?\s*=")
_MOST_LINES, _MOST_SETS = 400, 10


def sightings(look: Look) -> Iterator[Sighting]:
    for file in look.settled:
        if file.name not in ("flake.nix", "hive.nix"):
            continue
        for found in _SYSTEM.finditer(file.text):
            yield Sighting(found["name"], file.at(found.start("name")), "NixOS configuration", Strength.DECLARED)
        # There is one, or a few that conditions choose from.
        for found in islice(_SET.finditer(file.text), _MOST_SETS):
            first = file.at(found.start("indent") + len(found["indent"])).line
            for number, name in _members(file.lines[first : first + _MOST_LINES], found["indent"]):
                yield Sighting(name, file.place(first + number), "NixOS configuration", Strength.DECLARED)


def _members(lines: list[str], indent: str) -> Iterator[tuple[int, str]]:
    """The names one step deeper than the set, up to where it ends."""
    step = ""
    for number, line in enumerate(lines, start=1):
        if line.startswith(f"{indent}}}"):
            return
        found = _MEMBER.match(line)
        if found and len(found["indent"]) > len(indent):
            step = step or found["indent"]
            if found["indent"] == step:
                yield number, found["name"]
