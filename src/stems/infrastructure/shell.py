"""A command as one line for a POSIX shell on a node."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping

from stems.errors import ToolError, UnknownError
from stems.infrastructure.command import Command, Result
from stems.model.node import Node, Privilege

RUN_VARIABLE = "LC_STEMS_RUN"
"""Names the deployment in the environment of what it started on a node. sshd and sudo pass `LC_*` on by default."""


def path_word(path: str) -> str:
    """A path on a node as a word of a shell script; `~/` is the home of whoever runs it."""
    return f'"$HOME"/{shlex.quote(path[2:])}' if path.startswith("~/") else shlex.quote(path)


def shell_line(command: Command, *, with_password: bool = False) -> str:
    """The line that runs `command`: environment, folder, account, argv.

    With a password, its first line of standard input is read by the shell and primes sudo; the rest stays for the
    command. Both sudo calls have the same parent, which is what sudo's time stamp is bound to without a terminal.
    """
    parts = []
    if with_password:
        parts.append("IFS= read -r p && printf '%s\\n' \"$p\" | sudo -S -p '' -v")
    parts += [f"export {name}={shlex.quote(value)}" for name, value in command.env.items()]
    if command.cwd:
        parts.append(f"cd {shlex.quote(command.cwd)}")
    parts.append(shlex.join((*as_account(command.account, command.env), *command.argv)))
    return " && ".join(parts)


def as_account(account: str, env: Mapping[str, str]) -> tuple[str, ...]:
    """The prefix that runs an argv as another account of the node."""
    if not account:
        return ()
    kept = ("env", *(f"{name}={value}" for name, value in env.items())) if env else ()
    return ("sudo", "-n", "-H", "-u", account, "--", *kept)


def with_marker(line: str, marker: str) -> str:
    """`line`, then its exit status behind a marker: exit 255 of ssh proves nothing, the marker does."""
    return f"{line}; printf '\\n%s %d\\n' {marker} $? >&2"


def split_marker(stderr: bytes, marker: str) -> tuple[bytes, int | None]:
    """Standard error without the marker, and the exit status, `None` when the command did not reach its end."""
    said, found, rest = stderr.rpartition(b"\n" + marker.encode() + b" ")
    status, ended, after = rest.partition(b"\n")
    if not found or not ended or not status.isdigit():
        return stderr, None
    return said + after, int(status)


def needs_password(node: Node, command: Command) -> bool:
    """Whether sudo asks for a password before this command. Raises when the node gives no privilege at all."""
    if not command.account:
        return False
    if node.privilege is Privilege.NONE:
        raise ToolError(
            f"{node.name}: {command.account} is needed, and the node says `privilege: none`",
            remedy=f"set nodes.{node.name}.privilege to sudo or sudo-password in config/cluster.yml",
        )
    return node.privilege is Privilege.SUDO_PASSWORD


def sudo_password(node: Node, ask: Callable[[], str] | None) -> str:
    """The password for sudo on a node. Raises when nobody is there to give it."""
    if ask is None:
        raise UnknownError(
            f"{node.name}: sudo needs a password and nobody is there to give it",
            remedy="run this from a terminal, or set the node to passwordless sudo",
        )
    return ask()


def explain_sudo(node: Node, result: Result) -> None:
    """Raise the error that a refused sudo deserves."""
    if result.ok:
        return
    if b"password is required" in result.stderr or b"incorrect password" in result.stderr:
        raise ToolError(
            f"{node.name}: sudo wants a password",
            said=result.errors,
            remedy=f"allow passwordless sudo there, or set nodes.{node.name}.privilege to sudo-password",
        )
    if b"is not in the sudoers file" in result.stderr:
        raise ToolError(
            f"{node.name}: the SSH user may not use sudo",
            said=result.errors,
            remedy=f"add it to sudoers, or set nodes.{node.name}.privilege to none",
        )
