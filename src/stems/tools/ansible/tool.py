"""The system configuration: the user's own `ansible-playbook`, previewed with `--check --diff`."""

from __future__ import annotations

from collections.abc import Iterable

from stems.model.change import Domain
from stems.model.claim import Claim
from stems.model.finding import Finding
from stems.model.node import Node
from stems.tools.ansible.apply import apply, apply_group, restore
from stems.tools.ansible.check import Scan, scan
from stems.tools.ansible.claims.tasks import claims_of
from stems.tools.ansible.origin import origin
from stems.tools.ansible.preview import preview
from stems.tools.base import Job

NAME = "ansible"
DOMAIN = Domain.SYSTEM
NEEDS_STAGE = False

_latest: list[tuple[Job, Scan]] = []

__all__ = ["DOMAIN", "NAME", "NEEDS_STAGE", "apply", "apply_group", "check", "claims", "origin", "preview", "restore"]


def check(job: Job) -> Iterable[Finding]:
    return scan(job).findings


def claims(job: Job, node: Node) -> Iterable[Claim]:
    # They are asked for node by node, about one tree.
    if not _latest or _latest[0][0] is not job:
        _latest[:] = [(job, scan(job))]
    return claims_of(job, node, _latest[0][1])
