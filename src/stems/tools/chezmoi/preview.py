"""The preview: the node's own chezmoi says what it would do with the stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stems.infrastructure.parallel import ask_each
from stems.model.observation import Answer
from stems.tools.base import Job, Preview, Site
from stems.tools.chezmoi.changes import changes_of
from stems.tools.chezmoi.observe import failed, observe

MISSING = "chezmoi is not on the node"


def preview(job: Job, sites: Sequence[Site]) -> Mapping[str, Answer[Preview]]:
    by_name = {site.node.name: site for site in sites}
    return ask_each(by_name, lambda name: _preview(job, by_name[name]))


def _preview(job: Job, site: Site) -> Preview:
    seen = observe(job, site)
    if seen is None:
        return Preview(blocked=MISSING)
    try:
        changes = changes_of(job, site, seen)
    except ValueError as error:
        raise failed(site, str(error), "") from None
    externals = [f"external: ~/{path}" for path in seen.externals if "/" not in path]
    return Preview(changes, seen.version, notes=tuple(note for note in (seen.warning, *externals) if note))
