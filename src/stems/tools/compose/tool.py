"""Services: Docker Compose projects, previewed by Compose's own dry run."""

from __future__ import annotations

from stems.model.change import Domain
from stems.tools.compose.apply import apply
from stems.tools.compose.check import check
from stems.tools.compose.claims import claims
from stems.tools.compose.logs import last_lines
from stems.tools.compose.naming import NAME
from stems.tools.compose.preview import preview
from stems.tools.compose.restore import restore

DOMAIN = Domain.SERVICES
NEEDS_STAGE = True

__all__ = [
    "DOMAIN",
    "NAME",
    "NEEDS_STAGE",
    "apply",
    "check",
    "claims",
    "last_lines",
    "preview",
    "restore",
]
