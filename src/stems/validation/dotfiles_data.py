"""The template data of a chezmoi source: which names the repository gives a value, and whether others can be known."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from stems.validation.dotfiles import Dotfiles
from stems.validation.files import File

_DATA = ".chezmoidata"
_CONFIG = re.compile(r"(?:^|/)\.chezmoi\.\w+\.tmpl$")
_KEY = re.compile(r"(?<![\w-])(?P<name>[A-Za-z_][\w-]*+)[\"']?[ \t]*[=:]")
_TABLE = re.compile(r"\[+data\.(?P<name>\w+)")
_ASKED = re.compile(r"prompt\w{1,20}Once\s{1,20}\S{1,200}\s{1,20}[\"`](?P<name>\w+)[\"`]")
# Data that a function makes has names that nobody sees here.
_MADE = re.compile(
    r"\bto(?:Toml|Yaml|Json)\b|\b(?:merge|mergeOverwrite|includeTemplate|include|output|fromJson|dict)\b"
)
_LAX = "missingkey"


class Known(IntEnum):
    """How far the names of the data can be known here."""

    NOT = 0
    PARTLY = 1
    WHOLLY = 2


@dataclass(frozen=True, slots=True)
class Data:
    """The names at the top of the data. `PARTLY` is known what a user's own configuration may add to."""

    names: frozenset[str]
    known: Known
    written: Mapping[str, object] = field(default_factory=dict)
    """What stands in files of data alone, as it is written there."""

    def lacks(self, path: Sequence[str]) -> str:
        """The first part of a path that a mapping of the files of data does not have, nothing where none lacks."""
        value: object = self.written
        for part in path:
            if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
                return ""
            if part not in value:
                return "" if value is self.written else part
            value = value[part]
        return ""


def data_of(dotfiles: Dotfiles) -> Data:
    configs = [file for file in dotfiles.special(".chezmoi.") if _CONFIG.search(file.path)]
    names: set[str] = {"chezmoi", *dotfiles.variables}
    files = list(dotfiles.special(_DATA))
    written: dict[str, object] = {}
    for file in files:
        found = _read(file)
        if found is None:
            return Data(frozenset(names), Known.NOT)
        # Of one name in two files, both have a part.
        written = {**written, **found, **{name: None for name in written.keys() & found.keys()}}
    configured: set[str] = set()
    for file in configs:
        if _LAX in file.text or _MADE.search(file.text):
            return Data(frozenset(names), Known.NOT)
        configured |= set(_configured(file.text))
    known = Known.WHOLLY if configs else Known.PARTLY if files or dotfiles.variables else Known.NOT
    alone = {name: value for name, value in written.items() if name not in configured | names}
    return Data(frozenset(names | configured | written.keys()), known, alone)


def _configured(text: str) -> Iterator[str]:
    """Every name that the template of a configuration may give a value: rather one too many than one too few."""
    for pattern in (_KEY, _TABLE, _ASKED):
        yield from (found["name"] for found in pattern.finditer(text))


def _read(file: File) -> dict[str, object] | None:
    """One file of data; `None` where it cannot be read."""
    import tomllib  # noqa: PLC0415  # most repositories have no such file, and pay for none

    try:
        if file.name.endswith((".yaml", ".yml")):
            if file.yaml_error or len(file.documents) > 1:
                return None
            value = file.documents[0].value if file.documents else {}
        elif file.name.endswith((".json", ".jsonc")):
            value = json.loads(file.text)
        elif file.name.endswith(".toml"):
            value = tomllib.loads(file.text)
        else:
            return None
    except (ValueError, RecursionError):
        return None
    return {str(key): inner for key, inner in value.items()} if isinstance(value, dict) else None
