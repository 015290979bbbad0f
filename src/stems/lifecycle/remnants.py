"""What stays on a node that goes back: no tool removes what a commit does not name, so the ledger tells of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache

from stems.errors import StemsError
from stems.lifecycle import records
from stems.lifecycle.direction import contains
from stems.lifecycle.jobs import Work, prepare
from stems.lifecycle.look.left import forget_command
from stems.lifecycle.named import Named, named_by
from stems.lifecycle.run import Run
from stems.lifecycle.targets import cluster_for
from stems.lifecycle.workspace import Workspace
from stems.model.change import Change, Domain
from stems.model.deployment import Deployment, Outcome
from stems.model.plan import NodePlan, Plan
from stems.model.remnant import Remnant, Remnants

MOST = 200
"""Deployments whose plans are read: each takes a moment, and nobody goes back further without a look at the node."""

_RUNS = (Outcome.DEPLOYED, Outcome.UNCHANGED)
_MADE = (Outcome.DEPLOYED, Outcome.FAILED, Outcome.TAKING_BACK_FAILED)
_PASSING = ("restart", "reload")
_BRINGS = ("create", "install")
_NUMBERED = re.compile(r"#\d+$")


@dataclass(frozen=True, slots=True)
class Done:
    """What a deployment was to do on one node; not `is_sure` where it may not have come so far."""

    deployment: str
    changes: tuple[Change, ...]
    is_sure: bool


def remnants_of(workspace: Workspace, work: Work, plan: Plan) -> dict[str, Remnants]:
    """By node that this plan takes back to an earlier commit. Only from what this clone was told."""
    back = _going_back(workspace, plan)
    told = records.told_deployments(workspace) if back else []
    found = {node.node: _of_node(workspace, work, plan, node, told) for node in back}
    return {name: each for name, each in found.items() if each}


def remnants_of_saved(workspace: Workspace, plan: Plan) -> dict[str, Remnants]:
    """The same for a plan from its file, whose commit is made ready only where a node goes back."""
    if not _going_back(workspace, plan):
        return {}
    cluster = cluster_for(workspace.cluster, workspace.cluster_at(plan.commit))
    return remnants_of(workspace, prepare(workspace, plan.commit, cluster), plan)


def _going_back(workspace: Workspace, plan: Plan) -> list[NodePlan]:
    if plan.purpose not in ("deploy", "rollback"):
        return []
    return [node for node in plan.nodes if not contains(workspace.repository, plan.commit, node.deployed)]


def _of_node(workspace: Workspace, work: Work, plan: Plan, node: NodePlan, told: Sequence[Deployment]) -> Remnants:
    # Asked of Git once for each commit, however often it was deployed.
    contained = cache(lambda commit: contains(workspace.repository, plan.commit, commit))
    later = since(told, node.node, plan.commit, contained)
    done, not_known = _recorded(workspace, node.node, later[-MOST:])
    if len(later) > MOST:
        not_known.append(f"{later[-MOST].identity} is the oldest of {MOST} deployments that were looked at")
    if not any(each.commit == node.deployed and each.nodes.get(node.node) in (*_RUNS, *_MADE) for each in told):
        not_known.append(f"this clone was not told how {node.deployed[:12]} came there")
    made = left_behind(node.node, done)
    # Reading every tree takes a moment, which most plans can do without.
    found = not_named(made, node, named_by(work, workspace.node(node.node))) if made else ()
    return Remnants(tuple(found), tuple(not_known))


def _recorded(workspace: Workspace, node: str, oldest_first: Sequence[Deployment]) -> tuple[list[Done], list[str]]:
    """What these deployments were to do on a node by their plans, and of which that is not known."""
    done: list[Done] = []
    not_known: list[str] = []
    for each in oldest_first:
        try:
            recorded = records.plan(workspace, each.plan)
        except StemsError:
            not_known.append(f"the plan of {each.identity} is not in the ledger")
            continue
        changes = tuple(change for change in recorded.changes() if change.node == node)
        done.append(Done(each.identity, changes, each.nodes.get(node) is Outcome.DEPLOYED))
    return done, not_known


def since(
    newest_first: Sequence[Deployment], node: str, commit: str, contained: Callable[[str], bool]
) -> list[Deployment]:
    """What touched a node after a commit was deployed there last, oldest first.

    Where that was never: the deployments of commits that it does not contain.
    """
    later: list[Deployment] = []
    for each in newest_first:
        if each.commit == commit and each.nodes.get(node) in _RUNS:
            return later[::-1]
        is_open = each.outcome is Outcome.RUNNING and each.commit != commit
        if each.nodes.get(node) in _MADE or (is_open and node in each.nodes):
            later.append(each)
    return [each for each in reversed(later) if not contained(each.commit)]


def left_behind(node: str, oldest_first: Sequence[Done]) -> list[Remnant]:
    """What became of each resource of the system domain, all in all."""
    first: dict[str, tuple[Done, Change]] = {}
    last: dict[str, tuple[Done, Change]] = {}
    for done in oldest_first:
        for resource, change in _lasting(done.changes):
            first.setdefault(resource, (done, change))
            last[resource] = (done, change)
    found = []
    for resource, (begin, one) in first.items():
        end, other = last[resource]
        gone = one.action in _BRINGS and other.action == "remove"
        if gone or (one.before and one.before == other.after):
            continue
        brought = one.action in _BRINGS
        by, action = (begin, one.action) if brought else (end, other.action)
        found.append(Remnant(node, resource, action, by.deployment, is_sure=by.is_sure))
    return found


def not_named(made: Sequence[Remnant], planned: NodePlan, named: Named) -> Iterator[Remnant]:
    """Those that neither the plan changes nor the commit names."""
    changed = {resource for resource, _ in _resources(planned.changes)}
    open_ends = any(part.domain is Domain.SYSTEM for part in planned.postponed)
    for each in made:
        if each.resource in changed or named.has(each.resource):
            continue
        doubt = "a part of it cannot be previewed yet" if open_ends else named.doubt(each.resource)
        yield replace(each, doubt=doubt)


def _lasting(changes: Sequence[Change]) -> Iterator[tuple[str, Change]]:
    """A restart leaves nothing, and what was only noted did nothing."""
    for resource, change in _resources(changes):
        if change.domain is Domain.SYSTEM and not change.only_noted and change.action not in _PASSING:
            yield resource, change


def _resources(changes: Sequence[Change]) -> Iterator[tuple[str, Change]]:
    """Each resource by itself: later ones of a name are numbered, and packages are listed with commas."""
    known = {change.resource for change in changes}
    for change in changes:
        bare = _NUMBERED.sub("", change.resource)
        resource = bare if bare in known else change.resource
        kind, _, names = resource.partition(":")
        yield from ((f"{kind}:{name}", change) for name in (names.split(",") if kind == "package" else [names]))


def let_go(run: Run, stays: Mapping[str, Remnants]) -> None:
    """Files that stay are no longer what stems left: a node stays in sync when somebody removes one by hand."""
    for name, remnants in stays.items():
        paths = [each.path for each in remnants.found if each.path and not each.doubt]
        for entry in run.work.entries if paths else ():
            if entry.domain is Domain.SYSTEM:
                # What cannot be forgotten now is only watched for longer.
                with suppress(StemsError):
                    run.runners[name].run(forget_command(run.site(name).left(entry.tool.NAME), paths))
