"""An assessment as a document: the one that `--json` prints, and that pages are made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from stems.model.assessment import (
    Assessment,
    Evidence,
    FoundNode,
    FoundService,
    Gap,
    LiveNode,
    Part,
    PillarView,
    Question,
    StageView,
)

_FACTS = ("address", "user", "port", "role", "arch", "memory", "gpu")


def assessment_document(found: Assessment) -> dict[str, Any]:
    return {
        "schema": "stems.assessment/1",
        "repository": {
            "name": found.name,
            "source": found.source,
            "commit": found.commit or None,
            "files": found.files,
            "declared": found.is_declared,
            "notes": list(found.notes),
        },
        "nodes": [_node(node) for node in found.nodes],
        "domains": [
            {
                "domain": one.domain.value,
                "tool": one.tool,
                "root": one.root,
                "about": one.about,
                "declared": one.is_declared,
                **_evidence(one.evidence),
            }
            for one in found.domains
        ],
        "services": [_service(one) for one in found.services],
        "templates": _parts(found.templates),
        "variables": _parts(found.variables),
        "validation": _parts(found.checks),
        "documentation": _parts(found.pages),
        "questions": [
            {
                "question": question.value,
                "answer": answer(found, question),
                "gaps": [_gap(gap) for gap in found.of(question)],
            }
            for question in Question
        ],
        "pillars": [_pillar(view) for view in found.pillars],
        "findings": [_stage(view) for view in found.stages],
        "steps": [{"title": one.title, "how": one.how, "effort": one.effort.value} for one in found.steps],
        "live": [_live(node) for node in found.live] if found.live is not None else None,
    }


def answer(found: Assessment, question: Question) -> str:
    """Yes is what nobody wants to hear."""
    if not (found.nodes or found.domains or found.services):
        return "nothing to ask about"
    number = len(found.of(question))
    return "no" if not number else f"yes, {number} {'thing' if number == 1 else 'things'}"


def parts_of(text: str) -> Iterator[tuple[str, bool]]:
    """Words of a text, and whether each is code: what stands in backticks. One that is left over is only a sign."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        parts[-2:] = ["`".join(parts[-2:])]
    for number, part in enumerate(parts):
        if part.strip():
            yield part, number % 2 == 1
        elif part or number % 2:
            yield f"`{part}`" if number % 2 else part, False


def _node(node: FoundNode) -> dict[str, Any]:
    said = {what: node.said(what) for what in _FACTS}
    return {
        "name": node.name,
        "also": list(node.others),
        "certainty": node.strength.value,
        **{what: one.says if one else None for what, one in said.items()},
        "evidence": [{"place": str(one.place), "says": one.says} for one in node.sightings],
    }


def _service(one: FoundService) -> dict[str, Any]:
    return {
        "name": one.name,
        "tool": one.tool,
        "folder": one.folder,
        "place": str(one.place),
        "parts": list(one.parts),
        "images": [image.says for image in one.images],
        "nodes": list(one.nodes),
        "why": _evidence(one.why) if one.why else None,
        "documented": one.has_page,
        "trouble": one.trouble or None,
    }


def _evidence(one: Evidence) -> dict[str, str]:
    return {"place": str(one.place), "says": one.says}


def _parts(parts: Iterable[Part]) -> list[dict[str, Any]]:
    return [
        {"what": part.what, "count": part.count, "evidence": [_evidence(one) for one in part.evidence]}
        for part in parts
    ]


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "message": gap.message,
        "pillar": gap.pillar.value,
        "count": gap.count or None,
        "evidence": [_evidence(one) for one in gap.evidence],
        "next": gap.step.how if gap.step else None,
    }


def _pillar(view: PillarView) -> dict[str, Any]:
    return {
        "pillar": view.pillar.value,
        "rating": view.rating.value,
        "there": _parts(view.there),
        "missing": [_gap(gap) for gap in view.missing],
    }


def _stage(view: StageView) -> dict[str, Any]:
    return {
        "stage": view.stage,
        "errors": view.errors,
        "warnings": view.warnings,
        "notes": view.notes,
        "worst": {**view.worst.to_json(), "name": view.rule, "place": str(view.worst.place)},
    }


def _live(node: LiveNode) -> dict[str, Any]:
    if not node.is_known:
        return {"node": node.name, "known": False, "reason": node.reason, "remedy": node.remedy}
    return {
        "node": node.name,
        "known": True,
        "hostname": node.hostname,
        "arch": node.arch,
        "memory": node.memory,
        "deployed": node.deployed or None,
        "dotfiles": node.dotfiles,
        "containers": node.containers,
        "units": list(node.units) if node.units is not None else None,
        "undeclared": list(node.undeclared) if node.undeclared is not None else None,
        "notes": list(node.notes),
    }
