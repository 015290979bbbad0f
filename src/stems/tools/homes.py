"""The home that an entry of the user domain is about: the SSH user's, or that of another account."""

from __future__ import annotations

from dataclasses import dataclass

from stems.errors import ToolError, UsageError
from stems.infrastructure.command import Command, Effect, Result, script
from stems.model.cluster import UserDomain
from stems.model.names import USER, is_name, is_node_path
from stems.tools.base import Job, Site

TIMEOUT = 120.0


@dataclass(frozen=True, slots=True)
class Home:
    """A home on one node. `state` is the folder of stems in that home: another account cannot read the SSH user's."""

    site: Site
    path: str
    state: str
    account: str = ""

    def left(self, tool: str) -> str:
        """Only the SSH user's own files can be checked by the probe of `status`."""
        return "" if self.account else self.site.left(tool)

    def before(self, deployment: str, tool: str) -> str:
        return f"{self.state}/before/{deployment}/{tool}"

    def run(self, text: str, effect: Effect, *, timeout: float = TIMEOUT) -> Result:
        return self.site.runner.run(script(text, effect, timeout=timeout, account=self.account))


def account_of(job: Job) -> str:
    assert isinstance(job.settings, UserDomain)  # noqa: S101  # the registry gives these tools the user domain only
    account = job.settings.account
    if account and not is_name(USER, account):
        raise UsageError(f"{account!r}: not the name of an account", remedy="correct domains.user.account")
    return account


def shown(path: str, account: str) -> str:
    """A path in a home as people and claims see it."""
    return f"~{account}/{path}"


def home_command(account: str) -> Command:
    return script(f"cd ~{account} && pwd\n", Effect.READS, account=account)


def find_home(job: Job, site: Site) -> Home:
    account = account_of(job)
    if not account:
        return Home(site, site.home, site.state)
    result = site.runner.run(home_command(account))
    path = result.text.strip()
    if not result.ok or not is_node_path(path):
        raise ToolError(
            f"{site.node.name}: the home of {account} cannot be entered",
            said=result.errors,
            remedy=f"create the account on {site.node.name}, or correct domains.user.account",
        )
    return Home(site, path, f"{path}/.local/state/stems/{job.cluster.name}", account)
