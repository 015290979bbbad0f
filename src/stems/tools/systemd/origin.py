"""Which file of a service a difference of its units is about."""

from __future__ import annotations

from stems.model.change import Change
from stems.tools.base import Job, Site
from stems.tools.origin import REPAIR, Origin, refused
from stems.tools.systemd.manager import managers
from stems.tools.systemd.units import declared, units_on


def origin(job: Job, site: Site, change: Change) -> Origin | None:
    for manager in managers(site.home):
        for file in declared(job, units_on(job, site.node), manager).files:
            if change.resource == manager.file(file.path):
                return Origin(file.path, file.place.path, manager.account)
    if change.resource.startswith(("unit:", "user-unit:")):
        raise refused(
            change,
            "differs in its state, which is no file",
            f"say `state` or `enabled` of services.{change.service} in config/cluster.yml, or {REPAIR}",
        )
    raise refused(change, "is no file of the repository", f"declare it again, or {REPAIR}")
