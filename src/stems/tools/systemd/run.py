"""Running what acts on units, and the error that a failed one deserves: with what it said last."""

from __future__ import annotations

import re
from contextlib import suppress

from stems.errors import StemsError, ToolError
from stems.infrastructure.command import Effect, Result, script
from stems.model.names import printable
from stems.tools.base import Site
from stems.tools.redact import redacted
from stems.tools.systemd.logs import lines_of
from stems.tools.systemd.manager import Manager

TIMEOUT = 600.0
_FAILED = re.compile(r"(\S+): systemctl \S+ failed")


def run(site: Site, manager: Manager, text: str) -> Result:
    """A script of `shell`, as the account that reaches the manager."""
    result = site.runner.run(script(manager.shell + text, Effect.WRITES, timeout=TIMEOUT, account=manager.account))
    if result.ok:
        return result
    lines = printable(redacted(result.errors)).strip().splitlines() or [f"a script ended with {result.status}"]
    failed = next((found for line in lines if (found := _FAILED.fullmatch(line))), None)
    problem = failed[0] if failed else lines[-1]
    said = [line for line in lines if line != problem]
    if failed:
        # What a unit said last is why it does not run. That nothing can be heard of it is no second error.
        with suppress(StemsError):
            said.append(lines_of(site, manager, failed[1]))
    own = "--user " if manager.is_users else ""
    raise ToolError(
        f"{site.node.name}: {problem}",
        said="\n".join(said),
        remedy=f"see `journalctl {own}-xe` on {site.node.name}, mend it, and deploy again",
    )
