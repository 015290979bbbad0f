"""Nodes in the data of a chezmoi source, and names that its templates ask for."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

from stems.lifecycle.assessment.evidence.listed import at, nodes_in
from stems.lifecycle.assessment.look import Look
from stems.model.assessment import Sighting, Strength
from stems.model.finding import Place
from stems.model.names import HOST, is_name
from stems.validation.files import File

_DATA = re.compile(r"(?:.*/)?\.chezmoidata(?:/.+)?\.(?:ya?ml|json|toml)")
_TEMPLATE = re.compile(r"(?:.*/)?(?:.+\.tmpl|\.chezmoi(?:ignore|remove)|\.chezmoitemplates/.+)")
_ACTION = re.compile(r"\{\{(?!-?\s*/\*)[^{}]{0,2000}?\.chezmoi\.(?:fqdnHostname|hostname)\b[^{}]{0,2000}?\}\}")
_ASKED = re.compile(
    r"\beq\s+(?:\.chezmoi\.(?:fqdnHostname|hostname)(?P<after>(?:\s+\"[^\"\n]+\")+)|"
    r"\"(?P<before>[^\"\n]+)\"\s+\.chezmoi\.(?:fqdnHostname|hostname))"
)
_WORD = re.compile(r'"([^"\n]+)"')


def sightings(look: Look) -> Iterator[Sighting]:
    seen: set[str] = set()
    for file in look.settled:
        if _DATA.fullmatch(file.path):
            yield from _listed(file)
        elif _TEMPLATE.fullmatch(file.path) and ".chezmoi." in file.text:
            for name, offset in _asked(file.text):
                if name not in seen and is_name(HOST, name):
                    seen.add(name)
                    yield Sighting(name, file.at(offset), "chezmoi template asks for it", Strength.NAMED)


def _listed(file: File) -> Iterator[Sighting]:
    if file.name.endswith(".toml"):
        try:
            value = tomllib.loads(file.text)
        except (tomllib.TOMLDecodeError, RecursionError):
            return
        yield from nodes_in(value, lambda keys: _header(file, str(keys[-1])), "chezmoi data", Strength.NAMED)
    for document in file.documents[:20]:
        yield from nodes_in(document.value, at(document), "chezmoi data", Strength.NAMED)


def _header(file: File, name: str) -> Place:
    """Where TOML names it, as its reader says no places."""
    for number, line in enumerate(file.lines, start=1):
        if name in line and not line.lstrip().startswith("#"):
            return file.place(number)
    return file.place()


def _asked(text: str) -> Iterator[tuple[str, int]]:
    """Each name that an action compares with, and where the action begins."""
    for action in _ACTION.finditer(text):
        for found in _ASKED.finditer(action[0]):
            for name in _WORD.findall(found["after"]) if found["after"] else [found["before"]]:
                yield name, action.start()
