"""What to do next: the steps that pay most, smallest first; and what the rules say, stage by stage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stems.model.assessment import Effort, Gap, StageView, Step
from stems.model.finding import Finding, Severity
from stems.validation.check import Judgement
from stems.validation.stage import Stage

_STEPS = 3
_EFFORTS = tuple(Effort)


def steps_of(gaps: Sequence[Gap]) -> tuple[Step, ...]:
    every = {gap.step.title: gap.step for gap in gaps if gap.step}
    best = sorted(every.values(), key=lambda step: -step.worth)[:_STEPS]
    return tuple(sorted(best, key=lambda step: (_EFFORTS.index(step.effort), -step.worth)))


def stages_of(judgement: Judgement, findings: Sequence[Finding]) -> tuple[StageView, ...]:
    return tuple(_stages(judgement, findings))


def _stages(judgement: Judgement, findings: Sequence[Finding]) -> Iterator[StageView]:
    for stage in Stage:
        found = [one for one in findings if judgement.rule(one).stage is stage]
        if found:
            errors, warnings, notes = (sum(one.severity is severity for one in found) for severity in Severity)
            # The judgement has the worst of each stage first.
            yield StageView(stage.value, errors, warnings, notes, found[0], judgement.rule(found[0]).name)
