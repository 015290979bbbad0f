"""YAML files of the repository that YAML cannot read, for the rules that tell them apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from stems.readers.nodes import InvalidYamlError, RepeatedKeyError, YamlError
from stems.validation.codes import UNREADABLE
from stems.validation.files import File
from stems.validation.projects import refused
from stems.validation.subject import Subject

_MOST = 10
"""Keys that repeat in one file, of which each is told."""
_PROJECTS = ("STM501", "STM503")
_TOLD = (UNREADABLE, "STM305", "STM401", *_PROJECTS)
_KNOWN = (
    "compose*.y*ml", "docker-compose*.y*ml", ".gitlab-ci.yml", ".pre-commit-config.yaml", ".woodpecker.y*ml",
    ".drone.yml", "requirements.y*ml", "galaxy.yml", ".chezmoidata.y*ml", "mkdocs.yml", "prometheus.y*ml",
    "alertmanager.y*ml", "loki*.y*ml", "promtail*.y*ml", "traefik.y*ml", "kustomization.yaml", "Chart.yaml",
    "site.y*ml", "playbook*.y*ml", "configuration.yaml", "dependabot.yml",
)  # fmt: skip
# Rules about projects say what Compose refuses in these.
_WORKFLOWS = re.compile(r"(?:^|/)\.(?:github|gitea|forgejo)/workflows/[^/]+$")
# Ansible reads these as YAML first, and renders what it has read.
_ANSIBLE = re.compile(
    r"(?:^|/)(?:(?:group|host)_vars|playbooks)/.+$|(?:^|/)roles/[^/]+/(?:tasks|handlers|vars|defaults|meta)/.+$"
)
_PLAYBOOKS = ("site.y*ml", "playbook*.y*ml")


@dataclass(frozen=True, slots=True)
class Trouble:
    """One file with what is wrong in it. `is_known` says that it is a configuration file of a known program."""

    file: File
    error: YamlError
    is_known: bool
    wants_quotes: bool = False

    @property
    def is_repeated_key(self) -> bool:
        return isinstance(self.error, RepeatedKeyError)


def yaml_troubles(subject: Subject) -> tuple[Trouble, ...]:
    """Asked for with `subject.once`. What a tool or a reader of stems says already is left out."""
    of_tools = (finding for code in _TOLD for finding in subject.told.get(code, ()))
    of_projects = (finding for code in _PROJECTS for finding in refused(subject, code))
    told = {finding.place.path for finding in (*subject.read, *of_tools, *of_projects)}
    files = subject.files.named("*.yml", "*.yaml")
    return tuple(
        trouble
        for file in files
        if file.path not in told and not (file.is_aside or file.is_documentation or file.is_encrypted)
        for trouble in _of(file)
    )


def _of(file: File) -> Iterator[Trouble]:
    error = file.yaml_error
    if error is None:
        return
    if file.repeated_keys:
        if not file.is_template or _renders_what_it_read(file.path):
            yield from (Trouble(file, each, _is_known(file)) for each in file.repeated_keys[:_MOST])
    elif _renders_what_it_read(file.path):
        wants_quotes = _wants_quotes(file, error)
        if wants_quotes or isinstance(error, InvalidYamlError):
            yield Trouble(file, error, is_known=True, wants_quotes=wants_quotes)
    elif isinstance(error, InvalidYamlError) and not file.is_template:
        yield Trouble(file, error, _is_known(file))


def _renders_what_it_read(path: str) -> bool:
    # A skeleton of a role has its own braces, for whoever makes a role from it.
    name = path.rpartition("/")[2]
    is_playbook = any(fnmatchcase(name, pattern) for pattern in _PLAYBOOKS)
    is_template = "{{" in path or "{%" in path or "/templates/" in f"/{path}"
    return (is_playbook or _ANSIBLE.search(path) is not None) and not is_template


def _wants_quotes(file: File, error: YamlError) -> bool:
    """Whether it is the usual mistake in a playbook: a value that starts with an expression."""
    lines = (file.line(error.place.line - 1), file.line(error.place.line))
    return any(re.search(r"[:-][ \t]+\{\{", line) for line in lines if not line.lstrip().startswith("#"))


def _is_known(file: File) -> bool:
    return any(fnmatchcase(file.name, pattern) for pattern in _KNOWN) or _WORKFLOWS.search(file.path) is not None
