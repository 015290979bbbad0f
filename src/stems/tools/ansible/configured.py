"""The user's `ansible.cfg`: which one counts, and what it says that stems must not write over."""

from __future__ import annotations

import os
from collections.abc import Mapping
from configparser import ConfigParser
from configparser import Error as ParseError
from dataclasses import dataclass
from pathlib import Path

from stems.tools.ansible.requirements import Requirements, install, requirements_of
from stems.tools.ansible.settings import settings_of
from stems.tools.base import Job

_ROLES = ("~/.ansible/roles", "/usr/share/ansible/roles", "/etc/ansible/roles")
_COLLECTIONS = ("~/.ansible/collections", "/usr/share/ansible/collections")


@dataclass(frozen=True, slots=True)
class Configuration:
    """An `ansible.cfg`; empty where there is none."""

    path: Path | None
    values: ConfigParser

    def says(self, key: str, *, section: str = "defaults") -> str:
        return self.values.get(section, key, fallback="").strip()

    def paths(self, *keys: str) -> list[str]:
        """Folders that a key names, separated by colons; like Ansible, relative to the file."""
        written = next((text for key in keys if (text := self.says(key))), "")
        base = self.path.parent if self.path else Path()
        return [str(base / Path(part).expanduser()) for part in _split(written)]


def passed_on(job: Job) -> dict[str, str]:
    """The variables of the user's environment that Ansible may see."""
    return {name: os.environ[name] for name in settings_of(job).environment if name in os.environ}


def surroundings(job: Job) -> dict[str, str]:
    """The user's own settings for every program of Ansible, with what `requirements.yml` brings."""
    found, passed = configuration_of(job), passed_on(job)
    # Ansible itself looks in the source's folder only.
    own = {"ANSIBLE_CONFIG": str(found.path)} if found.path == job.tree.root / "ansible.cfg" else {}
    return {**passed, **own, **_search_paths(requirements_of(job), found, passed)}


def configuration_of(job: Job) -> Configuration:
    """The first that there is, where Ansible looks, and after the source's folder in the root of the repository."""
    named = passed_on(job).get("ANSIBLE_CONFIG", "")
    places = (
        *((Path(named).expanduser(),) if named else ()),
        job.source / "ansible.cfg",
        job.tree.root / "ansible.cfg",
        Path.home() / ".ansible.cfg",
        Path("/etc/ansible/ansible.cfg"),
    )
    path = next((place for place in places if place.is_file()), None)
    values = ConfigParser(interpolation=None, inline_comment_prefixes=(";",), strict=False)
    try:
        values.read_string(path.read_text("utf-8", "replace") if path else "")
    except (OSError, ParseError):
        # Ansible says it better.
        values.clear()
    return Configuration(path, values)


def _search_paths(wanted: Requirements | None, found: Configuration, passed: Mapping[str, str]) -> dict[str, str]:
    """Where roles and collections are found: what was installed for this tree, then where the user's settings say."""
    if wanted is None:
        return {}
    roles = _split(passed.get("ANSIBLE_ROLES_PATH", "")) or found.paths("roles_path")
    collections = _split(passed.get("ANSIBLE_COLLECTIONS_PATH", "")) or found.paths(
        "collections_path", "collections_paths"
    )
    return {
        "ANSIBLE_ROLES_PATH": ":".join([str(wanted.roles), *(roles or _ROLES)]),
        "ANSIBLE_COLLECTIONS_PATH": ":".join([str(wanted.collections), *(collections or _COLLECTIONS)]),
    }


def _split(text: str) -> list[str]:
    return [part for part in text.split(":") if part]


def bring_requirements(job: Job) -> None:
    """Have on this machine what `requirements.yml` names."""
    wanted = requirements_of(job)
    if wanted:
        install(job, wanted, surroundings(job))
