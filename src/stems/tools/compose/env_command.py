"""What a person types on a node to write the `.env` of a service."""

from __future__ import annotations

from shlex import quote

from stems.tools.compose.tree import ENV


def env_command(folder: str) -> str:
    """Opens it in an editor, so that no value is in the history of a shell."""
    return f"{folder_command(folder)}; vi {word(folder)}/{ENV}"


def folder_command(folder: str) -> str:
    """The folder need not be there before the first deployment, and nobody else reads what comes into it."""
    return f"umask 077; mkdir -p {word(folder)}"


def word(path: str) -> str:
    """A path for a shell that knows where the home folder is."""
    return f"~/{quote(path[2:])}" if path.startswith("~/") else quote(path)
