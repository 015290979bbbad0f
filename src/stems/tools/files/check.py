"""What is wrong with a dotfiles tree, and what it would own, seen without a node."""

from __future__ import annotations

from collections.abc import Iterable

from stems.model.claim import Claim
from stems.model.cluster import UserDomain
from stems.model.finding import Finding, Place
from stems.model.node import Node
from stems.tools.base import Job
from stems.tools.files.home import TOOL, account_of, shown
from stems.tools.files.render import template_findings
from stems.tools.files.source import read_source


def check(job: Job) -> Iterable[Finding]:
    """Names, collisions, symlinks, options, and every template rendered for every node."""
    source = read_source(job)
    return [*source.findings, *_shared_account(job), *template_findings(source, job.variables)]


def claims(job: Job, node: Node) -> Iterable[Claim]:
    """Every file and symlink; directories may be shared."""
    account = account_of(job)
    return [
        Claim(node.name, TOOL, f"file:{shown(item.target, account)}", item.place) for item in read_source(job).items
    ]


def _shared_account(job: Job) -> list[Finding]:
    """Two trees for one home would each remove what the other one wrote."""
    settings = job.settings
    same = [
        domain
        for domain in job.cluster.domains.user
        if isinstance(settings, UserDomain) and domain.tool == TOOL and domain.account == settings.account
    ]
    if len(same) < 2 or same[0] == settings:
        return []
    message = f"{same[0].source} and {settings.source} are both for the home of {account_of(job) or 'the SSH user'}"
    return [Finding("STM302", Place(settings.source), message, "merge the two trees, or give one an `account`")]
