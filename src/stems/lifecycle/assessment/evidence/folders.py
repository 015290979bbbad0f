"""Nodes that have a folder or a file of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.lifecycle.assessment.look import Look
from stems.model.assessment import Sighting, Strength
from stems.model.names import HOST, is_name
from stems.tools.ansible.repository.site import given_names
from stems.validation.sites import sites_of

_PLACES = re.compile(
    r"(?:.*/)?(?P<place>host_vars|hosts|nodes|machines|node-configs?|nixos/hosts)/(?P<name>[^/]+)(?P<rest>/.+)?"
)
_ENDINGS = re.compile(r"\.(?:ya?ml|json|nix|toml|env|conf|ini)$")
_FOR_ALL = re.compile(
    r"all|any|common|shared|base|defaults?|global|modules?|templates?|examples?|main|index|lib|scripts?|roles?|profiles?|"
    r"secrets?|readme.*|generic|localhost|services?|config|configs|inventory|hosts|nodes|groups?|vault|vars|system|systemd|units?|bin|docs?|"
    r"[._].*",
    re.IGNORECASE,
)


def sightings(look: Look) -> Iterator[Sighting]:
    """Only the first file of each: it shows the folder as well as all."""
    seen: set[tuple[str, str]] = set()
    dead = frozenset(_of_nobody(look))
    for file in look.settled:
        found = _PLACES.fullmatch(file.path) if file.path not in dead else None
        if not found or (not found["rest"] and not _ENDINGS.search(found["name"]) and found["place"] != "host_vars"):
            continue
        name = found["name"] if found["rest"] else _ENDINGS.sub("", found["name"])
        if _FOR_ALL.fullmatch(name) or not is_name(HOST, name) or (found["place"], name) in seen:
            continue
        seen.add((found["place"], name))
        is_managed = found["place"] == "host_vars"
        says = "host_vars" if is_managed else f"{'folder' if found['rest'] else 'file'} of its own"
        yield Sighting(name, file.place(1), says, Strength.DECLARED if is_managed else Strength.NAMED)


def _of_nobody(look: Look) -> Iterator[str]:
    """Variables of nodes that no inventory names any more."""
    for site in look.subject.once(sites_of):
        if site.has_all_inventories:
            names = given_names(site)
            yield from (file.path for file in site.variable_files if file.kind == "host" and file.name not in names)
