"""What a person reads about a rule. Its examples are small repositories, and tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import dedent

Example = Mapping[str, str | bytes]
"""A repository: paths with what is in them. Text may be indented as a whole and start on a new line. One without a
`config/cluster.yml` is judged with one node, `gate`, and with every service that has a folder in `services/`."""


class Link(str):
    """In an example: a symbolic link, and where it leads."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Page:
    """The page of a rule. `bad` breaks it, `good` is the same without breaking it.

    `also_bad` and `also_good` are not shown: shapes that real repositories have, which must and must not be found.
    """

    checks: str
    why: str
    instead: str
    bad: Example
    good: Example
    also_bad: tuple[Example, ...] = ()
    also_good: tuple[Example, ...] = ()


_CLUSTER = """\
version: 1
cluster: {name: home}
checkout: ~/home-config
nodes:
  gate: {hostname: gate, ssh: {host: gate.example, user: owner}}
"""


def cluster(more: str) -> str:
    """A `config/cluster.yml` for an example: one node, `gate`, and what is given."""
    return _CLUSTER + dedent(more).removeprefix("\n")


def shown(content: str | bytes) -> str:
    """What is in a file of an example, as a person reads it."""
    if isinstance(content, Link):
        return f"(a symbolic link to {content})\n"
    if isinstance(content, bytes):
        return content.decode("utf-8", "backslashreplace").replace("\r", "␍")
    return dedent(content).removeprefix("\n")
