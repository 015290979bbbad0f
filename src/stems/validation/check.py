"""The judgement of a repository, stage by stage, without any node."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from stems.model.cluster import Cluster
from stems.model.finding import Finding, Severity
from stems.tools.base import Job, Tool
from stems.tools.exceptions import Exceptions
from stems.validation.catalogue import RULES
from stems.validation.rule import Rule, Stage, Subject

# Nobody reads more, and a rule must not take minutes to say one thing about everything.
MAX_FINDINGS = 200


def validate(
    cluster: Cluster,
    jobs: Sequence[tuple[Tool, Job]],
    exceptions: Exceptions | None = None,
    rules: Iterable[Rule] = RULES,
) -> tuple[Finding, ...]:
    """Every finding that nobody accepts, up to the first stage that has an error, sorted by place."""
    subject = Subject(cluster, jobs)
    rules = tuple(rules)
    accepted = exceptions or Exceptions()
    findings: list[Finding] = []
    for stage in Stage:
        for rule in rules:
            if rule.stage is stage:
                findings.extend(islice(accepted.judged(rule.check(subject)), MAX_FINDINGS))
        if has_errors(findings):
            break
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: (finding.place, finding.code, finding.message)))


def has_errors(findings: Iterable[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)
