"""Lingering: the manager of a user runs from boot on, and not only while somebody is logged in as that user."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from shlex import quote

from stems.errors import ToolError
from stems.infrastructure.command import Effect, script
from stems.model.change import Change, Domain, Risk, Undo
from stems.model.names import printable
from stems.model.node import Privilege
from stems.tools.base import Site
from stems.tools.systemd.observe import Seen
from stems.tools.systemd.units import NAME, Declared

LINGERS = hashlib.sha256(b"lingers").hexdigest()
TIMEOUT = 120.0

# Written once: what a broken act left is not how it was before. The folder is the SSH user's, which root must not make.
_REMEMBER = r"""
umask 077
mkdir -p "${was%/*}" || exit 1
[ -e "$was" ] || { printf '%s\n' "$lingers" >"$was.new" && mv "$was.new" "$was"; }
"""

# What logind begins is waited for: only then does the manager answer.
_ENABLE = r"""
loginctl enable-linger "$user" </dev/null && uid=$(id -u "$user") && systemctl start "user@$uid.service" </dev/null
"""
_DISABLE = r"""
loginctl disable-linger "$user" </dev/null
"""


def resource(user: str) -> str:
    return f"linger:{user}"


def is_needed(wanted: Declared) -> bool:
    return wanted.manager.is_users and bool(wanted.units)


def is_gone(wanted: Declared, seen: Seen) -> bool:
    """Whether stems made the user linger for units of which none is left."""
    return seen.placed_linger == "own" and seen.lingers and not wanted.units


def refusal(site: Site, wanted: Declared, seen: Seen) -> str:
    """Why the user cannot be made to linger, empty when it can or does."""
    if not is_needed(wanted) or seen.lingers or site.node.privilege is not Privilege.NONE:
        return ""
    return f"{seen.user} does not linger, and that needs root: run `sudo loginctl enable-linger {seen.user}` there"


def linger_changes(node: str, wanted: Declared, seen: Seen) -> Iterator[Change]:
    if is_needed(wanted) and not seen.lingers:
        yield Change(
            node=node,
            domain=Domain.SERVICES,
            tool=NAME,
            resource=resource(seen.user),
            action="enable",
            risk=Risk.SYSTEM,
            after=LINGERS,
            source=str(wanted.units[0].place),
            undo=Undo.BY_BACKUP,
            by_hand=bool(seen.placed_linger),
            note="units of a user end with the last session otherwise",
        )
    if is_gone(wanted, seen):
        yield Change(
            node=node,
            domain=Domain.SERVICES,
            tool=NAME,
            resource=resource(seen.user),
            action="disable",
            risk=Risk.DESTRUCTIVE,
            before=LINGERS,
            undo=Undo.BY_BACKUP,
            note="stems enabled it, and no unit of the user is declared any more",
        )


def placed(wanted: Declared, seen: Seen, *, is_approved: bool) -> str:
    """What stems notes after an apply: only a user whom it made linger does it end that for."""
    if is_gone(wanted, seen):
        return "" if is_approved else "own"
    if not is_needed(wanted):
        return ""
    return seen.placed_linger or ("own" if is_approved else "found" if seen.lingers else "")


def was_path(site: Site, deployment: str) -> str:
    """The note on the node of whether the user lingered before a deployment: `yes` or `no`."""
    return f"{site.state}/before/{deployment}/linger"


def set_linger(site: Site, seen: Seen, deployment: str, *, on: bool) -> None:
    """Make the user linger or not, after noting how it was."""
    given = f"was={quote(was_path(site, deployment))} lingers={'yes' if seen.lingers else 'no'}\n"
    _run(site, given + _REMEMBER, seen.user, account="")
    turn(site, seen.user, on=on)


def turn(site: Site, user: str, *, on: bool) -> None:
    _run(site, f"user={quote(user)}\n{_ENABLE if on else _DISABLE}", user, account="root")


def _run(site: Site, text: str, user: str, *, account: str) -> None:
    result = site.runner.run(script(text, Effect.WRITES, timeout=TIMEOUT, account=account))
    if not result.ok:
        raise ToolError(
            f"{site.node.name}: whether {user} lingers cannot be changed",
            said=printable(result.errors),
            remedy=f"see `loginctl show-user {user}` there; it takes systemd-logind, and libpam-systemd on Debian",
        )
