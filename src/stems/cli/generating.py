"""What every `stems generate FORMAT` does with a text that was made: show it, write it, or say that a file is stale."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path

import click

from stems.cli import output
from stems.cli.options import as_json
from stems.errors import ExitCode, UsageError
from stems.lifecycle.generate.made import Made
from stems.lifecycle.generate.target import Target, difference, find_target, write_target


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a text goes: to a file or standard output, or only compared with what is in the file."""

    path: Path | None = None
    check: bool = False
    json: bool = False


def going_somewhere(command: Callable[..., ExitCode]) -> Callable[..., ExitCode]:
    """The options that every format has, given to a command as its `destination`."""

    @click.option(
        "--output", "path", type=click.Path(path_type=Path), metavar="FILE",
        help="Write it there, or into that folder. Only what stems made before is overwritten.",
    )  # fmt: skip
    @click.option("--check", is_flag=True, help="Write nothing: exit 1 with the differences where FILE is stale.")
    @as_json
    @wraps(command)
    def with_destination(*, path: Path | None, check: bool, json: bool, **options: object) -> ExitCode:
        if check and not path:
            raise UsageError("--check compares with a file", remedy="name it with `--output`")
        return command(destination=Destination(path, check=check, json=json), **options)

    return with_destination


def deliver(destination: Destination, made: Made, *, name: str, usual: str) -> ExitCode:
    """`usual` is the name of its file where a folder was named."""
    if not destination.json:
        for note in made.notes:
            output.warn(note.text, note.remedy)
    if not destination.path:
        _say(destination, made, name, {"text": made.text}, made.text.removesuffix("\n"))
        return ExitCode.DONE
    target = find_target(destination.path, name, made, usual=usual)
    if destination.check:
        return _compare(destination, made, name, target)
    is_written = write_target(target, made)
    if not destination.json:
        output.tell(f"{'wrote' if is_written else 'nothing to change in'} {target.path}")
    _say(destination, made, name, {"path": str(target.path), "written": is_written})
    return ExitCode.DONE


def _compare(destination: Destination, made: Made, name: str, target: Target) -> ExitCode:
    is_fresh, lines = target.before == made.text, [*difference(target, made)]
    about = {"path": str(target.path), "fresh": is_fresh, "difference": lines}
    _say(destination, made, name, about, "\n".join(lines))
    if is_fresh:
        return ExitCode.DONE
    if not destination.json:
        output.tell(f"{target.path} is {'stale' if target.before is not None else 'not there'}")
    return ExitCode.FAILED


def _say(destination: Destination, made: Made, name: str, about: dict[str, object], text: str = "") -> None:
    if destination.json:
        notes = [{"text": note.text, "remedy": note.remedy} for note in made.notes]
        output.say_json({"schema": "stems.generate/1", "format": name, **about, "notes": notes})
    elif text:
        output.say(text)
