"""Every tool's own dry run on every node at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import TypeVar

from stems.errors import StemsError
from stems.infrastructure.guards import previewing_here
from stems.infrastructure.parallel import ask_each, crew
from stems.lifecycle.jobs import Entry, Work
from stems.lifecycle.previewing.checkout_diffs import with_diffs
from stems.lifecycle.workspace import Workspace
from stems.model.change import Domain, Group
from stems.model.observation import Answer, Present, Unknown
from stems.tools.base import Preview, Site
from stems.tools.git import checkout
from stems.tools.git.stage import stage

Value = TypeVar("Value")
Previews = Mapping[str, Sequence[tuple[str, Domain, Answer[Preview]]]]
"""By node: what each tool answered, in the order in which they are applied."""


def preview_all(
    workspace: Workspace,
    work: Work,
    sites: Sequence[Site],
    *,
    domains: Collection[Domain] = tuple(Domain),
    part: Group | None = None,
) -> Previews:
    """Ask every tool of `domains` at once. Those that read the stage wait for it, and so does the checkout.

    With `part`, only for what a group step does, or what each node does by itself.
    """
    entries = [replace(entry, job=replace(entry.job, part=part)) for entry in work.entries if entry.domain in domains]
    has_services = Domain.SERVICES in domains
    with crew(max(4, len(work.entries) + 2)) as pool:
        staged = has_services or any(entry.tool.NEEDS_STAGE for entry in entries)
        ready = pool.submit(_stage_all, workspace, work, sites) if staged else None
        asked: list[tuple[str, Domain, Future[Mapping[str, Answer[Preview]]]]] = [
            (entry.tool.NAME, entry.domain, pool.submit(_ask, entry, sites, ready if entry.tool.NEEDS_STAGE else None))
            for entry in entries
        ]
        if has_services and ready:
            # The checkout moves before services do.
            clone = pool.submit(_preview_checkouts, workspace, work, sites, ready)
            first = next((number for number, part in enumerate(asked) if part[1] is Domain.SERVICES), len(asked))
            asked.insert(first, (checkout.NAME, Domain.SERVICES, clone))
        return {
            site.node.name: [(tool, domain, future.result()[site.node.name]) for tool, domain, future in asked]
            for site in sites
        }


def _stage_all(workspace: Workspace, work: Work, sites: Sequence[Site]) -> Mapping[str, Answer[str]]:
    local = previewing_here(workspace.local)
    return _each(sites, lambda site: stage(workspace.repository, work.commit, site=site, local=local))


def _preview_checkouts(
    workspace: Workspace, work: Work, sites: Sequence[Site], ready: Future[Mapping[str, Answer[str]]]
) -> Mapping[str, Answer[Preview]]:
    failed = _not_staged(ready.result())
    asked = [site for site in sites if site.node.name not in failed]
    return {**failed, **_each(asked, lambda site: _preview_checkout(workspace, work, site))}


def _preview_checkout(workspace: Workspace, work: Work, site: Site) -> Preview:
    state = checkout.preview(site, target=work.commit)
    changes = checkout.changes(
        site, state, target=work.commit, tree=work.tree.root, repository=workspace.repository, deployed=site.deployed
    )
    return Preview(with_diffs(site, changes, tree=work.tree.root))


def _ask(
    entry: Entry, sites: Sequence[Site], ready: Future[Mapping[str, Answer[str]]] | None
) -> Mapping[str, Answer[Preview]]:
    failed = _not_staged(ready.result()) if ready else {}
    asked = [site for site in sites if site.node.name not in failed]
    if not asked:
        return failed
    try:
        return {**failed, **entry.tool.preview(entry.job, asked)}
    except StemsError as error:
        return {**failed, **{site.node.name: Unknown(error) for site in asked}}


def _not_staged(answers: Mapping[str, Answer[str]]) -> dict[str, Answer[Preview]]:
    return {name: answer for name, answer in answers.items() if isinstance(answer, Unknown)}


def _each(sites: Sequence[Site], question: Callable[[Site], Value]) -> dict[str, Answer[Value]]:
    by_name = {site.node.name: site for site in sites}
    return ask_each(by_name, lambda name: question(by_name[name]))


def known_previews(previews: Sequence[tuple[str, Domain, Answer[Preview]]]) -> list[tuple[str, Domain, Preview]]:
    return [(tool, domain, answer.value) for tool, domain, answer in previews if isinstance(answer, Present)]
