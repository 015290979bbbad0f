"""Everything that reads text of a repository or output of a linter, each with what it may raise."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from stems.configuration.exceptions import load_exceptions
from stems.configuration.load import load_cluster
from stems.errors import ConfigurationError, UsageError
from stems.infrastructure.command import Result
from stems.lifecycle.validate import validate_tree
from stems.model.cluster import CLUSTER_FILE
from stems.readers.allowed import allowed_at
from stems.readers.env import read_env
from stems.readers.gitignore import read_gitignore
from stems.readers.globs import is_valid, matches
from stems.readers.insertion import with_entry
from stems.readers.interpolation import interpolate, references
from stems.readers.ports import published
from stems.readers.quantities import read_duration, read_share, read_size
from stems.readers.replacement import with_value
from stems.readers.yaml import read_all_yaml
from stems.tools.base import Tree
from stems.tools.chezmoi.attributes import directory_attributes, file_attributes
from stems.tools.chezmoi.templated import ignored, pattern_lines
from stems.tools.compose.model.read import read_project
from stems.tools.compose.model.reading import EVERYTHING, Given
from stems.tools.redact import redacted_diff
from stems.validation.files import Files
from stems.validation.linters.ask import LINTERS
from stems.validation.linters.linter import Linter, Question
from stems.validation.page import cluster

Act = Callable[[str], object]
UNITS, PLAYBOOK, COMPOSE, DOTFILE = "services/job/job.service", "ansible/site.yml", "services/web/compose.yml", "dot_a"
CLUSTER = cluster("""
    domains:
      user: {tool: chezmoi, source: dotfiles}
      system: {tool: ansible, source: ansible}
      services: {tool: compose, source: services}
    services:
      web: {node: gate}
      job: {node: gate, tool: systemd, unit: job.service}
    """)
CONTEXT = {
    CLUSTER_FILE: CLUSTER,
    PLAYBOOK: "- {hosts: all, tasks: []}\n",
    COMPOSE: "services: {web: {image: 'a:1'}}\n",
    UNITS: "[Service]\nExecStart=/bin/true\n",
    f"dotfiles/{DOTFILE}": "a\n",
}


@dataclass(frozen=True)
class Target:
    """One reader. `allowed` is what it may raise; anything else is a bug. `seeds` are what it is meant for."""

    name: str
    act: Act
    allowed: tuple[type[Exception], ...] = ()
    seeds: tuple[str, ...] = field(default=("",))

    def run(self, text: str) -> None:
        try:
            self.act(text)
        except self.allowed:
            return


def _consumed(read: Callable[[str], Iterable[object]]) -> Act:
    return lambda text: list(read(text))


def _comments(text: str) -> object:
    lines = text.split("\n")
    return [list(allowed_at(lines, number)) for number in range(min(len(lines), 50) + 2)]


def _globs(text: str) -> object:
    return is_valid(text) and matches(text, "a/b/c.d")


def _quantities(text: str) -> None:
    for read in (read_duration, read_size, read_share):
        try:
            read(text)
        except ValueError:
            continue


def _compose(text: str) -> object:
    texts = {"compose.yml": text, "b.yml": text, ".env": text}
    return read_project(texts.get, "", Given(unknown=EVERYTHING)), read_project(texts.get, "", Given({"A": "b"}))


def _chezmoi(text: str) -> object:
    name = text.rpartition("/")[2]
    return file_attributes(name), directory_attributes(name), ignored(pattern_lines(text), "a/b")


def _repository(path: str, text: str) -> object:
    """A whole repository with the text as one file of it, judged in every stage."""
    files = {**CONTEXT, path: text}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, content in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(content, "utf-8", "surrogatepass", newline="")
        return validate_tree(Tree(root, "", frozenset(files)), every_stage=True)


def _linter(linter: Linter, text: str) -> None:
    question = Question(("a.yml", "b/c.yml"), files=Files(), root=Path("/r"), private=Path("/p"), program="x")
    for status in (0, 1):
        list(linter.answer(question, Result(status, text.encode("utf-8", "surrogatepass"))))


def _ignored(text: str) -> object:
    return [line.means("a/b/.env", is_folder=False) for line in (*read_gitignore(text), *read_gitignore(text, "a"))]


_YAML = ("a: &b [1, {c: d}]\ne: *b\n<<: {f: g}\n", "- |\n  x\n- !t 'y'\n---\n? k\n: v\n")
_COMPOSE = (
    CONTEXT[COMPOSE],
    "name: a\nservices:\n  b:\n    extends: {file: b.yml, service: c}\n    ports: ['127.0.0.1:80-81:90-91/udp']\n"
    "    environment: [A=${B:-c}]\n    deploy: {resources: {limits: {memory: 1g}}}\ninclude: [b.yml]\nvolumes: {v: }\n",
)
_PLAYBOOKS = (
    CONTEXT[PLAYBOOK],
    "- hosts: gate\n  become: true\n  vars: {a: '{{ b }}'}\n  roles: [c]\n  tasks:\n"
    "    - copy: {src: x, dest: '/{{ a }}'}\n      loop: [1]\n      when: a is defined\n    - include_tasks: y.yml\n"
    "  handlers: [{name: r, service: name=x}]\n",
)
_SAID = (
    '[{"RuleID": "a", "File": "/p/files/a.yml", "StartLine": 1, "StartColumn": 2}]',
    '{"comments": [{"file": "a.yml", "line": 1, "column": 1, "level": "error", "code": 1, "message": "m"}]}',
    '{"findings": [{"file": "a", "line": 1, "rule_id": "c", "severity": "high", "service": "s", "message": "m"}]}',
    '[{"check_name": "a", "description": "b", "location": {"path": "c", "lines": {"begin": 1}}}]',
    "a.yml:1:2: [error] said (rule)\n",
)
_KNOWN = (ConfigurationError, UsageError)

TARGETS: tuple[Target, ...] = (
    Target("yaml", lambda text: read_all_yaml(text, "a.yml"), _KNOWN, _YAML),
    Target("strict-yaml", lambda text: read_all_yaml(text, "a.yml", strict=True), _KNOWN, _YAML),
    Target("cluster", load_cluster, _KNOWN, (CLUSTER,)),
    Target("exceptions", load_exceptions, _KNOWN, ("version: 1\nexceptions: [{allow: STM1, where: a, reason: b}]\n",)),
    Target("comments", _comments, seeds=("a # stems: allow STM405: reason\n",)),
    Target("env", lambda text: read_env(text, ".env"), _KNOWN, ("export A=\"b\"\n# c\nD='e\nf'\n",)),
    Target("globs", _globs, seeds=("**/a[!b]*/{c,d}", "\\*?")),
    Target("gitignore", _ignored, seeds=("*\n!a/\n/**/[b]\n",)),
    Target(
        "interpolation", lambda text: (list(references(text)), interpolate(text, {"A": "b"})), (), ("${A:-${B}}$$",)
    ),
    Target("ports", _consumed(published), seeds=("[::1]:80-90:80-90/udp",)),
    Target("quantities", _quantities, seeds=("10s", "512M", "10%")),
    Target(
        "insertion",
        lambda text: with_entry(text, path="a.yml", section="services", name="n", entry={"a": [1]}),
        _KNOWN,
        ("services:\n  a: {}\n\nnodes: {}\n",),
    ),
    Target(
        "replacement",
        lambda text: with_value(text, path="a.yml", keys=("services", "a"), key="node", value="n", after="data"),
        _KNOWN,
        ("services:\n  a: {data: none, node: [b]}  # c\n", "services:\n  a:\n    node: >-\n      b\n  # c\n"),
    ),
    Target("compose", _compose, _KNOWN, _COMPOSE),
    Target("chezmoi", _chezmoi, seeds=("private_dot_a.tmpl", "{{ if eq 1 2 }}\n*.md\n!b\n{{ end }}\n")),
    Target("redaction", lambda text: redacted_diff(text, text[::-1], path="a"), seeds=("password: |\n  a\nb: c\n",)),
    *(Target(linter.name.replace(" ", "-"), partial(_linter, linter), (ValueError,), _SAID) for linter in LINTERS),
    Target("repository-cluster", partial(_repository, CLUSTER_FILE), _KNOWN, (CLUSTER,)),
    Target("repository-playbook", partial(_repository, PLAYBOOK), _KNOWN, _PLAYBOOKS),
    Target("repository-compose", partial(_repository, COMPOSE), _KNOWN, _COMPOSE),
    Target("repository-unit", partial(_repository, UNITS), _KNOWN, (CONTEXT[UNITS],)),
    Target("repository-dotfile", partial(_repository, "dotfiles/dot_b.tmpl"), _KNOWN, ("{{ .a }}\n",)),
    Target("repository-ignore", partial(_repository, "dotfiles/.chezmoiignore"), _KNOWN, ("README.md\n",)),
    Target("repository-script", partial(_repository, "bin/run"), _KNOWN, ("#!/bin/sh\r\ntrue\n",)),
)
