"""The judgement of a repository, stage by stage, without any node."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

from stems.model.finding import Finding, Severity
from stems.tools.exceptions import Exceptions
from stems.validation.changed import Changed
from stems.validation.codes import REFUSED_BY_TOOL
from stems.validation.files import Files
from stems.validation.folded import at_one_place
from stems.validation.linters.linted import NOT_ASKED, Linted
from stems.validation.linters.repeats import without_repeats
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

# Nobody reads more, and a rule must not take minutes to say one thing about everything.
MAX_FINDINGS = 200
_STAGES, _SEVERITIES = tuple(Stage), tuple(Severity)


@dataclass(frozen=True)
class Judgement:
    """What rules say of a repository: findings that nobody accepts, by stage and the worst of each first.

    `judged` are the stages that were judged to their end, which is none where there is no cluster. `cut` are the codes
    of rules that found more than is told, `unasked` those that say what is nowhere, and were not asked because a file
    was not read. Where only findings about what `changed` are asked for, `elsewhere` counts
    the others. `linted` is what came of asking linters.
    """

    findings: tuple[Finding, ...]
    judged: tuple[Stage, ...] = _STAGES
    files: Files = Files()  # noqa: RUF009  # no files, and nobody can add one
    rules: Sequence[Rule] = ()
    cut: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()
    changed: Changed | None = None
    elsewhere: int = 0
    linted: Linted = NOT_ASKED

    @property
    def is_valid(self) -> bool:
        return not has_errors(self.findings)

    @property
    def left(self) -> tuple[Stage, ...]:
        """The other stages: an error kept them from being judged."""
        return tuple(stage for stage in Stage if stage not in self.judged)

    def rule(self, finding: Finding) -> Rule:
        """The rule that a finding says is broken; what only the tool of another package knows is refused by it."""
        return self._by_code.get(finding.code) or self._by_code[REFUSED_BY_TOOL]

    @cached_property
    def _by_code(self) -> dict[str, Rule]:
        return {rule.code: rule for rule in self.rules or _catalogue()}


def validate(
    subject: Subject,
    exceptions: Exceptions | None = None,
    *,
    every_stage: bool = False,
    rules: Iterable[Rule] = (),
    changed: Changed | None = None,
) -> Judgement:
    """What all rules say, up to the first stage that has an error unless `every_stage` is asked for.

    With `changed` the rules judge everything, and only what they say about that counts.
    """
    chosen = tuple(rules) or _catalogue()
    subject = replace(subject, rules={rule.name: rule.code for rule in chosen})
    # Nobody can accept what keeps a plan from being made.
    accepted, findings, judged, cut = exceptions or Exceptions(), list(subject.read), list[Stage](), list[str]()
    near = _Near(changed)
    unasked = [rule.code for rule in chosen if rule.needs_every_file and not subject.files.is_whole]
    for stage in Stage:
        if has_errors(findings) and not every_stage:
            break
        for rule in chosen:
            if rule.stage is stage and rule.code not in unasked:
                found = list(islice(near.only(accepted.judged(rule.check(subject))), MAX_FINDINGS + 1))
                findings.extend(_folded(rule, subject, found[:MAX_FINDINGS]))
                cut += [rule.code] if len(found) > MAX_FINDINGS else []
        if not has_errors(subject.read):
            judged.append(stage)
    found_all = Judgement(
        tuple(dict.fromkeys(findings)), tuple(judged), subject.files, chosen,
        cut=tuple(cut), unasked=tuple(sorted(unasked)), changed=changed, elsewhere=near.left_out,
    )  # fmt: skip
    told = without_repeats(found_all.findings, lambda finding: found_all.rule(finding).stage)
    return _sorted(replace(found_all, findings=tuple(told)))


def _folded(rule: Rule, subject: Subject, found: Sequence[Finding]) -> Iterable[Finding]:
    """Fewer findings, where one says what several do. A missing reason for an exception is told by itself."""
    own = [finding for finding in found if finding.code == rule.code]
    others = [finding for finding in found if finding.code != rule.code]
    if rule.fold is not None:
        return [*rule.fold(subject, own), *others]
    return [*at_one_place(own), *others] if rule.stage is Stage.SERVICE else found


@dataclass(slots=True)
class _Near:
    """Lets findings about what changed pass, and counts the others."""

    changed: Changed | None
    left_out: int = 0

    def only(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        for finding in findings:
            if self.changed is None or self.changed.is_in(finding):
                yield finding
            else:
                self.left_out += 1


def has_errors(findings: Iterable[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)


def _catalogue() -> tuple[Rule, ...]:
    from stems.validation.catalogue import RULES  # noqa: PLC0415  # only who judges pays for every page

    return RULES


def _sorted(judgement: Judgement) -> Judgement:
    def key(finding: Finding) -> tuple[object, ...]:
        stage, severity = judgement.rule(finding).stage, finding.severity
        return _STAGES.index(stage), _SEVERITIES.index(severity), finding.place, finding.code, finding.message

    return replace(judgement, findings=tuple(sorted(judgement.findings, key=key)))
