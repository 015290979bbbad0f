"""A claim: something on a node that a tool would own."""

from __future__ import annotations

from dataclasses import dataclass

from stems.model.finding import Place


@dataclass(frozen=True, slots=True)
class Claim:
    """One resource on one node that one tool would write, and where the repository says so.

    `resource` has its kind, as in a change: `file:/etc/hosts`, `unit:web.service`, `port:127.0.0.1:80/tcp`,
    `container:web`, `project:web`. Paths are absolute, or under `~USER/` for an account's home.
    """

    node: str
    tool: str
    resource: str
    place: Place
