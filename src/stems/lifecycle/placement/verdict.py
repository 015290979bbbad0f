"""Whether a service fits on a node, from what rules say of a trial and what nobody knows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from stems.lifecycle.placement.missing import Trial, missing_on, unread_of, unsaid_of
from stems.model.cluster import CLUSTER_FILE
from stems.model.finding import Finding, Place, Severity
from stems.model.truth import UNKNOWN
from stems.validation.codes import PERHAPS_TWO_OWNERS
from stems.validation.rules.placement import unwatched_mount

_LOOK = f"`stems discover` finds what nodes have; or declare it in {CLUSTER_FILE}"
_JUDGE = "`stems validate` says what cannot be read; variables are in env.template"


class Fit(IntEnum):
    """Whether a service can run on a node. What nobody knows is neither yes nor no. The best comes first."""

    FITS = 0
    UNKNOWN = 1
    DOES_NOT_FIT = 2


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks against a node, is not known of it, or is to be minded there."""

    fit: Fit
    message: str
    place: Place | None = None
    code: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.message} ({self.place}, {self.code})" if self.code else self.message


def reasons(trial: Trial, new: Iterable[Finding]) -> tuple[Reason, ...]:
    """What is against the node first. `new` is what rules say with the service there, and not without it."""
    paused = trial.subject.cluster.nodes[trial.node].paused
    found = [
        Reason(_fit_of(finding, trial), finding.message, finding.place, finding.code, finding.remedy) for finding in new
    ]
    found += [Reason(Fit.DOES_NOT_FIT, message) for message in missing_on(trial)]
    found += [Reason(Fit.UNKNOWN, message, remedy=_LOOK) for message in unsaid_of(trial)]
    found += [Reason(Fit.UNKNOWN, message, remedy=_JUDGE) for message in unread_of(trial)]
    found += [Reason(Fit.FITS, f"{trial.node} is paused: {paused}")] if paused else []
    return tuple(sorted(dict.fromkeys(found), key=lambda one: -one.fit))


def fit_by(found: Iterable[Reason]) -> Fit:
    return max((reason.fit for reason in found), default=Fit.FITS)


def _fit_of(finding: Finding, trial: Trial) -> Fit:
    if finding.severity is not Severity.NOTE:
        return Fit.DOES_NOT_FIT
    # A disk that nothing checks is known only where somebody looked.
    is_unseen = finding.code == unwatched_mount.CODE and trial.truth.mounts is UNKNOWN
    return Fit.UNKNOWN if is_unseen or finding.code == PERHAPS_TWO_OWNERS else Fit.FITS
