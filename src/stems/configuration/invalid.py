"""The error for a cluster file that breaks rules: all of them at once."""

from __future__ import annotations

from collections.abc import Sequence

from stems.errors import LAST_LINES, ConfigurationError
from stems.model.finding import Finding


class InvalidClusterError(ConfigurationError):
    """`cluster.yml` breaks the rules that are its `findings`."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(sorted(findings, key=lambda finding: finding.place))
        lines = [f"{finding.place}: {finding.message} ({finding.code})" for finding in self.findings]
        path = self.findings[0].place.path
        if len(lines) == 1:
            super().__init__(lines[0], remedy=self.findings[0].remedy or f"edit {path}, then run `stems validate`")
        else:
            super().__init__(
                f"{path}: {len(lines)} mistakes",
                said="\n".join(_first(lines)),
                remedy=f"edit {path}, then run `stems validate`",
            )


def _first(lines: list[str]) -> list[str]:
    # `StemsError` keeps the last lines, and the first mistake often causes those after it.
    if len(lines) <= LAST_LINES:
        return lines
    return [*lines[: LAST_LINES - 1], f"and {len(lines) - LAST_LINES + 1} more"]
