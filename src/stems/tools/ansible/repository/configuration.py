"""An `ansible.cfg` as text: what it says, and where."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from posixpath import dirname

from stems.model.finding import Place
from stems.tools.ansible.repository.content import is_outside, joined

_SECTION = re.compile(r"\[([^\]]+)\]")


@dataclass(frozen=True, slots=True)
class Setting:
    """A value and where its key is written."""

    value: str
    place: Place


@dataclass(frozen=True, slots=True)
class Configuration:
    """One `ansible.cfg`; without a path there is none."""

    path: str = ""
    settings: Mapping[tuple[str, str], Setting] = field(default_factory=dict)

    def setting(self, key: str, section: str = "defaults") -> Setting | None:
        return self.settings.get((section, key))

    def says(self, key: str, section: str = "defaults") -> str:
        found = self.setting(key, section)
        return found.value if found else ""

    def paths(self, *keys: str, separator: str = ":") -> list[str]:
        """Paths from the root of the repository; those outside start with `..`, `/` or `~`."""
        written = next((text for key in keys if (text := self.says(key))), "")
        parts = [part.strip() for part in written.split(separator) if part.strip()]
        return [part if is_outside(part) and not part.startswith("..") else self._path(part) for part in parts]

    def _path(self, written: str) -> str:
        return joined(dirname(self.path), written.replace("{{CWD}}", "."))


def read_configuration(text: str, path: str) -> Configuration:
    """What Ansible would refuse is left out: it says it better."""
    settings: dict[tuple[str, str], Setting] = {}
    section = ""
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.strip()
        if not stripped or stripped[0] in "#;" or line[0] in " \t":
            continue
        if header := _SECTION.match(stripped):
            section = header[1].strip()
            continue
        key, equals, value = stripped.partition("=")
        if not equals:
            key, equals, value = stripped.partition(":")
        if equals:
            # Ansible takes only what follows a space and a semicolon for a comment.
            settings[section, key.strip().lower()] = Setting(value.partition(" ;")[0].strip(), Place(path, number, 1))
    return Configuration(path, settings)
