"""A claim: something on a node that a tool would own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from stems.model.finding import Place


class Extent(Enum):
    """What a claim on a path means for the path itself and for what lies below it."""

    WHOLE = "whole"
    """A file; everything that is no path is whole, too."""
    PART = "part"
    """Some lines of a file: as far as others are concerned, the file."""
    LINK = "link"
    """A symlink: what is below it may be reached through it."""
    EITHER = "either"
    """A file, or a file in the directory that is already there: only the node tells."""
    DIRECTORY = "directory"
    """That there is a directory, or its mode; it may be shared."""
    FILLED = "filled"
    """A directory into which something is written, nobody knows here what."""
    TREE = "tree"
    """A directory with everything below it."""
    GONE = "gone"
    """That nothing is there, and nothing below."""


class Certainty(Enum):
    """Whether a tool owns what it claims. What is `UNKNOWN` is named as it is written, and compared with nothing."""

    CERTAIN = "certain"
    POSSIBLE = "possible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Claim:
    """One resource on one node that one tool would write, and where the repository says so.

    `resource` has its kind, as in a change: `file:/etc/hosts`, `unit:web.service`, `port:127.0.0.1:80/tcp`,
    `container:web`, `project:web`. Paths are absolute, or under `~USER/` for an account's home; a port on every address
    has `*` before it. `owner` tells apart what one tool owns for several: the service. `is_pattern` says that the path
    stands for all that match it, `sparing` are paths below that are not meant.
    """

    node: str
    tool: str
    resource: str
    place: Place
    owner: str = ""
    extent: Extent = Extent.WHOLE
    certainty: Certainty = Certainty.CERTAIN
    is_pattern: bool = False
    sparing: tuple[str, ...] = ()
