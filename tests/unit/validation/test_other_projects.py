"""A template of a Compose file is read as what it will be, line by line, and what it fills in stays unknown."""

from __future__ import annotations

from time import perf_counter

from stems.validation.other_projects import as_filled_in


def test_every_line_stays_where_it_was() -> None:
    text = (
        "{# Made\n   by Ansible #}\n"
        "services:\n"
        "  {{ item.name }}:\n"
        '    image: "web:{{ tag }}"\n'
        "{% if ports %}\n"
        "    ports: {{ ports | to_json }}\n"
        "{% endif %}\n"
    )

    assert as_filled_in(text) == (
        '\n\nservices:\n  item.name:\n    image: "web:${_}"\n\n    ports: ${_}\n\n'
    )  # fmt: skip


def test_actions_of_go_leave_nothing() -> None:
    text = "services:\n{{- /* two\nlines */ -}}\n{{ if .a }}\n  web: {image: 'a:1'}\n{{ end -}}\n{{ template `x` . }}\n"

    assert as_filled_in(text) == "services:\n\n\n\n  web: {image: 'a:1'}\n\n\n"


def test_what_never_closes_takes_no_time() -> None:
    started = perf_counter()

    for sign in ("{#", "{%", "{{", "{{ a }}{#", "  {{"):
        as_filled_in(sign * 100_000)

    assert perf_counter() - started < 5
