"""Rules of the stage security. A new one is one file and one line."""

from __future__ import annotations

from stems.validation.rule import Rule
from stems.validation.rules.security import (
    connection_elsewhere,
    connection_variable,
    latest_package,
    needless_become,
    plain_password,
    printed_secret,
    private_key_in_git,
    unchecked_sender,
    unpinned_checkout,
    unpinned_download,
    unpinned_requirement,
    unverified_node,
    writable_by_all,
)

RULES: tuple[Rule, ...] = (
    connection_elsewhere.RULE,
    connection_variable.RULE,
    latest_package.RULE,
    needless_become.RULE,
    plain_password.RULE,
    printed_secret.RULE,
    private_key_in_git.RULE,
    unchecked_sender.RULE,
    unpinned_checkout.RULE,
    unpinned_download.RULE,
    unpinned_requirement.RULE,
    unverified_node.RULE,
    writable_by_all.RULE,
)
