"""The preview: one `ansible-playbook --check --diff` for all nodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stems.errors import StemsError, ToolError
from stems.infrastructure.parallel import ask_each
from stems.model.change import Change
from stems.model.observation import Answer, Unknown
from stems.tools.ansible.changes import changes_of, marked_unstable, place_in, until_unexplained
from stems.tools.ansible.check import NO_NODE, Scan, scan
from stems.tools.ansible.claims.tasks import claims_of
from stems.tools.ansible.configured import bring_requirements
from stems.tools.ansible.events import Outcome
from stems.tools.ansible.hazards import has_volatile_hints
from stems.tools.ansible.left import edited_files, marked_by_hand
from stems.tools.ansible.missing import may_come
from stems.tools.ansible.notified import with_notified, with_unsure
from stems.tools.ansible.origin import adopted
from stems.tools.ansible.program import new_enough
from stems.tools.ansible.run import Ran, run_playbook
from stems.tools.ansible.unseen import with_seen_digests
from stems.tools.ansible.verdict import failure_of, require_matched, stop_of, stopped_at
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
    first = _simulate(job, sites, scanned)
    found = ", ".join(filter(None, (new_enough(first.run.version), place_in(job.tree.root, first.run.config))))
    again = _simulate(job, sites, scanned) if _may_differ(job, first, scanned) else None
    by_name = {site.node.name: site for site in sites}

    def answer(name: str) -> Preview:
        site = by_name[name]
        seen = _of_node(job, site, first, scanned, found)
        if again is None:
            return seen
        second = _of_node(job, site, again, scanned, found)
        changes = marked_unstable(seen.changes, second.changes)
        return Preview(changes, found, seen.blocked, seen.unmanaged, seen.notes)

    return ask_each(by_name, answer)


def _simulate(job: Job, sites: Sequence[Site], scanned: Scan) -> Ran:
    ran = run_playbook(job, sites, scanned, check=True)
    require_matched(job, ran)
    return ran


def _may_differ(job: Job, ran: Ran, scanned: Scan) -> bool:
    changes, _ = changes_of(ran.run.outcomes, root=job.tree.root, known={})
    return any(change.resource.startswith("file:") for change in changes) and has_volatile_hints(job.source)


def _of_node(job: Job, site: Site, ran: Ran, scanned: Scan, found: str) -> Preview:
    name = site.node.name
    claims = tuple(claims_of(job, site.node, scanned))
    known = {f"{claim.place.path}:{claim.place.line}": claim.resource for claim in claims}
    seen, missing = until_unexplained(ran.run.of_node(name))
    stopped = missing or stop_of(ran, name)
    outcomes = with_notified(with_unsure(seen), ran.run.handlers, ends_early=stopped is not None)
    changes, secret = changes_of(outcomes, root=job.tree.root, known=known)
    failure = stopped_at(ran, name, missing) if missing else failure_of(ran, name, stops_all=scanned.ends_for_all)
    # A node that did not answer Ansible is not asked again.
    edited = edited_files(site) if changes or failure is None else {}
    changes = marked_by_hand(with_keyed_digests(site, with_seen_digests(site, changes), secret), edited)
    if failure is None:
        taken = adopted(job, scanned, claims, edited=edited, changes=changes)
        return Preview((*changes, *taken), found, notes=_notes(ran, name))
    return Preview(changes, found, blocked=_blocked(job, stopped, failure, changes))


def _blocked(job: Job, stopped: Outcome | None, failure: StemsError, changes: Sequence[Change]) -> str:
    """A task that fails in check mode may only miss what an earlier one would have made. Else the failure counts.

    A handler is not waited for: when its turn comes again, nothing notifies it.
    """
    if stopped is None or stopped.handler or stopped.status != "failed" or not may_come(stopped, changes):
        raise failure
    return f'not yet previewable from "{stopped.task}" on ({place_in(job.tree.root, stopped.path)})'


def blocked_at(blocked: str) -> str:
    """The place of the task in `Preview.blocked`."""
    return blocked.rpartition(" (")[2].removesuffix(")")


def _notes(ran: Ran, name: str) -> tuple[str, ...]:
    return () if name in ran.run.matched else ("no play is for this node",)
