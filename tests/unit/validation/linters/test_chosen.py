"""Linters are asked about what runs, and is what it looks like."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.validation.files import Files
from stems.validation.linters.ansible_lint import questions as playbooks
from stems.validation.linters.chosen import interpreter, scripts, yaml_files
from stems.validation.linters.compose_lint import questions as projects
from stems.validation.linters.linter import by_configuration
from stems.validation.subject import NO_CLUSTER, Subject


def subject(root: Path, files: dict[str, str]) -> Subject:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return Subject(NO_CLUSTER, files=Files(root, files))


def test_yaml_is_what_is_yaml_before_anything_renders_it(tmp_path: Path) -> None:
    found = subject(
        tmp_path,
        {
            "a.yml": "a: 1\n",
            "task.yml": "a: '{{ b }}'\n",
            "rendered.yml": "{% for x in y %}\n- {{ x }}\n{% endfor %}\n",
            "broken.yml": "a: [\n",
            "large.yml": "a: 1\n" + "#" * 300_000,
            "roles/web/templates/b.yml": "a: {{ b }}\n",
            "docs/a.yml": "a: 1\n",
            "examples/a.yml": "a: 1\n",
            "a.yml.j2": "a: 1\n",
            "-a.yml": "a: 1\n",
        },
    )

    assert [file.path for file in yaml_files(found.files)] == ["a.yml", "task.yml"]


def test_scripts_are_of_a_shell_that_shellcheck_knows(tmp_path: Path) -> None:
    found = subject(
        tmp_path,
        {
            "bin/a": "#!/bin/sh\n",
            "bin/b.py": "#!/usr/bin/env python3\n",
            "bin/c.sh": "#!/usr/bin/env zsh\n",
            "bin/d.sh": "docker ps --format '{{.Names}}'\n",
            "bin/e.sh": "{{ header }}\n{% if x %}\n",
            "bin/f.sh.tmpl": "#!/bin/sh\n",
            "bin/g": "echo no first line\n",
            "old/h.sh": "#!/bin/sh\n",
            "dot_local/bin/executable_i": "#!/usr/bin/env -S bash -e\n",
        },
    )

    assert [file.path for file in scripts(found.files)] == ["bin/a", "bin/d.sh", "dot_local/bin/executable_i"]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("#!/bin/sh", "sh"),
        ("#! /usr/local/bin/bash -e", "bash"),
        ("#!/usr/bin/env bash", "bash"),
        ("#!/usr/bin/env -S A=b dash -e", "dash"),
        ("#!/bin/busybox sh", "sh"),
        ("#!/usr/bin/python3 -m bash", "python3"),
        ("#!", ""),
        ("#!/usr/bin/env", ""),
    ],
)
def test_the_first_line_names_a_program(line: str, name: str) -> None:
    assert interpreter(line) == name


def test_playbooks_are_asked_about_where_ansible_is_configured(tmp_path: Path) -> None:
    play = "- hosts: all\n  tasks: []\n"
    found = subject(
        tmp_path,
        {
            "ansible/ansible.cfg": "",
            "ansible/playbooks/site.yml": play,
            "ansible/all.yml": "- import_playbook: playbooks/site.yml\n",
            "ansible/roles/web/tasks/main.yml": "- name: hosts:\n  debug: {}\n",
            "ansible/inventory.yml": "all: {hosts: {gate: }}\n",
            "other/playbooks/a.yml": play,
            "other/.ansible-lint": "",
            "plain/site.yml": play,
            "plain/roles.yml": "- hosts: all\n- debug:\n",
        },
    )

    assert [(each.folder, each.paths, each.is_configured) for each in playbooks(found)] == [
        ("ansible", ("ansible/all.yml", "ansible/playbooks/site.yml"), False),
        ("other", ("other/playbooks/a.yml",), True),
        ("plain", ("plain/site.yml",), False),
    ]


def test_projects_have_services(tmp_path: Path) -> None:
    found = subject(
        tmp_path,
        {
            "a/compose.yml": "services: {a: {image: 'a:1'}}\n",
            "b/compose.yml": "name: no project\n",
            "c/other.yml": "services: {a: {image: 'a:1'}}\n",
            "d/docker-compose.yaml": "services: {a: {image: 'a:1'}}\n",
        },
    )

    assert [each.paths for each in projects(found)] == [("a/compose.yml", "d/docker-compose.yaml")]


def test_the_nearest_configuration_counts(tmp_path: Path) -> None:
    paths = ("a.yml", "x/b.yml", "x/y/c.yml", "z/d.yml")
    found = subject(tmp_path, {**dict.fromkeys(paths, ""), "x/.yamllint": "", "z/.yamllint.yml": ""})
    asked = list(by_configuration(found.files, paths, (".yamllint", ".yamllint.yml")))

    assert [(each.folder, each.names, each.is_configured) for each in asked] == [
        ("", ("a.yml",), False),
        ("x", ("b.yml", "y/c.yml"), True),
        ("z", ("d.yml",), True),
    ]
    assert [asked[1].path(name) for name in ("b.yml", "./y/c.yml", f"{asked[1].cwd}/b.yml")] == [
        "x/b.yml",
        "x/y/c.yml",
        "x/b.yml",
    ]
