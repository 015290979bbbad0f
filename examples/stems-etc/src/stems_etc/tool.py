"""What stems asks for: the protocol is `stems.tools.base.Tool`."""

from stems.model.change import Domain
from stems_etc.source import NAME, check, claims
from stems_etc.work import apply, preview, restore

DOMAIN = Domain.SYSTEM
NEEDS_STAGE = False
PROTOCOL = 1

__all__ = ["DOMAIN", "NAME", "NEEDS_STAGE", "PROTOCOL", "apply", "check", "claims", "preview", "restore"]
