"""The five pillars: what is there of each, what is missing, and how far it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stems.lifecycle.assessment.gaps.seen import Seen
from stems.lifecycle.assessment.history import told
from stems.model.assessment import Evidence, Gap, Part, Pillar, PillarView, Rating
from stems.model.change import Domain

_SHOWN = 3


def pillars_of(seen: Seen, gaps: Sequence[Gap]) -> tuple[PillarView, ...]:
    return tuple(_view(seen, pillar, gaps) for pillar in Pillar)


def _view(seen: Seen, pillar: Pillar, gaps: Sequence[Gap]) -> PillarView:
    there = tuple(_there(seen, pillar))
    missing = tuple(gap for gap in gaps if gap.pillar is pillar)
    return PillarView(pillar, _rating(seen, there, missing), there, missing)


def _rating(seen: Seen, there: Sequence[Part], missing: Sequence[Gap]) -> Rating:
    if seen.is_empty:
        return Rating.UNKNOWN
    if not there:
        return Rating.MISSING
    return Rating.PARTLY if missing else Rating.STANDS


def _there(seen: Seen, pillar: Pillar) -> Iterator[Part]:
    if pillar is Pillar.DECLARATIVE:
        yield from _declarative(seen)
    elif pillar is Pillar.GIT:
        history = told(seen.look)
        if history:
            yield Part("a history", history.commits)
            yield from seen.pages
    elif pillar is Pillar.VALIDATION:
        yield from seen.checks
    elif pillar is Pillar.PARITY:
        yield from (*seen.templates, *seen.variables)
    else:
        yield from _separation(seen)


def _declarative(seen: Seen) -> Iterator[Part]:
    for domain in seen.domains:
        yield Part(f"{domain.tool} in {domain.root}", 1, (domain.evidence,))


def _separation(seen: Seen) -> Iterator[Part]:
    """Domains with exactly one tool. Services may have one of each kind."""
    for domain in Domain:
        tools = {one.tool: one.evidence for one in seen.domains if one.domain is domain}
        if len(tools) == 1 or (tools and domain is Domain.SERVICES):
            evidence: tuple[Evidence, ...] = tuple(tools.values())[:_SHOWN]
            yield Part(f"{domain.value} domain: {', '.join(tools)}", 1, evidence)
