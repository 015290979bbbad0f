"""What Docker and Compose say of a failure: without secrets, and the one line of it that is the cause."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from stems.model.names import printable
from stems.tools.redact import redacted

LONGEST = 240
"""Characters of a cause: it stands in a line of `stems status`."""

# An id that looks like a generated secret, and is Docker's own name for an end of a network.
_ENDPOINT = re.compile(r"(?<=\bendpoint )(\S+ \([0-9a-f]{12})[0-9a-f]{52}\)")
_PREFIX = re.compile(r"^(?:Error response from daemon: |Error: |error: )+")
_DRIVER = re.compile(
    r"^(?:failed to set up container networking: )?"
    r"driver failed programming external connectivity on endpoint \S+ \([0-9a-f]{12}\): "
)


def told(lines: Sequence[str]) -> str:
    """What was said, as people may read it."""
    return redacted(_ENDPOINT.sub(r"\1)", "\n".join(lines)))


def cause_of(text: str) -> str:
    """The last line that says something, which is where both end; empty where nothing was said."""
    said = [line for line in map(_plain, text.splitlines()) if line]
    cause = _DRIVER.sub("", _PREFIX.sub("", said[-1])) if said else ""
    return cause if len(cause) <= LONGEST else f"{cause[: LONGEST - 1]}…"


def _plain(line: str) -> str:
    """A line as text: with progress as JSON, the message of it."""
    line = printable(line).strip()
    try:
        found = json.loads(line) if line.startswith("{") else None
    except json.JSONDecodeError:
        found = None
    return str(found.get("message", "")).strip() if isinstance(found, dict) else line
