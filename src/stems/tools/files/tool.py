"""Dotfiles: a tree of plain files, symlinks and Jinja2 templates that is mapped onto a home, needing nothing there."""

from stems.model.change import Domain
from stems.tools.files.apply import apply, restore
from stems.tools.files.check import check, claims
from stems.tools.files.home import TOOL as NAME
from stems.tools.files.origin import origin
from stems.tools.files.preview import preview

DOMAIN = Domain.USER
NEEDS_STAGE = False

__all__ = ["DOMAIN", "NAME", "NEEDS_STAGE", "apply", "check", "claims", "origin", "preview", "restore"]
