"""A template is not called broken before it is rendered, and what is no template is not excused."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.validation.files import File, Files


def one(folder: Path, name: str, text: str) -> File:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return Files(folder, [name])[name]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yml.j2", "a: 1\n"),
        ("a.tmpl", ""),
        ("a.hbs", ""),
        (".chezmoiignore", "a\n"),
        ("home/.chezmoitemplates/part", "a\n"),
        ("home/.chezmoiexternal.toml", "a = 1\n"),
        ("{{cookiecutter.name}}/a.yml", "a: 1\n"),
        ("a.yml", "a: {{ b }}\n"),
        ("a.yml", "{% if b %}\na: 1\n{% endif %}\n"),
        ("a.yml", "a:\n{{- range .b }}\n  - {{ . }}\n{{- end }}\n"),
        ("a.yml", "a:\n{{#each b}}\n  - {{this}}\n{{/each}}\n"),
        ("a.yml", "a:\n<% b.each do |c| %>\n  - <%= c %>\n<% end %>\n"),
        ("a.conf", "listen {{ port }};\n{% for a in b %}\n{% endfor %}\n"),
    ],
)
def test_templates_are_recognised(tmp_path: Path, name: str, text: str) -> None:
    assert one(tmp_path, name, text).is_template


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yml", "a: 1\n"),
        ("a.yml", "a: '{{ b }}'\n"),
        ("a.yml", "a: ${{ b }}\nc: [\n"),
        ("a.yml", "a: |\n  {% if b %}\n  {{ c }}\n"),
        ("a.yml", "a: |\n  {{ c }}\nb: 1\nb: 2\n"),
        ("a.sh", "docker ps --format '{{.Names}}'\n"),
        ("a.yml", "a: [\n"),
    ],
)
def test_what_only_holds_braces_is_no_template(tmp_path: Path, name: str, text: str) -> None:
    assert not one(tmp_path, name, text).is_template


def test_a_link_says_where_it_leads_and_a_folder_is_one(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("gone")
    (tmp_path / "inner").mkdir()
    files = Files(tmp_path, ["link", "inner", "../outside"])

    assert (files["link"].leads_to, files["inner"].leads_to) == ("gone", "")
    assert (files["link"].is_folder, files["inner"].is_folder) == (False, True)
    assert (files["../outside"].size, files["../outside"].leads_to) == (0, "")
