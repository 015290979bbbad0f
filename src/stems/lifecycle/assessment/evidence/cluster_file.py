"""Nodes of `config/cluster.yml`."""

from __future__ import annotations

from collections.abc import Iterator

from stems.lifecycle.assessment.look import Look
from stems.model.assessment import Sighting, Strength


def sightings(look: Look) -> Iterator[Sighting]:
    cluster = look.cluster
    for name, node in cluster.nodes.items():
        facts = {"hostname": node.hostname, "role": node.role, "arch": node.arch}
        yield Sighting(
            name,
            cluster.written.key_place("nodes", name),
            "declared",
            Strength.DECLARED,
            (node.hostname,),
            node.ssh.host,
            node.ssh.user,
            node.ssh.port,
            facts={word: value for word, value in facts.items() if value},
        )
