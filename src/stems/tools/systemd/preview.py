"""The preview: files are compared with the tree, units with how they are to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from stems.infrastructure.parallel import ask_each
from stems.model.change import Change
from stems.model.observation import Answer
from stems.tools.base import Job, Preview, Site
from stems.tools.keyed import with_keyed_digests
from stems.tools.systemd.changes import changes_of, secret_resources, unmanaged
from stems.tools.systemd.linger import refusal
from stems.tools.systemd.manager import managers
from stems.tools.systemd.observe import Seen, glance, observe
from stems.tools.systemd.units import Declared, declared, units_on
from stems.tools.systemd.verify import verify


@dataclass(frozen=True, slots=True)
class View:
    """The units of one manager of a node, compared with what they are to be."""

    wanted: Declared
    seen: Seen
    changes: tuple[Change, ...] = ()


def preview(job: Job, sites: Sequence[Site]) -> Mapping[str, Answer[Preview]]:
    by_name = {site.node.name: site for site in sites}
    return ask_each(by_name, lambda name: _preview(job, by_name[name]))


def _preview(job: Job, site: Site) -> Preview:
    views, strangers = _looked(job, site)
    blocked = next((view.seen.blocked for view in views if view.seen.blocked), "")
    notes = tuple(note for view in views if not view.seen.blocked for note in verify(site, view.wanted, view.seen))
    ours = {path for view in views for path in (*(file.path for file in view.wanted.files), *view.seen.placed_files)}
    changes = tuple(change for view in views for change in view.changes)
    return Preview(changes, blocked=blocked, unmanaged=tuple(unmanaged(strangers, ours)), notes=notes)


def look(job: Job, site: Site) -> list[View]:
    """One view for each manager that there is something to say to. Raises `ToolError` when a node does not tell."""
    views, _ = _looked(job, site)
    return views


def _looked(job: Job, site: Site) -> tuple[list[View], tuple[str, ...]]:
    services = units_on(job, site.node)
    wanted = [declared(job, services, manager) for manager in managers(site.home)]
    asked = [part for part in wanted if part.units or part.files]
    strangers: tuple[str, ...] = ()
    if len(asked) < len(wanted):
        placed, strangers = glance(site)
        asked = [part for part in wanted if part in asked or part.manager in placed]
    views = [_view(site, part) for part in asked]
    return views, (*strangers, *(path for view in views for path in view.seen.strangers))


def _view(site: Site, wanted: Declared) -> View:
    seen = observe(site, wanted)
    if blocked := seen.blocked or refusal(site, wanted, seen):
        return View(wanted, replace(seen, blocked=blocked))
    changes = with_keyed_digests(site, changes_of(site.node.name, wanted, seen), secret_resources(wanted, seen))
    return View(wanted, seen, changes)
