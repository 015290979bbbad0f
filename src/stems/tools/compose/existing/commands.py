"""What a person types on a node so that the values of a service are where Compose looks for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from shlex import quote

from stems.tools.compose.env_command import folder_command, word
from stems.tools.compose.existing.found import Existing
from stems.tools.compose.existing.proposal import Destination
from stems.tools.compose.existing.values import Value

_FORM = "'{{range .Config.Env}}{{println .}}{{end}}'"


def file_commands(place: Destination, paths: Sequence[str]) -> Iterator[str]:
    """Copies environment files; several are one after the other, as Compose reads them."""
    if not paths:
        return
    yield folder_command(place.folder)
    sudo = "sudo " if place.account else ""
    yield f"{sudo}cat {' '.join(map(quote, paths))} >{word(place.folder)}/.env"


def value_commands(
    place: Destination,
    values: Sequence[Value],
    references: Mapping[str, Mapping[str, str]],
    containers: Sequence[Existing],
) -> Iterator[str]:
    """Copies variables out of the containers; values that cannot be put in single quotes are left for a person."""
    if not values:
        return
    yield folder_command(place.folder)
    sudo = "sudo " if place.account else ""
    for one in containers:
        wanted = {value.name for value in values if value.source == one.name}
        own = {key: name for key, name in references.get(one.name, {}).items() if name in wanted}
        if own:
            rules = "; ".join(rf"s/^{re.escape(key)}=(.*)/{name}='\1'/p" for key, name in own.items())
            inspect = f"{sudo}docker inspect --format {_FORM} {quote(one.name)}"
            yield f'{inspect} | sed -En "{rules}" >>{word(place.folder)}/.env'
