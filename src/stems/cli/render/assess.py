"""An assessment on a terminal: what is there, what is missing, and what to do first."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from stems.cli.render.assessment import answer
from stems.cli.render.text import bold, columns, count, dim, marked, one_line, short, size
from stems.model.assessment import (
    Assessment,
    Evidence,
    FoundNode,
    FoundService,
    Gap,
    LiveNode,
    Part,
    Question,
    Rating,
    Strength,
)
from stems.model.finding import Severity

_RATINGS = {Rating.STANDS: "good", Rating.PARTLY: "warn", Rating.MISSING: "bad", Rating.UNKNOWN: "unknown"}
_SEVERITIES = {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.NOTE: "none"}
_MOST_NODES, _MOST_NAMES, _MOST_PLACES, _MOST_GAPS = 12, 8, 3, 4
_WIDTH, _EVIDENCE, _SHORT = 110, 80, 60


def render_assessment(found: Assessment) -> Iterator[str]:
    about = [found.source, count(found.files, "file")]
    yield f"{bold(one_line(found.name))}  {dim('  '.join(about))}"
    yield from (marked("warn", one_line(note)) for note in found.notes)
    yield from _exists(found)
    if found.live is not None:
        yield from _titled("on the nodes", _live(found.live))
    yield from _titled("pillars", _pillars(found))
    for question in Question:
        yield from _titled(question.value, _gaps(found, question))
    yield from _titled("rules", _rules(found))
    yield from _titled("next, smallest first", _steps(found))


def _titled(title: str, lines: Iterable[str]) -> Iterator[str]:
    every = list(lines)
    if every:
        yield ""
        yield bold(title)
        yield from (f"  {line}" for line in every)


# --- what exists


def _exists(found: Assessment) -> Iterator[str]:
    if not (found.nodes or found.domains or found.services):
        yield from _titled("what exists", ["nothing that stems knows: no node, no tool, no service"])
    yield from _titled("nodes", _nodes(found.nodes))
    yield from _titled(
        "domains",
        columns([(one.domain.value, bold(one.tool), one_line(one.root), dim(one.about)) for one in found.domains]),
    )
    yield from _titled("services", _services(found.services))
    kinds = {"templates": found.templates, "variables": found.variables, "checks": found.checks, "pages": found.pages}
    yield from _titled("besides", columns([(name, _parts(parts)) for name, parts in kinds.items()]))


def _nodes(nodes: Sequence[FoundNode]) -> Iterator[str]:
    shown = [node for node in nodes if node.strength is not Strength.MENTIONED][:_MOST_NODES]
    rows = [(bold(one_line(node.name)), _said(node, "role"), _said(node, "address"), _places(node)) for node in shown]
    yield from columns(rows)
    left = len(nodes) - len(shown)
    if left:
        names = ", ".join(one_line(node.name) for node in nodes if node not in shown)
        yield dim(f"… and {left} more, named less surely: {textwrap.shorten(names, 80, placeholder=' …')}")


def _said(node: FoundNode, what: str) -> str:
    said = node.said(what)
    return one_line(said.says) if said else ""


def _places(node: FoundNode) -> str:
    """The first place of each kind, as far as a line has room."""
    first = {sighting.says: f"{sighting.place} ({sighting.says})" for sighting in reversed(node.sightings)}
    told, *others = reversed(first.values())
    shown = [told]
    for other in others:
        if len(", ".join(shown)) + len(other) < _EVIDENCE:
            shown.append(other)
    more = len(node.sightings) - len(shown)
    return dim(one_line(", ".join(shown)) + (f" +{more}" if more else ""))


def _services(services: Sequence[FoundService]) -> Iterator[str]:
    by_node: dict[str, list[str]] = {}
    for one in services:
        for node in one.nodes or ("",):
            by_node.setdefault(node, []).append(one.name)
    rows = [(bold(one_line(node)), str(len(names)), _some(names)) for node, names in sorted(by_node.items()) if node]
    if "" in by_node:
        names = by_node[""]
        rows.append((marked("unknown", "node not known"), str(len(names)), _some(names)))
    yield from columns(rows)


def _some(names: Sequence[str]) -> str:
    return one_line(", ".join(names[:_MOST_NAMES])) + (" …" if len(names) > _MOST_NAMES else "")


def _parts(parts: Sequence[Part]) -> str:
    return ", ".join(f"{part.what} ({part.count})" for part in parts) or marked("none", "none")


def _live(nodes: Sequence[LiveNode]) -> Iterator[str]:
    for node in nodes:
        if not node.is_known:
            yield marked("unknown", f"{node.name}: {one_line(node.reason)}")
            if node.remedy:
                yield f"  {dim('next:')} {one_line(node.remedy)}"
            continue
        deployed = f"deployed {short(node.deployed)}" if node.deployed else "nothing deployed"
        yield f"{bold(node.name)}  {one_line(node.hostname)}, {node.arch}, {size(node.memory)}, {deployed}"
        yield from (f"  {line}" for line in _told(node))


def _told(node: LiveNode) -> Iterator[str]:
    if node.dotfiles is not None:
        yield f"{count(node.dotfiles, 'dotfile')} managed by chezmoi"
    if node.containers is not None:
        yield f"{count(node.containers, 'container')} running"
    for what, names in (("not declared", node.undeclared), ("units in /etc and home", node.units)):
        if names:
            yield marked("warn", f"{len(names)} {what}: {_some(names)}")
    yield from (marked("none", one_line(note)) for note in node.notes)


# --- what is missing


def _pillars(found: Assessment) -> Iterator[str]:
    rows = []
    for view in found.pillars:
        missing = count(len(view.missing), "gap") if view.missing else ""
        there = textwrap.shorten(", ".join(part.what for part in view.there), _SHORT, placeholder=" …")
        rows.append(
            (marked(_RATINGS[view.rating], view.pillar.value), view.rating.value, missing, dim(one_line(there)))
        )
    yield from columns(rows)


def _gaps(found: Assessment, question: Question) -> Iterator[str]:
    gaps = found.of(question)
    if not gaps:
        said = answer(found, question)
        yield marked("good" if said == "no" else "none", said)
    for gap in gaps[:_MOST_GAPS]:
        yield from _gap(gap)
    if len(gaps) > _MOST_GAPS:
        yield dim(f"… and {len(gaps) - _MOST_GAPS} more, shown with --json")


def _gap(gap: Gap) -> Iterator[str]:
    yield marked("warn", one_line(gap.message))
    for one in gap.evidence[:_MOST_PLACES]:
        yield dim(f"    {_shown(one)}")
    if gap.evidence and gap.count > len(gap.evidence[:_MOST_PLACES]):
        yield dim(f"    +{gap.count - len(gap.evidence[:_MOST_PLACES])}")


def _shown(one: Evidence) -> str:
    text = f"{one.place}  {one.says}" if one.says else str(one.place)
    return textwrap.shorten(one_line(text), _WIDTH, placeholder=" …")


def _rules(found: Assessment) -> Iterator[str]:
    rows = []
    for view in found.stages:
        numbers = ((view.errors, "error"), (view.warnings, "warning"), (view.notes, "note"))
        told = ", ".join(count(number, word) for number, word in numbers if number)
        worst = f"{view.worst.place}: {view.worst.message} ({view.worst.code})"
        sign = marked(_SEVERITIES[view.worst.severity], view.stage)
        rows.append((sign, told, textwrap.shorten(one_line(worst), _WIDTH, placeholder=" …")))
    yield from columns(rows)
    if rows:
        yield dim("all of them: stems validate --all")


def _steps(found: Assessment) -> Iterator[str]:
    for number, step in enumerate(found.steps, start=1):
        yield f"{number}. {bold(one_line(step.title))}  {dim(step.effort.value)}"
        yield from textwrap.wrap(one_line(step.how), _WIDTH, initial_indent="   ", subsequent_indent="   ")
