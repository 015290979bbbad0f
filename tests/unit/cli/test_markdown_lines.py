"""Markdown becomes lines for a terminal, without its signs and with its code as it is."""

from __future__ import annotations

import click

from stems.cli.render.markdown import WIDTH, render_markdown


def lines(text: str) -> list[str]:
    return [click.unstyle(line) for line in render_markdown(text)]


def test_signs_go_and_code_stays() -> None:
    assert lines("## Title\n\n**Do** it with [a link](page.md#there), *now*: `stems plan`.") == [
        "Title",
        "",
        "Do it with a link, now: `stems plan`.",
    ]


def test_a_paragraph_is_one_text() -> None:
    wrapped = lines("word\n" * 60)

    assert len(wrapped) == 3 and all(len(line) <= WIDTH for line in wrapped)


def test_items_stand_apart() -> None:
    assert lines("* one\n  goes on\n* two\n1. first\n2. second") == ["• one goes on", "• two", "1. first", "2. second"]


def test_a_table_is_columns() -> None:
    assert lines("| a | b |\n|---|---|\n| one | `x` |\n| longer |") == ["  a       b", "  one     `x`", "  longer"]


def test_code_is_indented_and_left_alone() -> None:
    assert lines("Text\n   ```sh\n   # **not bold**\n     deeper\n   ```\nafter") == [
        "Text",
        "    # **not bold**",
        "      deeper",
        "after",
    ]


def test_a_block_that_is_never_closed_ends_with_the_text() -> None:
    assert lines("```\none") == ["    one"]


def test_stars_in_words_are_no_emphasis() -> None:
    assert lines("2 * 3 * 4 and a*b*c") == ["2 * 3 * 4 and a*b*c"]
