"""`stems guide`: the methodology in the terminal, with what to type next."""

from __future__ import annotations

import click

from stems.cli import completion, output
from stems.cli.here import here
from stems.cli.options import as_json
from stems.cli.render.guide import answer_document, render_answer, render_start, start_document
from stems.lifecycle.guide.guide import ask, open_guide


@click.command()
@click.argument("question", nargs=-1, metavar="[QUESTION|ROLE|TOPIC]", shell_complete=completion.guided)
@as_json
def guide(*, question: tuple[str, ...], json: bool) -> None:
    """Read the methodology: by question and by role without an argument, else what is said of one topic.

    \b
    stems guide P4                    a principle, P1 to O5
    stems guide validate              a stage of the lifecycle, also by its number, 1 to 7
    stems guide placement             a pattern, a pillar or any other heading
    stems guide how do I roll back    a question, in your own words
    stems guide deploying a service   a role

    Where several sections speak of it they are listed, the nearest first. A word that no page has is read as the one
    that is most like it, and that is said. Below a section stand the commands that it names and, inside a repository,
    what is there of it and what is missing. The pages are those in .stems/ of the repository, where it has them. No
    node is asked.
    """
    opened = open_guide(here())
    if not question:
        if json:
            output.say_json(start_document(opened))
        else:
            output.say_lines(render_start(opened))
        return
    answer = ask(opened, question)
    if json:
        output.say_json(answer_document(opened, answer))
    else:
        output.say_lines(render_answer(answer))
