"""An assessment of any repository: what exists, how it is configured, and what the methodology would add."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stems.infrastructure.local import LocalRunner
from stems.lifecycle.assessment import contents
from stems.lifecycle.assessment.evidence import sightings
from stems.lifecycle.assessment.evidence.inventories import unseen
from stems.lifecycle.assessment.gaps import gaps_of
from stems.lifecycle.assessment.gaps.seen import Seen
from stems.lifecycle.assessment.look import Look
from stems.lifecycle.assessment.manual import manual_of
from stems.lifecycle.assessment.nodes import nodes_of
from stems.lifecycle.assessment.pillars import pillars_of
from stems.lifecycle.assessment.services import services_of
from stems.lifecycle.assessment.source import Source, opened
from stems.lifecycle.assessment.steps import stages_of, steps_of
from stems.lifecycle.assessment.timezone import timezone_of
from stems.lifecycle.assessment.tools import domains_of
from stems.lifecycle.validate import subject_of
from stems.model.assessment import Assessment
from stems.model.cluster import CLUSTER_FILE
from stems.model.finding import Finding
from stems.validation.check import validate


def assess(path: Path, *, ref: str = "", whole: bool = False) -> Assessment:
    """What is in a folder. Nothing of it is run, and no node is asked."""
    with opened(path, LocalRunner(), ref=ref, whole=whole) as source:
        return assess_source(source)


def assess_source(source: Source) -> Assessment:
    with looking_at(source) as look:
        return _assessed(source, look)


def _assessed(source: Source, look: Look) -> Assessment:
    seen = see(look)
    gaps = gaps_of(seen)
    return Assessment(
        name=look.name,
        source=source.says,
        files=len(look.files),
        nodes=tuple(seen.nodes),
        domains=tuple(seen.domains),
        services=tuple(seen.services),
        templates=tuple(seen.templates),
        variables=tuple(seen.variables),
        checks=tuple(seen.checks),
        pages=tuple(seen.pages),
        gaps=gaps,
        pillars=pillars_of(seen, gaps),
        stages=stages_of(look.judgement, seen.findings),
        steps=steps_of(gaps),
        commit=source.tree.commit,
        is_declared=look.is_declared,
        notes=(*source.notes, *([f"not read: {look.files.unread}"] if look.files.unread else []), *unseen(look)),
        timezone=timezone_of(look),
    )


@contextmanager
def looking_at(source: Source) -> Iterator[Look]:
    """What was read for the rules is not read again."""
    with subject_of(source.tree) as (subject, exceptions):
        judgement = validate(subject, exceptions, every_stage=True)
        yield Look(source.name, subject, judgement, source.messages, source.untracked)


def see(look: Look) -> Seen:
    nodes = nodes_of(sightings(look))
    services = services_of(look, nodes)
    return Seen(
        look,
        nodes,
        domains_of(look, services),
        services,
        contents.templates_of(look),
        contents.variables_of(look),
        contents.checks_of(look),
        contents.pages_of(look),
        manual_of(look),
        _findings(look),
    )


def _findings(look: Look) -> tuple[Finding, ...]:
    """Without a cluster file, that it is missing is one gap and no finding."""
    found = look.judgement.findings
    return found if look.is_declared else tuple(one for one in found if one.place.path != CLUSTER_FILE)
