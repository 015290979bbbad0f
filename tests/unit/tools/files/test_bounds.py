"""A template makes no more than a file may hold, and is told apart from one that is only wrong."""

from __future__ import annotations

import pytest
from jinja2 import StrictUndefined

from stems.tools.files.bounds import BoundedEnvironment, TooMuchError, render

ENVIRONMENT = BoundedEnvironment(undefined=StrictUndefined, autoescape=False)


@pytest.mark.parametrize(
    "text",
    [
        "{{ 'a' * 10000000000 }}",
        "{{ 10000000000 * 'a' }}",
        "{{ ('a' * 8000000) * 8000000 }}",
        "{% set x = 'a' * 8000000 %}{% for each in range(100) %}{{ x }}{% endfor %}",
        "{{ [0] * 10000000000 }}",
        "{{ 9 ** 99999 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '%*d' % (1000000000, 1) }}",
        "{{ '%1000000000d' | format(1) }}",
        "{{ '{:1000000000}'.format(1) }}",
        "{{ 'a' | center(1000000000) }}",
        "{{ 'a' | indent(1000000000, true) }}",
        "{{ 'a'.ljust(1000000000) }}",
        "{{ 'a\\t'.expandtabs(1000000000) }}",
        "{% for a in range(100000) %}{% for b in range(100000) %}{{ a }}{% endfor %}{% endfor %}",
    ],
)
def test_what_makes_too_much_is_ended(text: str) -> None:
    with pytest.raises(TooMuchError, match="makes more than 8 MiB"):
        render(ENVIRONMENT.from_string(text), {})


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("{{ '-' * 20 }}", "-" * 20),
        ("{{ 3 * 4 }} {{ 2 ** 10 }} {{ 7 % 4 }} {{ 1.5 * 2 }}", "12 1024 3 3.0"),
        ("{{ '%-8s|%05.1f' % ('a', 2) }}", "a       |002.0"),
        ("{{ '%s' | format('a') }}{{ 'a' | center(5) }}{{ 'a\\nb' | indent(2) }}", "a  a  a\n  b"),
        ("{{ '{:>4}'.format(1) }}{{ 'a'.ljust(3) }}{{ '1234567890'.strip() }}", "   1a  1234567890"),
        ("{{ '1234567890' | format }}", "1234567890"),
    ],
)
def test_what_people_write_is_made(text: str, made: str) -> None:
    assert render(ENVIRONMENT.from_string(text), {}) == made
