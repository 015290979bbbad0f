"""The last lines that units said."""

from __future__ import annotations

from shlex import quote

from stems.infrastructure.command import Effect, script
from stems.model.names import printable
from stems.model.node import Privilege
from stems.tools.base import Job, Site
from stems.tools.redact import redacted
from stems.tools.systemd.manager import Manager, managers
from stems.tools.systemd.units import declared
from stems.tools.values import SHOWN

# An environment file is where a unit has its secrets, and a program that fails may say one.
_ENVIRONMENT = r"""
show_environment() { systemctl show --property=EnvironmentFiles -- "$1" </dev/null; }
paths_of() {
  sed -n 's/^EnvironmentFiles=\(.*\) (ignore_errors=[a-z]*)$/\1/p' | while IFS= read -r pattern; do
    (IFS=; printf '%s\n' $pattern)
  done
}
# What a unit said, from standard input.
told_by() {
  told=$(show_environment "$1" 2>/dev/null) || { echo "$1: not shown, because its environment is not known"; return; }
  shown "$1" "$(printf '%s\n' "$told" | paths_of)" ''
}
"""

# What systemd says of a program that it could not start comes from a child of it, which may be gone before the journal
# sees to which unit it belonged: `journalctl -u` misses that line, the name that it carries does not.
_SYSTEM = r"""
for unit in $units; do
  journalctl -n 10 --no-pager -q -o cat "_SYSTEMD_UNIT=$unit" + _UID=0 "UNIT=$unit" + \
    _UID=0 "OBJECT_SYSTEMD_UNIT=$unit" </dev/null 2>&1 | told_by "$unit"
done
"""

# By number, because only the whole journal has everything, and the user may not read it.
_USER = r"""
uid=$(stat -c %u "$home") && user=$(stat -c %U "$home") || exit 1
as_user() { if [ "$(id -u)" = "$uid" ]; then "$@"; else runuser -u "$user" -- "$@"; fi; }
show_environment() {
  as_user env XDG_RUNTIME_DIR="/run/user/$uid" systemctl --user show --property=EnvironmentFiles -- "$1" </dev/null
}
for unit in $units; do
  journalctl -n 10 --no-pager -q -o cat "_UID=$uid" "_SYSTEMD_USER_UNIT=$unit" + "_UID=$uid" "USER_UNIT=$unit" + \
    _UID=0 "OBJECT_SYSTEMD_USER_UNIT=$unit" </dev/null 2>&1 | told_by "$unit"
done
"""


def last_lines(job: Job, site: Site, service: str) -> str:
    """The last ten lines of each unit, without what looks like a secret."""
    found = [declared(job, [job.cluster.services[service]], manager) for manager in managers(site.home)]
    return "\n".join(lines_of(site, part.manager, *(unit.name for unit in part.units)) for part in found if part.units)


def lines_of(site: Site, manager: Manager, *units: str) -> str:
    head = f"units={quote(' '.join(units))} home={quote(site.home)}\n{SHOWN}{_ENVIRONMENT}"
    account = "" if site.node.privilege is Privilege.NONE else "root"
    result = site.runner.run(script(head + (_USER if manager.is_users else _SYSTEM), Effect.READS, account=account))
    return "\n".join(printable(line) for line in redacted(result.text).splitlines())
