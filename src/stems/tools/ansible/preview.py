"""The preview: one `ansible-playbook --check --diff` for all nodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from stems.errors import NodeUnreachableError, StemsError, ToolError
from stems.infrastructure.parallel import ask_each
from stems.model.change import Change, Group
from stems.model.claim import Claim
from stems.model.observation import Answer, Present, Unknown
from stems.tools.ansible.changes import changes_of, marked_unstable, place_in
from stems.tools.ansible.check import NO_NODE, Scan, scan
from stems.tools.ansible.claims.tasks import claims_of
from stems.tools.ansible.configured import bring_requirements
from stems.tools.ansible.events import Outcome
from stems.tools.ansible.hazards import has_volatile_hints
from stems.tools.ansible.left import edited_files, marked_by_hand
from stems.tools.ansible.origin import adopted
from stems.tools.ansible.program import new_enough
from stems.tools.ansible.run import Ran, run_playbook
from stems.tools.ansible.stepwise import changes_by_step
from stems.tools.ansible.unseen import with_seen_digests
from stems.tools.ansible.verdict import require_matched
from stems.tools.ansible.views import ORDER, Views, is_waited_for, views_of
from stems.tools.base import Job, Preview, Site
from stems.tools.keyed import with_keyed_digests


def preview(job: Job, sites: Sequence[Site]) -> Mapping[str, Answer[Preview]]:
    try:
        return _previews(job, sites) if sites else {}
    except StemsError as error:
        return {site.node.name: Unknown(error) for site in sites}


def require_safe(scanned: Scan) -> None:
    """Refuse before any simulation what a simulation would really do, or what would be done wrong.

    That a play is for no node is no danger, and can come of a node that went since an earlier commit.
    """
    errors = [finding for finding in scanned.errors if finding.code != NO_NODE]
    if errors:
        first, *others = errors
        more = f" (and {len(others)} more)" if others else ""
        raise ToolError(f"{first.place}: {first.message}{more}", remedy=first.remedy)


def _previews(job: Job, sites: Sequence[Site]) -> Mapping[str, Answer[Preview]]:
    bring_requirements(job)
    scanned = scan(job)
    require_safe(scanned)
    if job.part is not None and not scanned.numbers(job.part):
        return {site.node.name: Present(Preview()) for site in sites}
    first = _simulate(job, sites, scanned)
    again = _simulate(job, sites, scanned) if _may_differ(job, first, scanned) else None
    seen = _of_nodes(job, sites, first, scanned)
    return _steadied(seen, _of_nodes(job, sites, again, scanned)) if again else seen


def _simulate(job: Job, sites: Sequence[Site], scanned: Scan) -> Ran:
    ran = run_playbook(job, sites, scanned, check=True)
    require_matched(job, ran)
    return ran


def _may_differ(job: Job, ran: Ran, scanned: Scan) -> bool:
    changes, _ = changes_of(ran.run.outcomes, root=job.tree.root, known={})
    return any(change.resource.startswith("file:") for change in changes) and has_volatile_hints(job.source)


def _steadied(
    first: Mapping[str, Answer[Preview]], second: Mapping[str, Answer[Preview]]
) -> dict[str, Answer[Preview]]:
    """The first preview, with what the second says differently marked; where the second failed that counts."""
    return {
        name: Present(replace(answer.value, changes=marked_unstable(answer.value.changes, other.value.changes)))
        if isinstance(answer, Present) and isinstance(other := second[name], Present)
        else (answer if isinstance(answer, Unknown) else second[name])
        for name, answer in first.items()
    }


def _of_nodes(job: Job, sites: Sequence[Site], ran: Ran, scanned: Scan) -> Mapping[str, Answer[Preview]]:
    by_name = {site.node.name: site for site in sites}
    views = views_of(ran, scanned, list(by_name), job.tree.root)
    return ask_each(by_name, lambda name: _of_node(job, by_name[name], ran, scanned, views))


def _of_node(job: Job, site: Site, ran: Ran, scanned: Scan, views: Views) -> Preview:
    name, root = site.node.name, job.tree.root
    found = ", ".join(filter(None, (new_enough(ran.run.version), place_in(root, ran.run.config))))
    claims = tuple(claims_of(job, site.node, scanned))
    known = {f"{claim.place.path}:{claim.place.line}": claim.resource for claim in claims}
    told, secret = changes_by_step(job, name, views, known)
    blocked, ends_in = end_of(job, name, views, told)
    seen = [change for group in ORDER[: ORDER.index(ends_in) + 1 if blocked else None] for change in told[group]]
    edited = edited_files(site)
    changes = marked_by_hand(with_keyed_digests(site, with_seen_digests(site, seen), secret), edited)
    if blocked:
        return Preview(changes, found, blocked=blocked, blocked_in=ends_in)
    taken = _adopted(job, scanned, claims, edited=edited, changes=changes)
    return Preview((*changes, *taken), found, notes=_notes(ran, name))


def end_of(job: Job, name: str, views: Views, told: Mapping[Group, tuple[Change, ...]]) -> tuple[str, Group]:
    """From where on a node cannot be previewed yet, and in which step. Raises where the failure is one.

    What ends a group step ends it for all nodes.
    """
    view = views.nodes[name]
    if isinstance(view.failure, NodeUnreachableError):
        # A node that did not answer Ansible is not asked again.
        raise view.failure
    for machine, error in views.refused.items():
        if machine == name or machine not in views.nodes:
            raise error
    if Group.FIRST in views.ends:
        return _blocked(job, views.ends[Group.FIRST]), Group.FIRST
    if view.stopped and view.ends_in is Group.NONE:
        if view.failure and not is_waited_for(view.stopped, [*told[Group.FIRST], *told[Group.NONE]]):
            raise view.failure
        return _blocked(job, view.stopped), Group.NONE
    is_ended_by_another = any(other.stopped and other.ends_in is Group.NONE for other in views.nodes.values())
    if view.failure and (Group.LAST not in views.ends or is_ended_by_another):
        raise view.failure
    return (_blocked(job, views.ends[Group.LAST]), Group.LAST) if Group.LAST in views.ends else ("", Group.NONE)


def _adopted(
    job: Job, scanned: Scan, claims: Sequence[Claim], *, edited: Mapping[str, str], changes: Sequence[Change]
) -> list[Change]:
    """What was edited to what the commit wants, each with the step whose task it is of."""
    taken: list[Change] = []
    for group in ORDER if job.part is None else (job.part,):
        part = scanned.of(group)
        places = {f"{task.place.path}:{task.place.line}" for _, tasks in part.plays for task in tasks}
        own = [claim for claim in claims if f"{claim.place.path}:{claim.place.line}" in places]
        found = adopted(job, part, own, edited=edited, changes=[*changes, *taken])
        taken += [replace(change, group=group) for change in found]
    return taken


def _blocked(job: Job, stopped: Outcome) -> str:
    return f'not yet previewable from "{stopped.task}" on ({place_in(job.tree.root, stopped.path)})'


def blocked_at(blocked: str) -> str:
    """The place of the task in `Preview.blocked`."""
    return blocked.rpartition(" (")[2].removesuffix(")")


def _notes(ran: Ran, name: str) -> tuple[str, ...]:
    return () if name in ran.run.matched else ("no play is for this node",)
