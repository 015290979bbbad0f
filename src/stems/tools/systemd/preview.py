"""The preview: files are compared with the tree, units with how they are to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stems.infrastructure.parallel import ask_each
from stems.model.change import Change
from stems.model.observation import Answer
from stems.tools.base import Job, Preview, Site
from stems.tools.keyed import with_keyed_digests
from stems.tools.systemd.changes import changes_of, secret_resources
from stems.tools.systemd.observe import Seen, has_placed, observe
from stems.tools.systemd.units import Declared, declared, units_on


@dataclass(frozen=True, slots=True)
class View:
    """One node's units compared with what they are to be."""

    wanted: Declared
    seen: Seen
    changes: tuple[Change, ...] = ()


def preview(job: Job, sites: Sequence[Site]) -> Mapping[str, Answer[Preview]]:
    by_name = {site.node.name: site for site in sites}
    return ask_each(by_name, lambda name: _preview(job, by_name[name]))


def _preview(job: Job, site: Site) -> Preview:
    view = look(job, site)
    return Preview(view.changes, blocked=view.seen.blocked)


def look(job: Job, site: Site) -> View:
    """Raises `ToolError` when a node does not tell."""
    wanted = declared(job, units_on(job, site.node))
    if not wanted.units and not wanted.files and not has_placed(site):
        return View(wanted, Seen())
    seen = observe(site, wanted)
    if seen.blocked:
        return View(wanted, seen)
    changes = with_keyed_digests(site, changes_of(site.node.name, wanted, seen), secret_resources(wanted, seen))
    return View(wanted, seen, changes)
