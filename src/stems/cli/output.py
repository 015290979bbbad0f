"""The only printer: results to stdout, progress and errors to stderr, plain where nobody looks."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable
from typing import Any

import click

from stems.errors import StemsError
from stems.model.names import escaped, printable

# What click writes for a colour, bold or dim. Everything else that steers a terminal came from elsewhere.
_STYLE = re.compile(r"(\x1b\[(?:[0-2]|22|3[0-7]|9[0-7])m)")


def _coloured(stream: Any) -> bool:
    if "NO_COLOR" in os.environ:
        return False
    return "FORCE_COLOR" in os.environ or (os.environ.get("TERM") != "dumb" and bool(stream.isatty()))


def coloured_result() -> bool:
    return _coloured(sys.stdout)


def say(text: str = "") -> None:
    """A line of the result."""
    click.echo(_harmless(text), color=_coloured(sys.stdout))


def say_lines(lines: Iterable[str]) -> None:
    say("\n".join(lines))


def tell(text: str) -> None:
    """A line of progress."""
    click.echo(_harmless(text), err=True, color=_coloured(sys.stderr))


def _harmless(text: str) -> str:
    # A name that is not UTF-8 has something for each byte of it that no stream takes.
    text = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(part if _STYLE.fullmatch(part) else printable(part) for part in _STYLE.split(text))


def say_json(document: dict[str, Any]) -> None:
    click.echo(escaped(json.dumps(document, indent=2, ensure_ascii=False)))


def warn(text: str, remedy: str = "") -> None:
    tell(click.style("warning: ", fg="yellow") + text)
    if remedy:
        tell(click.style("   next: ", dim=True) + remedy)


def error_lines(error: StemsError) -> list[str]:
    """Problem, what ran, what it said, what to do next; aligned as one block."""
    lines = [click.style("error: ", fg="red", bold=True) + printable(error.problem)]
    if error.ran:
        lines.append(click.style("  ran: ", dim=True) + printable(error.ran))
    for number, said in enumerate(error.said.splitlines()):
        label = " said: " if number == 0 else "       "
        lines.append(click.style(label, dim=True) + printable(said))
    for number, step in enumerate(error.remedy.splitlines()):
        label = " next: " if number == 0 else "       "
        lines.append(click.style(label, dim=True) + printable(step))
    return lines


def show_error(error: StemsError) -> None:
    for line in error_lines(error):
        tell(line)


def error_document(error: StemsError) -> dict[str, Any]:
    return {
        "schema": "stems.error/1",
        **error_parts(error),
        "exit_code": int(error.exit_code),
        "findings": [finding.to_json() for finding in getattr(error, "findings", ())],
    }


def error_parts(error: StemsError) -> dict[str, str]:
    """All that an error says, for documents that have more to tell."""
    return {"problem": error.problem, "ran": error.ran, "said": error.said, "remedy": error.remedy}
