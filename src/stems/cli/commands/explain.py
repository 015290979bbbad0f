"""`stems explain`: what a rule checks, why it matters, and what to do instead."""

from __future__ import annotations

import click

from stems.cli import completion, output
from stems.cli.options import as_json
from stems.cli.render.explain import explanation_document, render_explanation
from stems.validation.asked import asked


@click.command()
@click.argument("what", metavar="[CODE|NAME|PRINCIPLE|STAGE|PATTERN]", default="*", shell_complete=completion.explained)
@as_json
def explain(what: str, *, json: bool) -> None:
    """Show the page of a rule, or the rules that a principle, a stage or a pattern stands for; all without an argument.

    \b
    stems explain STM510          a rule by its code
    stems explain floating-tag    the same by its name
    stems explain D4              a principle with the rules that serve it
    stems explain security        a stage with its rules
    stems explain 'STM5*'         a list; a word of names does, too
    """
    found = asked(what)
    if json:
        output.say_json(explanation_document(found))
    else:
        output.say_lines(render_explanation(found))
