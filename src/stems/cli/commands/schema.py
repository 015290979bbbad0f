"""`stems schema`: what an editor needs to know about `config/cluster.yml`."""

from __future__ import annotations

import click

from stems.cli import output
from stems.configuration.schema_json import schema_text


@click.command()
def schema() -> None:
    """Print the JSON Schema of config/cluster.yml.

    Save it and name it in the first line of the file, so that an editor completes and checks keys:

    \b
    # yaml-language-server: $schema=cluster.schema.json
    """
    output.say(schema_text().removesuffix("\n"))
