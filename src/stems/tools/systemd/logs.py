"""The last lines that the units of a service said."""

from __future__ import annotations

from shlex import join

from stems.infrastructure.command import Effect, script
from stems.model.names import printable
from stems.tools.base import Job, Site
from stems.tools.redact import redacted
from stems.tools.systemd.units import declared


def last_lines(job: Job, site: Site, service: str) -> str:
    """The last ten lines of each unit, without what looks like a secret."""
    units = [unit.name for unit in declared(job, [job.cluster.services[service]]).units]
    if not units:
        return ""
    text = f"""
for unit in {join(units)}; do
  journalctl -u "$unit" -n 10 --no-pager -o cat </dev/null 2>&1 | sed "s/^/$unit: /"
done
"""
    result = site.runner.run(script(text, Effect.READS, account="root"))
    return "\n".join(printable(line) for line in redacted(result.text).splitlines())
