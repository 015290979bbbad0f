"""What would be written for something that runs, and what a person has to know and do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stems.tools.compose.existing.values import Value


@dataclass(frozen=True, slots=True)
class Proposal:
    """Files for the folder of a service, by name; `origins` says where each comes from.

    `left` stays where it is on the node, `commands` are for the person to run there.
    """

    files: Mapping[str, str]
    origins: Mapping[str, str]
    project: str
    keeps_data: bool
    values: tuple[Value, ...] = ()
    left: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a service comes to lie: its name, its node, the folder of it in the node's checkout.

    `given` are the names of variables that the cluster gives there; `account` is who may talk to Docker.
    """

    service: str
    node: str
    folder: str
    given: frozenset[str] = frozenset()
    account: str = ""
