"""What this tool remembers of a home, and how it says that a script failed there."""

from __future__ import annotations

from stems.errors import ToolError
from stems.infrastructure.command import Result
from stems.model.names import printable
from stems.tools.homes import Home

TOOL = "files"


def manifest_of(home: Home) -> str:
    """The file on the node that says what this tool wrote."""
    return f"{home.state}/{TOOL}/{home.account or 'self'}.manifest"


def failed(home: Home, result: Result) -> ToolError:
    """What a script said last is what was wrong."""
    lines = printable(result.errors).strip().splitlines() or [f"a script ended with status {result.status}"]
    return ToolError(
        f"{home.site.node.name}: {lines[-1]}",
        said="\n".join(lines[:-1]),
        remedy=f"correct it on {home.site.node.name}, then run `stems plan`",
    )
