"""Nobody waits for a file that repeats one thing for half a megabyte, whatever it is called and whatever it repeats."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from stems.lifecycle.assess import assess
from stems.lifecycle.validate import validate_tree
from stems.tools.base import Tree

SECONDS = 10
SIZE = 512 * 1024
WRAPPED = 3900
KINDS = (
    "a.json", "README.md", "a.sh", "a.yml", "a.toml", "a.service", "a.ini", "nginx.conf", "Makefile", "hosts.ini",
    "dump.sql",
    "roles/r/templates/a.conf.j2", "roles/r/tasks/main.yml", "group_vars/all.yml", "ansible.cfg", "requirements.yml",
    "web/compose.yml", "app/Dockerfile", "app/.env", "app/env.template", "home/dot_a.tmpl", "home/run_once_a.sh.tmpl",
    "home/.chezmoiignore", "home/.chezmoidata.yaml", "home/.chezmoi.toml.tmpl", "home/private_dot_ssh/config",
    "crontab", "etc/sudoers", "etc/hosts", ".gitignore", ".gitattributes", ".gitmodules", ".github/workflows/a.yml",
    ".meta/whitelists/a.yml",
)  # fmt: skip
REPEATED = (
    "{{", "{{ a }}", "{{ if a }}", "{% if a %}", "${A:-", '"\\', "'", "[", "](", "<!--", "<!---->", "`", "#", " ", "a",
    "a ", "a=b ", "a: b, ", "PASS", "password=a ", ":", "*", "*/", "get ", "roles/", "lint", "export ", "é",
)  # fmt: skip
LINES = (
    "{{ a }}", "a: {{ b }}", "a:", "- a", "a=1", "[a]", "", "# a", "!a", "/a/**/b/*", "*a*a*a*b", "a filter=x",
    "FROM a", "Host a", "curl http://a | sh", "chmod 777 a", "password=abcdefghijkl123", "<<<<<<< a", "[a](b)",
    "path = a", "\\", "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
)  # fmt: skip


def repository(folder: Path, texts: dict[str, str]) -> Tree:
    whole = {"site.yml": "- hosts: all\n  roles: [r]\n", "app/compose.yml": "services: {a: {build: .}}\n", **texts}
    for path, text in whole.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return Tree(folder, "", frozenset(whole))


def judge(tree: Tree) -> None:
    start = time.process_time()
    judgement = validate_tree(tree, every_stage=True)
    assert time.process_time() - start < SECONDS
    assert judgement.judged or judgement.findings


def shared(repeated: tuple[str, ...], first: int) -> dict[str, str]:
    """Each kind of file with another one of what is repeated, beginning with the one of that number."""
    return {kind: repeated[(first + number) % len(repeated)] for number, kind in enumerate(KINDS)}


@pytest.mark.parametrize("first", range(0, len(REPEATED), 4))
def test_one_long_line_is_judged_soon(tmp_path: Path, first: int) -> None:
    chosen = shared(REPEATED, first)

    judge(repository(tmp_path, {kind: unit * (SIZE // len(unit)) for kind, unit in chosen.items()}))


@pytest.mark.parametrize("first", range(0, len(REPEATED), 8))
def test_many_long_lines_are_judged_soon(tmp_path: Path, first: int) -> None:
    chosen = shared(REPEATED, first)
    lines = {kind: "a " + unit * (WRAPPED // len(unit)) + "\n" for kind, unit in chosen.items()}

    judge(repository(tmp_path, {kind: line * (SIZE // len(line)) for kind, line in lines.items()}))


@pytest.mark.parametrize("first", range(0, len(LINES), 4))
def test_many_lines_are_judged_soon(tmp_path: Path, first: int) -> None:
    chosen = shared(tuple(f"{line}\n" for line in LINES), first)

    judge(repository(tmp_path, {kind: line * (SIZE // len(line)) for kind, line in chosen.items()}))


@pytest.mark.parametrize(
    "kind", ["a.yml", "README.md", "a.sh", "home/dot_a.tmpl", ".gitignore", "home/.chezmoi.toml.tmpl"]
)
def test_many_different_lines_are_judged_soon(tmp_path: Path, kind: str) -> None:
    judge(repository(tmp_path, {kind: "".join(f"a{number}: curl {{{{ .b{number} }}}}\n" for number in range(20_000))}))


def test_it_is_assessed_soon(tmp_path: Path) -> None:
    chosen = shared(REPEATED, 0)
    repository(tmp_path, {kind: unit * (SIZE // len(unit)) for kind, unit in chosen.items()})
    start = time.process_time()

    assert assess(tmp_path).files == len(KINDS) + 2
    assert time.process_time() - start < SECONDS
