"""What is wrong with a dotfiles tree, and what it would own, seen without a node."""

from __future__ import annotations

from collections.abc import Iterable

from stems.model.claim import Claim, Extent
from stems.model.finding import Finding
from stems.model.node import Node
from stems.tools.base import Job
from stems.tools.files.home import TOOL
from stems.tools.files.render import template_findings
from stems.tools.files.source import read_source
from stems.tools.files.state import Kind
from stems.tools.homes import account_of, shown


def check(job: Job) -> Iterable[Finding]:
    """Names, collisions, symlinks, options, and every template rendered for every node."""
    source = read_source(job)
    return [*source.findings, *template_findings(source, job.variables)]


def claims(job: Job, node: Node) -> Iterable[Claim]:
    """Every file and symlink; directories may be shared."""
    account = account_of(job)
    return [
        Claim(
            node.name,
            TOOL,
            f"file:{shown(item.target, account)}",
            item.place,
            extent=Extent.LINK if item.kind is Kind.LINK else Extent.WHOLE,
        )
        for item in read_source(job).items
    ]
