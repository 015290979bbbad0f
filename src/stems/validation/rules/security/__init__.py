"""Rules of the stage security. A new one is one file and one line."""

from __future__ import annotations

from stems.validation.rule import Rule
from stems.validation.rules.security import (
    connection_elsewhere,
    connection_variable,
    open_login,
    passwordless_sudo,
    piped_download,
    private_key_in_git,
    unchecked_certificate,
    unchecked_host_key,
    world_writable,
)

RULES: tuple[Rule, ...] = (
    connection_elsewhere.RULE,
    connection_variable.RULE,
    open_login.RULE,
    passwordless_sudo.RULE,
    piped_download.RULE,
    private_key_in_git.RULE,
    unchecked_certificate.RULE,
    unchecked_host_key.RULE,
    world_writable.RULE,
)
