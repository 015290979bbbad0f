"""What `domains.system` says of the playbook and of the user's own inventory."""

from __future__ import annotations

from stems.model.cluster import SystemDomain
from stems.tools.base import Job


def settings_of(job: Job) -> SystemDomain:
    if not isinstance(job.settings, SystemDomain):
        raise TypeError("ansible is a tool of the system domain")
    return job.settings


def playbook_of(job: Job) -> str:
    """The playbook as the repository names it."""
    return job.named(settings_of(job).playbook)


def own_inventory(job: Job) -> tuple[str, ...]:
    """The user's own inventory, from the source's folder or from the root of the repository."""
    named = settings_of(job).inventory
    if not named:
        return ()
    return (
        str(next((path for path in (job.source / named, job.tree.root / named) if path.exists()), job.source / named)),
    )
