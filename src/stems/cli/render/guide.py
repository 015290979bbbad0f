"""A section of the methodology with what to type next and how far a repository is, and as a document."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

from stems.cli.command import COMMANDS
from stems.cli.render.markdown import render_markdown
from stems.cli.render.text import bold, columns, dim, marked, one_line
from stems.lifecycle.guide.facts import Standing
from stems.lifecycle.guide.guide import Answer, Guide
from stems.lifecycle.guide.section import Section

_MARKS = {True: "good", False: "bad", None: "unknown"}
_LEADING = ("by-question", "by-role")
_MOST = 12


def render_start(guide: Guide) -> Iterator[str]:
    """By question and by role, as the first page has it."""
    yield bold(guide.start.title)
    leading = [section for section in guide.sections if section.page == guide.start.page and section.anchor in _LEADING]
    for section in leading or [guide.start]:
        yield ""
        yield bold(section.title)
        yield from _tidy(render_markdown(section.text))
    yield ""
    yield f"{dim(' next:')} `stems guide TOPIC`: a question, a role, a principle (P1 to O5), a stage, a pattern"


def render_answer(answer: Answer) -> Iterator[str]:
    if answer.read_as:
        yield f"{dim('not every word is in these pages; read as:')} {one_line(answer.read_as)}"
        yield ""
    if len(answer.sections) > 1:
        yield from _choice(answer.sections)
        return
    section = answer.sections[0]
    yield f"{bold(section.title)}  {dim(section.page)}"
    yield ""
    yield from _tidy(render_markdown(section.text))
    yield from _standing(answer.standing)
    yield from _next(section)


def _choice(sections: tuple[Section, ...]) -> Iterator[str]:
    yield "several sections speak of it:"
    rows = [(f"stems guide {shlex.quote(one.word)}", dim(one.page)) for one in sections[:_MOST]]
    yield from columns(rows, indent="  ")


def _standing(standing: tuple[Standing, ...]) -> Iterator[str]:
    if standing:
        yield ""
        yield dim("in this repository")
    for one in standing:
        yield f"  {marked(_MARKS[one.is_there], one_line(one.says))}"
        if one.how and not one.is_there:
            yield f"    {dim('next:')} {one_line(one.how)}"


def _next(section: Section) -> Iterator[str]:
    rows = [(command, dim(_summary(command))) for command in section.commands[:_MOST]]
    if rows:
        yield ""
        yield dim("commands")
        yield from columns(rows, indent="  ")


def _summary(command: str) -> str:
    words = command.split()
    return next((declared.summary for declared in COMMANDS if declared.name in words[1:2]), "")


def _tidy(lines: Iterator[str]) -> Iterator[str]:
    """At most one blank line at a time, and none at the end."""
    waiting = False
    for line in lines:
        if line:
            if waiting:
                yield ""
            waiting = False
            yield line
        else:
            waiting = True


def start_document(guide: Guide) -> dict[str, Any]:
    return {
        "schema": "stems.guide/1",
        "source": "repository" if guide.is_own else "stems",
        "topics": [{"page": one.page, "title": one.title, "topic": one.word} for one in guide.sections],
    }


def answer_document(guide: Guide, answer: Answer) -> dict[str, Any]:
    return {
        "schema": "stems.guide/1",
        "source": "repository" if guide.is_own else "stems",
        "read_as": answer.read_as or None,
        "sections": [
            {
                "page": one.page,
                "title": one.title,
                "topic": one.word,
                "text": one.text,
                "commands": list(one.commands),
            }
            for one in answer.sections
        ],
        "standing": [{"there": one.is_there, "says": one.says, "next": one.how} for one in answer.standing],
    }
