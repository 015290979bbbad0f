"""Where a repository speaks of its nodes: one module for each kind of place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from stems.lifecycle.assessment.evidence import (
    chezmoi_data,
    cluster_file,
    flakes,
    folders,
    hosts_files,
    inventories,
    scripts,
    ssh_configs,
    truth,
)
from stems.lifecycle.assessment.look import Look
from stems.model.assessment import Sighting

# The first of equal strength gives a node its name: truth tells names and hostnames apart, inventories seldom do.
SOURCES: tuple[Callable[[Look], Iterable[Sighting]], ...] = (
    cluster_file.sightings,
    truth.sightings,
    inventories.sightings,
    ssh_configs.sightings,
    folders.sightings,
    chezmoi_data.sightings,
    flakes.sightings,
    scripts.sightings,
    hosts_files.sightings,
)

_MOST = 2000
"""Of each kind: nobody owns that many nodes, and a hostile repository may name more."""


def sightings(look: Look) -> Iterator[Sighting]:
    for source in SOURCES:
        yield from islice(source(look), _MOST)
