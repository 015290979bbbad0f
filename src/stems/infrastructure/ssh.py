"""Commands on a node, through the system's OpenSSH client."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from stems.errors import DeadlineError, ToolError
from stems.infrastructure.command import Command, Effect, Result, Watch
from stems.infrastructure.local import scrubbed_environment
from stems.infrastructure.process import open_socket, run_process
from stems.infrastructure.refusal import unreachable
from stems.infrastructure.shell import (
    RUN_VARIABLE,
    explain_sudo,
    needs_password,
    shell_line,
    split_marker,
    sudo_password,
    with_marker,
)
from stems.model.node import Node

if TYPE_CHECKING:
    from socket import socket

CONNECT_TIMEOUT = 6
PERSIST = 60
_STOP_TIMEOUT = 3.0
_FOLDER_BYTES = 108 - 1 - 17 - 1 - 16
"""What the path of a Unix socket leaves for its folder: it ends with a zero, and `_socket_name` says the rest."""


def control_folder() -> Path:
    """A private folder for control sockets, with a path short enough for a Unix socket."""
    base = os.environ.get("XDG_RUNTIME_DIR")
    own = Path.home() / ".cache" / "stems" / "ssh"
    for folder in (Path(base) / "stems", own) if base else (own,):
        if len(os.fsencode(folder)) <= _FOLDER_BYTES and _is_made_private(folder):
            return folder
    raise ToolError(
        f"{own}: cannot be a private folder for SSH connections",
        remedy="make it yours, or set XDG_RUNTIME_DIR to a folder of yours with a short path",
    )


def _is_made_private(folder: Path) -> bool:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The variable may be that of another account, as after `sudo -E`.
        if folder.stat().st_uid != os.geteuid():
            return False
        folder.chmod(0o700)
    except OSError:
        return False
    return True


def trust_options(node: Node, known_hosts: str) -> dict[str, str]:
    """What makes OpenSSH trust the key that is pinned for a node, under the node's own name, and no other."""
    return {
        "HostKeyAlias": node.name,
        "UserKnownHostsFile": known_hosts,
        "GlobalKnownHostsFile": "/dev/null",
        "StrictHostKeyChecking": "yes",
        "UpdateHostKeys": "no",
    }


def ssh_options(node: Node, *, known_hosts: Path, control: Path | None) -> tuple[str, ...]:
    """Options for everything that connects to a node: keys are always checked, under the node's own name.

    Without `control` each connection is a new one.
    """
    path = _quoted(control / _socket_name(node, known_hosts)) if control else "none"
    options = [
        # First, because KnownHostsCommand came with OpenSSH 8.5. All, because a list would replace the user's own.
        "IgnoreUnknown=*",
        "BatchMode=yes",
        f"ConnectTimeout={CONNECT_TIMEOUT}",
        "ConnectionAttempts=1",
        "ServerAliveInterval=5",
        "ServerAliveCountMax=3",
        f"ControlMaster={'auto' if control else 'no'}",
        f"ControlPath={path}",
        f"ControlPersist={PERSIST}",
        *(f"{name}={value}" for name, value in trust_options(node, _quoted(known_hosts)).items()),
        "KnownHostsCommand=none",
        "VerifyHostKeyDNS=no",
        "ForwardAgent=no",
        "ForwardX11=no",
        "ClearAllForwardings=yes",
        "RemoteCommand=none",
        "PermitLocalCommand=no",
        # Why a node cannot be reached is read from what ssh says at this level.
        "LogLevel=INFO",
    ]
    if node.ssh.identity:
        options += [f"IdentityFile={_quoted(Path(node.ssh.identity).expanduser())}", "IdentitiesOnly=yes"]
    if node.ssh.user:
        options.append(f"User={node.ssh.user}")
    if node.ssh.port:
        options.append(f"Port={node.ssh.port}")
    return tuple(part for option in options for part in ("-o", option))


def _quoted(path: Path) -> str:
    """A path as ssh reads it in an option: one with a space would be two."""
    return f'"{path}"' if " " in str(path) else str(path)


def _socket_name(node: Node, known_hosts: Path) -> str:
    """What an open connection leads to and was trusted by: OpenSSH checks none of it when it reuses one.

    Sixteen digits, because the path of a Unix socket has 108 bytes, of which ssh takes 17 while it opens one. The
    folder is private, so nobody aims for a collision.
    """
    text = known_hosts.read_text() if known_hosts.exists() else ""
    pinned = sorted(line for line in text.splitlines() if line.split(" ")[0] == node.name)
    configured = Path.home() / ".ssh" / "config"
    written = str(configured.stat().st_mtime_ns) if configured.exists() else ""
    return hashlib.sha256("\n".join([node.name, repr(node.ssh), written, *pinned]).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class SshRunner:
    """Runs commands on a node over SSH.

    `run_id` marks what is started there with the deployment. `password` asks for the sudo password, once per run.
    `is_fresh` makes a new connection for each command, which shows that there is still a way in.
    """

    node: Node
    known_hosts: Path
    control: Path
    run_id: str = ""
    password: Callable[[], str] | None = field(default=None, repr=False)
    is_local: bool = False
    is_fresh: bool = False

    @property
    def place(self) -> str:
        return self.node.name

    @property
    def ssh(self) -> tuple[str, ...]:
        return ssh_options(self.node, known_hosts=self.known_hosts, control=None if self.is_fresh else self.control)

    def run(self, command: Command, *, watch: Watch | None = None) -> Result:
        marker = f"stems-{os.urandom(12).hex()}"
        argv, stdin = self._prepared(command, marker)
        try:
            ran = self._ssh(argv, stdin, command, watch)
            said, status = split_marker(ran.stderr, marker)
            if status is None and command.effect is not Effect.WRITES and b"mux_client" in said:
                # A master that died under us proves nothing about the node: once more over a new connection.
                self._forget_master()
                ran = self._ssh(argv, stdin, command, watch)
                said, status = split_marker(ran.stderr, marker)
        except DeadlineError as error:
            self._forget_master()
            raise DeadlineError(
                f"{self.place}: no answer within {command.timeout:g} s",
                ran=str(command)[:200],
                said=error.said,
                remedy="the node may hang or be overloaded; look at it, then try again",
            ) from None
        if status is None:
            raise unreachable(self.node, said.decode("utf-8", "replace"))
        result = Result(status, ran.stdout, said)
        if command.account:
            explain_sudo(self.node, result)
        return result

    @contextmanager
    def connect(self, host: str, port: int, *, timeout: float) -> Iterator[socket]:
        target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        argv = ("ssh", *self.ssh, "-W", target, "--", self.node.ssh.host)
        with open_socket(argv, env=scrubbed_environment({})) as stream:
            stream.settimeout(timeout)
            yield stream

    def _prepared(self, command: Command, marker: str) -> tuple[tuple[str, ...], bytes]:
        if self.run_id:
            command = replace(command, env={**command.env, RUN_VARIABLE: self.run_id})
        asks = needs_password(self.node, command)
        stdin = command.stdin
        if asks:
            stdin = sudo_password(self.node, self.password).encode() + b"\n" + stdin
        line = with_marker(shell_line(command, with_password=asks), marker)
        quoted = "'" + line.replace("'", "'\\''") + "'"
        return ("ssh", *self.ssh, "-T", "--", self.node.ssh.host, f"exec /bin/sh -c {quoted}"), stdin

    def _ssh(self, argv: tuple[str, ...], stdin: bytes, command: Command, watch: Watch | None) -> Result:
        return run_process(argv, stdin=stdin, timeout=command.timeout, env=scrubbed_environment({}), watch=watch)

    def fresh(self) -> SshRunner:
        return replace(self, is_fresh=True)

    def _forget_master(self) -> None:
        if self.is_fresh:
            return
        # Not `exit`: what another stems runs over this connection, such as a deployment, goes on to its end.
        argv = ("ssh", *self.ssh, "-O", "stop", "--", self.node.ssh.host)
        try:
            run_process(argv, stdin=b"", timeout=_STOP_TIMEOUT, env=scrubbed_environment({}))
        except DeadlineError:
            return
