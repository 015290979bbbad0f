"""The chosen node of a service, written down with its reason: in the cluster file, and as a decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from stems.configuration.load import load_cluster
from stems.configuration.text import read_text
from stems.errors import ToolError, UsageError
from stems.infrastructure.local import LocalRunner
from stems.lifecycle.decision.page import Decision, write_decision
from stems.lifecycle.place import Candidate, Placement
from stems.lifecycle.placement.verdict import Fit
from stems.model.cluster import CLUSTER_FILE
from stems.readers.insertion import with_entry
from stems.readers.replacement import with_value
from stems.tools.git.repository import Repository
from stems.tools.git.working_file import PLAIN, Version, read_version, write_version

_WORDS = {Fit.FITS: "fits", Fit.UNKNOWN: "may fit", Fit.DOES_NOT_FIT: "does not fit"}


@dataclass(frozen=True, slots=True)
class Placed:
    """The node, and the page of the decision; no page where the cluster file said all of it before."""

    node: str
    reason: str
    decision: str


def choose(placement: Placement, node: str, reason: str) -> Candidate:
    """The node that is named, or the best one. One that does not fit for sure is taken only when a person says why."""
    service = placement.service
    chosen = next((one for one in placement.candidates if one.node == node), None) if node else placement.proposed
    if chosen is None:
        names = ", ".join(one.node for one in placement.candidates)
        raise UsageError(f"{node}: no such node", remedy=f"the nodes are {names}")
    if chosen.fit is not Fit.FITS and not (node and reason):
        words = "does not fit on" if chosen.fit is Fit.DOES_NOT_FIT else "may not fit on"
        raise UsageError(
            f"{service.name}: {words} {chosen.node}: {'; '.join(map(str, chosen.reasons))}",
            remedy=f"if it is to run there, say so: `--node {chosen.node} --reason TEXT`",
        )
    _require_no_move(placement, chosen)
    return chosen


def write_placement(folder: Path, placement: Placement, chosen: Candidate, reason: str, day: date) -> Placed:
    """Change the cluster file of the working tree, and write the page. Nothing is committed."""
    repository = Repository.find(folder, LocalRunner())
    text = read_text(repository.root / CLUSTER_FILE, CLUSTER_FILE)
    changed = _changed(text, placement, chosen.node, reason)
    if changed is None:
        raise UsageError(
            f"{CLUSTER_FILE}: services.{placement.service.name} cannot be changed for sure as it is written",
            remedy=f"write by hand below services: `{placement.service.name}: {{node: {chosen.node}, reason: …}}`",
        )
    if changed == text:
        return Placed(chosen.node, reason, "")
    load_cluster(changed)
    there = read_version(repository.root / CLUSTER_FILE)
    if there is not None and there.content != text.encode():
        raise ToolError(f"{CLUSTER_FILE}: is not a plain file in UTF-8", remedy="write node and reason by hand")
    written = write_decision(repository.root, placement_decision(placement, chosen, reason, day))
    write_version(repository, CLUSTER_FILE, Version(there.mode if there else PLAIN, changed.encode()))
    return Placed(chosen.node, reason, written.path)


def _require_no_move(placement: Placement, chosen: Candidate) -> None:
    """Nobody is asked whether it is deployed where it is declared, so that it counts as deployed there."""
    service = placement.service
    if not service.nodes or service.nodes == (chosen.node,):
        return
    here = ", ".join(service.nodes)
    if len(service.nodes) > 1:
        raise UsageError(f"{service.name}: runs on {here}", remedy=f"change its nodes in {CLUSTER_FILE} by hand")
    if service.keeps_data:
        raise UsageError(
            f"{service.name}: keeps data on {here} (data: {service.data.value}), which would stay behind",
            remedy=f"leave it on {here}; moving it with its data is `stems move`, which this version lacks. By hand: "
            "deploy once without the service, copy its volumes, then add it on its new node",
        )


def _changed(text: str, placement: Placement, node: str, reason: str) -> str | None:
    name = placement.service.name
    if not placement.is_declared:
        entry = {"node": node, "reason": reason}
        return with_entry(text, path=CLUSTER_FILE, section="services", name=name, entry=entry)
    keys = ("services", name)
    moved: str | None = text
    if placement.service.nodes != (node,):
        moved = with_value(text, path=CLUSTER_FILE, keys=keys, key="node", value=node, after="node")
    if moved is None:
        return None
    return with_value(moved, path=CLUSTER_FILE, keys=keys, key="reason", value=reason, after="node")


def placement_decision(placement: Placement, chosen: Candidate, reason: str, day: date) -> Decision:
    name, node = placement.service.name, chosen.node
    known = "\n".join(f"* {one.node} {_WORDS[one.fit]}{_remarks(one)}" for one in placement.candidates)
    follows = [f"{name} is gone while {node} is down."]
    if chosen.when_down.impact:
        follows.append(f"What else is lost then: {_sentence(chosen.when_down.impact)}")
    if placement.needed_by:
        follows.append(f"After it run {', '.join(placement.needed_by)}.")
    return Decision(
        f"Run {name} on {node}",
        f"`stems place {name}` said:\n\n{known}",
        f"{name} runs on {node}: {_sentence(reason)}",
        " ".join(follows),
        day,
    )


def _remarks(one: Candidate) -> str:
    remarks = "; ".join((*map(str, one.reasons), *one.apart))
    return f": {remarks}" if remarks else ""


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
