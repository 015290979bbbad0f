"""Making a plan: validation first, then every tool's preview on every node, as one document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from stems.errors import StemsError, ToolError
from stems.infrastructure import journal
from stems.infrastructure.guards import previewing
from stems.infrastructure.lock import held_error
from stems.infrastructure.runner import NodeRunner
from stems.lifecycle.direction import backward
from stems.lifecycle.jobs import Work
from stems.lifecycle.look.observe import Observed, known, observe, unknown
from stems.lifecycle.look.paused import without_paused
from stems.lifecycle.moves import require_no_move
from stems.lifecycle.previewing.held_back import hold_back_last, without_first
from stems.lifecycle.previewing.preview import Previews, known_previews, preview_all
from stems.lifecycle.previewing.service_diffs import ServiceDiffs
from stems.lifecycle.previewing.unmanaged import unmanaged
from stems.lifecycle.site import site
from stems.lifecycle.workspace import Workspace
from stems.model.change import Change, Domain, Group
from stems.model.node import Node
from stems.model.observation import Answer, Present, Unknown
from stems.model.plan import NodePlan, Plan, Postponed
from stems.model.remnant import Remnants
from stems.tools.base import Preview, Site

VALID_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan and what was seen on the way.

    `unknown` holds the nodes that did not answer or whose tools did not: nothing is planned for them. Where drift is
    looked for, what the other tools of a node say counts, and `unchecked` has the domains that are not known of it.
    `unmanaged` and `notes` are by node, for people, and so is what `stays` where a node goes back; they are not part of
    the plan.
    """

    plan: Plan
    unknown: Mapping[str, StemsError] = field(default_factory=dict)
    unchecked: Mapping[str, Mapping[Domain, StemsError]] = field(default_factory=dict)
    observed: Mapping[str, Observed] = field(default_factory=dict)
    unmanaged: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stays: Mapping[str, Remnants] = field(default_factory=dict)


def make_plan(  # noqa: PLR0913  # each says in one word what is asked for
    workspace: Workspace,
    work: Work,
    nodes: Sequence[Node],
    *,
    without: Sequence[str] = (),
    purpose: str = "deploy",
    further: bool = False,
    acting: bool = False,
    answers: Mapping[str, Answer[Observed]] | None = None,
) -> Planned:
    """Preview `work` on `nodes`. Nothing but the stage is written anywhere.

    Who is `acting` deploys the plan at once: a node that somebody holds ends it before any tool is asked. `answers`
    are what the nodes said of themselves a moment ago; without them they are asked.
    """
    runners = {node.name: previewing(workspace.runner(node)) for node in nodes}
    if answers is None:
        answers = observe(work.cluster, runners, nodes)
    observed = known(answers)
    if acting:
        require_free(observed)
    require_no_move(workspace, work.cluster, observed, planned=[node.name for node in nodes])
    sites = [_site(work, node, runners[node.name], observed[node.name]) for node in nodes if node.name in observed]
    previews = preview_all(workspace, work, sites) if sites else {}
    unchecked = {name: silent(answers) for name, answers in previews.items()} if purpose == "drift" else {}
    plans, missing = _node_plans(workspace, work, observed, previews, purpose=purpose)
    found = {name: known_previews(previews[name]) for name in previews}
    back = backward(workspace, work.commit, observed) if purpose == "deploy" else {}
    return Planned(
        plan=replace(
            _plan(workspace, work, _in_round(plans, further=further), without=tuple(without), purpose=purpose),
            further=further,
        ),
        unknown={name: answer.error for name, answer in unknown(answers).items()} | missing,
        unchecked=unchecked,
        observed=observed,
        unmanaged={
            place.node.name: unmanaged(work, place.node, _gather(found[place.node.name], "unmanaged"))
            for place in sites
        },
        notes={
            name: (*under_way(observed[name]), *back.get(name, ()), *_gather(all_of, "notes"))
            for name, all_of in found.items()
        },
    )


def _node_plans(
    workspace: Workspace, work: Work, observed: Mapping[str, Observed], previews: Previews, *, purpose: str
) -> tuple[list[NodePlan], dict[str, StemsError]]:
    """The part of each node whose tools answered, and why there is none for the others."""
    plans: list[NodePlan] = []
    missing: dict[str, StemsError] = {}
    diffs = ServiceDiffs(workspace.repository, work)
    for name, every in previews.items():
        # A look at drift says what it can; what is planned is planned whole, or not at all.
        said = [(tool, domain, Present(preview)) for tool, domain, preview in known_previews(every)]
        answers = said if said and purpose == "drift" else every
        try:
            part = node_plan(name, observed[name], answers)
            changes = without_paused(work.cluster, part.changes, purpose=purpose)
            plans.append(replace(part, changes=diffs.beside(changes, since=part.deployed)))
        except StemsError as error:
            missing[name] = error
    return plans, missing


def silent(answers: Sequence[tuple[str, Domain, Answer[Preview]]]) -> dict[Domain, StemsError]:
    """The domains of which a tool did not answer, and why."""
    found: dict[Domain, StemsError] = {}
    for _, domain, answer in answers:
        if isinstance(answer, Unknown):
            found.setdefault(domain, answer.error)
    return found


def require_free(observed: Mapping[str, Observed]) -> None:
    for name, seen in sorted(observed.items()):
        if seen.lock:
            raise held_error(name, seen.lock)


def under_way(seen: Observed) -> Iterator[str]:
    """What may still move a node, or was left half-done there: what is planned meanwhile may not be what is found."""
    if seen.lock:
        yield f"locked by {seen.lock.lock or 'somebody, and the lock cannot be read'}"
    elif begun := journal.unfinished(seen.journal.entries):
        yield f"deployment {begun.deployment} began here and did not end: `stems deploy --resume`"


def _in_round(nodes: Sequence[NodePlan], *, further: bool) -> tuple[NodePlan, ...]:
    held = hold_back_last(nodes)
    return without_first(held) if further else held


def _site(work: Work, node: Node, runner: NodeRunner, seen: Observed) -> Site:
    node = work.cluster.nodes[node.name]
    return site(work.cluster, node, runner, home=seen.facts.home, commit=work.commit, deployed=seen.deployed)


def _plan(
    workspace: Workspace, work: Work, nodes: tuple[NodePlan, ...], *, without: tuple[str, ...], purpose: str
) -> Plan:
    now = datetime.now(UTC).replace(microsecond=0)
    return Plan(
        cluster=work.cluster.name,
        commit=work.commit,
        config_commit=workspace.head,
        created=now,
        expires=now + VALID_FOR,
        nodes=nodes,
        without=without,
        purpose=purpose,
    )


def node_plan(name: str, observed: Observed, answers: Sequence[tuple[str, Domain, Answer[Preview]]]) -> NodePlan:
    """One node's part: it ends where a tool cannot be previewed yet. Raises when a tool did not answer."""
    changes: list[Change] = []
    postponed: list[Postponed] = []
    versions: dict[str, str] = {}
    for tool, domain, answer in answers:
        if any(part.group is not Group.LAST for part in postponed):
            postponed.append(Postponed(domain, tool, f"after {postponed[0].tool}"))
            continue
        preview = required(answer)
        changes += preview.changes
        versions |= {tool: preview.version} if preview.version else {}
        if preview.blocked:
            _require_earlier_changes(name, preview, changes)
            postponed.append(Postponed(domain, tool, preview.blocked, preview.blocked_in))
    return NodePlan(
        node=name,
        machine_id=observed.facts.machine_id,
        deployed=observed.deployed,
        versions=versions,
        changes=tuple(changes),
        postponed=tuple(postponed),
    )


def required(answer: Answer[Preview]) -> Preview:
    if isinstance(answer, Unknown):
        raise answer.error
    return answer.value


def _require_earlier_changes(name: str, preview: Preview, changes: Sequence[Change]) -> None:
    # Only an earlier change can bring what is missing; without one, waiting would not help.
    is_own = preview.blocked_in is Group.NONE
    if is_own and not any(change.domain is Domain.SYSTEM for change in changes):
        remedy = f"install or start it on {name}, or let its playbook do so"
        raise ToolError(f"{name}: {preview.blocked}", remedy=remedy)


def _gather(previews: Sequence[tuple[str, Domain, Preview]], what: str) -> tuple[str, ...]:
    return tuple(line for _, _, preview in previews for line in getattr(preview, what))
