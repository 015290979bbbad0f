"""What a repository has of what a section asks for, and what it lacks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from stems.errors import StemsError
from stems.lifecycle.assess import assess
from stems.lifecycle.guide.asked import ASKED
from stems.lifecycle.guide.facts import Facts, Standing, facts_of
from stems.lifecycle.guide.section import Section
from stems.model.assessment import Pillar
from stems.model.principle import Principle

_SHOWN = 5


def standing_of(section: Section, root: Path) -> tuple[Standing, ...]:
    """Nothing is run, and no node is asked. Empty where the section asks for nothing that can be seen in files."""
    try:
        return tuple(_standing(section, root))
    except StemsError as error:
        return (Standing(None, error.problem, error.remedy),)


def _standing(section: Section, root: Path) -> Iterator[Standing]:
    pillar = next((pillar for pillar in Pillar if pillar.value == section.title), None)
    if pillar:
        yield from _of_pillar(pillar, root)
        return
    checks = ASKED.get(section.anchor, ())
    if not checks and not section.principle:
        return
    facts = facts_of(root)
    if section.principle:
        yield from _of_principle(Principle[section.principle], facts)
    for check in checks:
        yield from check(facts)


def _of_pillar(pillar: Pillar, root: Path) -> Iterator[Standing]:
    view = next(view for view in assess(root).pillars if view.pillar is pillar)
    yield from (Standing(is_there=True, says=part.what) for part in view.there[:_SHOWN])
    yield from (
        Standing(is_there=False, says=gap.message, how=gap.step.how if gap.step else "")
        for gap in view.missing[:_SHOWN]
    )


def _of_principle(principle: Principle, facts: Facts) -> Iterator[Standing]:
    """What its rules find, one line for each of them that finds something."""
    judgement = facts.judgement
    rules = [rule for rule in judgement.rules if rule.principle is principle]
    found = [finding for finding in judgement.findings if judgement.rule(finding) in rules]
    if not facts.cluster:
        yield Standing(None, "its rules are not all judged without a cluster file that can be read", "stems validate")
    elif rules and not found:
        yield Standing(is_there=True, says=f"no rule that serves {principle.name} finds anything")
    for code in list(dict.fromkeys(finding.code for finding in found))[:_SHOWN]:
        all_of_it = [finding for finding in found if finding.code == code]
        first = all_of_it[0]
        more = f" (and {len(all_of_it) - 1} more)" if len(all_of_it) > 1 else ""
        yield Standing(is_there=False, says=f"{first.place}: {first.message}{more}", how=f"stems explain {code}")
