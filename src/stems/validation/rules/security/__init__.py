"""Rules of the stage security. A new one is one file and one line."""

from __future__ import annotations

from stems.validation.rule import Rule
from stems.validation.rules.security import (
    committed_data,
    committed_env,
    connection_elsewhere,
    connection_variable,
    hash_in_git,
    open_login,
    password_in_git,
    passwordless_sudo,
    piped_download,
    private_key_in_git,
    readable_secret,
    secret_in_git,
    secrets_in_env,
    unchecked_certificate,
    unchecked_host_key,
    world_writable,
)

RULES: tuple[Rule, ...] = (
    committed_data.RULE,
    committed_env.RULE,
    connection_elsewhere.RULE,
    connection_variable.RULE,
    hash_in_git.RULE,
    open_login.RULE,
    password_in_git.RULE,
    passwordless_sudo.RULE,
    piped_download.RULE,
    private_key_in_git.RULE,
    readable_secret.RULE,
    secret_in_git.RULE,
    secrets_in_env.RULE,
    unchecked_certificate.RULE,
    unchecked_host_key.RULE,
    world_writable.RULE,
)
