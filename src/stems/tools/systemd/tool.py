"""Services as systemd units: those that the repository brings, and the state of those that a package brought."""

from __future__ import annotations

from stems.model.change import Domain
from stems.tools.systemd.apply import apply
from stems.tools.systemd.check import check
from stems.tools.systemd.claims import claims
from stems.tools.systemd.logs import last_lines
from stems.tools.systemd.origin import origin
from stems.tools.systemd.preview import preview
from stems.tools.systemd.restore import restore
from stems.tools.systemd.units import NAME

DOMAIN = Domain.SERVICES
NEEDS_STAGE = False

__all__ = ["DOMAIN", "NAME", "NEEDS_STAGE", "apply", "check", "claims", "last_lines", "origin", "preview", "restore"]
