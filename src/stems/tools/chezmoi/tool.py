"""Dotfiles by chezmoi: the node's own program, with the user's own configuration and state."""

from stems.model.change import Domain
from stems.tools.chezmoi.apply import apply, restore
from stems.tools.chezmoi.check import check
from stems.tools.chezmoi.claims import claims
from stems.tools.chezmoi.node import NAME
from stems.tools.chezmoi.origin import origin
from stems.tools.chezmoi.preview import preview

DOMAIN = Domain.USER
NEEDS_STAGE = True

__all__ = ["DOMAIN", "NAME", "NEEDS_STAGE", "apply", "check", "claims", "origin", "preview", "restore"]
