"""A `config/cluster.yml` for a repository that has none, proposed from what is in it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from stems.configuration.load import load_cluster
from stems.errors import ToolError, UsageError
from stems.infrastructure.local import LocalRunner
from stems.lifecycle.assess import assess_source
from stems.lifecycle.assessment.proposal import Proposal, propose
from stems.lifecycle.assessment.source import opened
from stems.lifecycle.assessment.written import cluster_text
from stems.lifecycle.validate import validate_as
from stems.model.assessment import FoundDomain
from stems.model.change import Domain
from stems.model.cluster import CLUSTER_FILE
from stems.model.finding import Finding, Severity
from stems.tools.base import Tree
from stems.validation.stage import Stage

_EARLY = (Stage.SYNTAX, Stage.SCHEMA)
_ROUNDS = 3
_SUBJECTS = {"3": Domain.USER, "4": Domain.SYSTEM, "5": Domain.SERVICES}
"""What the hundreds of codes are about."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A text for the cluster file of a folder. `exists` says that there is one, which is left as it is."""

    root: Path
    text: str
    proposal: Proposal
    exists: bool


def propose_for(path: Path, *, whole: bool = False) -> Proposed:
    """Nothing is written. Raises where no place of the repository speaks of a node."""
    with opened(path, LocalRunner(), whole=whole) as source:
        proposal = propose(assess_source(source))
        if not proposal.is_usable:
            raise UsageError(
                f"{source.name}: nothing in it says for sure which nodes there are",
                remedy="name them with `stems init --node NAME=USER@HOST`, once for each",
            )
        text, proposal = _accepted(proposal, source.tree)
        return Proposed(source.tree.root, text, proposal, os.path.lexists(source.tree.root / CLUSTER_FILE))


def write_proposed(proposed: Proposed) -> Path:
    """Write the cluster file, which must not be there."""
    target = proposed.root / CLUSTER_FILE
    if proposed.exists:
        raise UsageError(
            f"{CLUSTER_FILE} exists, and nothing is overwritten", remedy="leave `--write` out to see the proposal"
        )
    if not target.parent.resolve().is_relative_to(proposed.root.resolve()):
        raise UsageError(f"{CLUSTER_FILE}: leads out of the repository", remedy="look at where its links lead")
    try:
        target.parent.mkdir(exist_ok=True)
        with target.open("x", encoding="utf-8") as file:
            file.write(proposed.text)
    except OSError as error:
        raise ToolError(f"{CLUSTER_FILE}: cannot be written: {error.strerror}", remedy=f"look at {target}") from None
    return target


def _accepted(proposal: Proposal, tree: Tree) -> tuple[str, Proposal]:
    """What its tools would refuse is commented out with what they say, so that the rest can be read and checked."""
    for _ in range(_ROUNDS):
        text = cluster_text(proposal)
        judgement = validate_as(load_cluster(text), tree)
        refused = [
            finding
            for finding in judgement.findings
            if finding.severity is Severity.ERROR
            and finding.place.path != CLUSTER_FILE
            and judgement.rule(finding).stage in _EARLY
        ]
        less = _without(proposal, refused)
        if less == proposal:
            break
        proposal = less
    return cluster_text(proposal), proposal


def _without(proposal: Proposal, refused: Sequence[Finding]) -> Proposal:
    services = tuple(
        replace(one, doubt=_about(one.one.folder, refused)) if not one.doubt else one for one in proposal.services
    )
    left = [finding for finding in refused if not any(_is_in(finding, one.one.folder) for one in proposal.services)]
    # Also of one that is out already: its files are nobody else's.
    every = [one.one for one in proposal.domains]
    about = {finding: domain for finding in left for domain in [_domain_of(finding, every)] if domain}
    domains = tuple(
        one if one.doubt else replace(one, doubt=_first([each for each in left if about.get(each) == one.one]))
        for one in proposal.domains
    )
    if not any(not one.doubt and one.one.domain is Domain.SERVICES for one in domains):
        services = tuple(replace(one, doubt=one.doubt or "its domain is not certain") for one in services)
    return replace(proposal, services=services, domains=domains)


def _about(folder: str, refused: Sequence[Finding]) -> str:
    return _first([finding for finding in refused if _is_in(finding, folder)])


def _first(findings: Sequence[Finding]) -> str:
    return next((f"{one.place}: {one.message} ({one.code})" for one in findings), "")


def _domain_of(finding: Finding, domains: Sequence[FoundDomain]) -> FoundDomain | None:
    """Whose it is: where several lie above a file, its code says which tool it is about, else the nearest has it."""
    above = [one for one in domains if _is_in(finding, one.root)]
    about = _SUBJECTS.get(finding.code[3:4])
    own = [one for one in above if one.domain is about] or ([] if about else above)
    return max(own, key=lambda one: len(one.root.strip(".")), default=None)


def _is_in(finding: Finding, folder: str) -> bool:
    return folder in ("", ".") or finding.place.path.startswith(f"{folder}/")
