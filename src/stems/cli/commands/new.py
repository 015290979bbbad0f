"""`stems new`: files of the repository that a person goes on from."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from stems.cli import output
from stems.cli.here import here
from stems.cli.new_node import new_node
from stems.cli.new_service import new_service
from stems.cli.workspace import can_ask
from stems.errors import UsageError
from stems.infrastructure.local import LocalRunner
from stems.lifecycle.decision.page import Decision, write_decision
from stems.tools.git.repository import Repository


@click.group()
def new() -> None:
    """Write new files into the working tree. Nothing is committed, and nothing that exists is overwritten."""


new.add_command(new_node)
new.add_command(new_service)


@new.command("decision")
@click.argument("title")
@click.option("--context", default="", metavar="TEXT", help="The situation that made something to decide.")
@click.option("--decision", "decided", default="", metavar="TEXT", help="What was decided, and why.")
@click.option("--consequences", default="", metavar="TEXT", help="What follows, what is weaker included.")
def new_decision(title: str, context: str, decided: str, consequences: str) -> None:
    """Write a page to docs/decisions/ with the next number, and print its path.

    What is not given is asked for on a terminal, and an error elsewhere: a page with empty parts tells nobody why. A
    README in that folder that lists the other pages gets a line.
    """
    given = {"--context": context, "--decision": decided, "--consequences": consequences}
    missing = [option for option, text in given.items() if not text.strip()]
    if missing and not can_ask():
        raise UsageError(
            f"{', '.join(missing)}: must be given where nobody can be asked", remedy="give the text of each"
        )
    for option in missing:
        given[option] = click.prompt(option.removeprefix("--").capitalize(), err=True)
    day = datetime.now(UTC).date()
    root = Repository.find(here(), LocalRunner()).root
    written = write_decision(
        root, Decision(title, given["--context"], given["--decision"], given["--consequences"], day)
    )
    output.say(written.path)
