"""`stems schema`: what an editor needs to know about the files of stems."""

from __future__ import annotations

import click

from stems.cli import output
from stems.configuration.schema_json import exceptions_schema_text, schema_text

CLUSTER, EXCEPTIONS = "cluster", "exceptions"


@click.command()
@click.argument("file", type=click.Choice([CLUSTER, EXCEPTIONS]), default=CLUSTER)
def schema(file: str) -> None:
    """Print the JSON Schema of config/cluster.yml, or of config/exceptions.yml.

    Save it and name it in the first line of the file, so that an editor completes and checks keys:

    \b
    # yaml-language-server: $schema=cluster.schema.json
    """
    text = exceptions_schema_text() if file == EXCEPTIONS else schema_text()
    output.say(text.removesuffix("\n"))
