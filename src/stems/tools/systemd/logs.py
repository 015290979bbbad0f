"""The last lines that the units of a service said."""

from __future__ import annotations

from shlex import join

from stems.infrastructure.command import Effect, script
from stems.model.names import printable
from stems.tools.base import Job, Site
from stems.tools.redact import redacted
from stems.tools.systemd.units import declared

# What systemd says of a program that it could not start comes from a child of it, which may be gone before the journal
# sees to which unit it belonged: `journalctl -u` misses that line, the name that it carries does not.
LAST_LINES = r"""
last_lines() {
  journalctl -n 10 --no-pager -o cat "_SYSTEMD_UNIT=$1" + _UID=0 "UNIT=$1" + _UID=0 "OBJECT_SYSTEMD_UNIT=$1" \
    </dev/null 2>&1
}
"""


def last_lines(job: Job, site: Site, service: str) -> str:
    """The last ten lines of each unit, without what looks like a secret."""
    units = [unit.name for unit in declared(job, [job.cluster.services[service]]).units]
    if not units:
        return ""
    text = f"""{LAST_LINES}
for unit in {join(units)}; do
  last_lines "$unit" | sed "s/^/$unit: /"
done
"""
    result = site.runner.run(script(text, Effect.READS, account="root"))
    return "\n".join(printable(line) for line in redacted(result.text).splitlines())
