"""Whether a service fits on a node, from what rules say of a trial and what nobody knows."""

from __future__ import annotations

from enum import IntEnum

from stems.lifecycle.missing import Trial, missing_on, unsure_of
from stems.model.finding import Finding, Severity
from stems.model.truth import UNKNOWN
from stems.validation.codes import PERHAPS_TWO_OWNERS
from stems.validation.rules.placement import unwatched_mount


class Fit(IntEnum):
    """Whether a service can run on a node. What nobody knows is neither yes nor no. The best comes first."""

    FITS = 0
    UNKNOWN = 1
    DOES_NOT_FIT = 2


def verdict(trial: Trial, new: list[Finding]) -> tuple[Fit, tuple[str, ...]]:
    # A disk that nothing checks is known only where somebody looked.
    unclear = {PERHAPS_TWO_OWNERS, *((unwatched_mount.CODE,) if trial.truth.mounts is UNKNOWN else ())}
    against = [each.message for each in new if each.severity is not Severity.NOTE]
    against += missing_on(trial)
    unsure = [each.message for each in new if each.severity is Severity.NOTE and each.code in unclear]
    unsure += unsure_of(trial)
    mind = [each.message for each in new if each.severity is Severity.NOTE and each.code not in unclear]
    paused = trial.subject.cluster.nodes[trial.node].paused
    mind += [f"{trial.node} is paused: {paused}"] if paused else []
    fit = Fit.DOES_NOT_FIT if against else Fit.UNKNOWN if unsure else Fit.FITS
    return fit, tuple(dict.fromkeys((*against, *unsure, *mind)))
