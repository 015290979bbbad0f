"""Commands on this machine."""

from __future__ import annotations

import os
from collections.abc import Mapping

from stems.infrastructure.command import Command, Result, Watch
from stems.infrastructure.process import run_process

KEPT_VARIABLES = (
    "HOME", "PATH", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "TERM",
    "SSH_AUTH_SOCK", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME",
)  # fmt: skip
"""What of the user's environment a program gets: simulation is code execution, so tokens stay out."""

NODE_VARIABLES = ("HOME", "PATH", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TERM")
"""The same on a node that is this machine: what a login there would have, and so no other engine or folder."""


def scrubbed_environment(extra: Mapping[str, str]) -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return {**kept, **extra}


def environment_of_login() -> dict[str, str]:
    return {name: os.environ[name] for name in NODE_VARIABLES if name in os.environ}


class LocalRunner:
    """Runs commands on this machine with a scrubbed environment."""

    place = "this machine"

    def run(self, command: Command, *, watch: Watch | None = None) -> Result:
        return run_process(
            _as_account(command),
            stdin=command.stdin,
            timeout=command.timeout,
            cwd=command.cwd,
            env=scrubbed_environment(command.env),
            watch=watch,
        )


def _as_account(command: Command) -> tuple[str, ...]:
    if not command.account or (command.account == "root" and os.geteuid() == 0):
        return command.argv
    return ("sudo", "-n", "-H", "-u", command.account, "--", *command.argv)
