"""The preview: the node's own chezmoi says what it would do with the stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from posixpath import join

from stems.infrastructure.parallel import ask_each
from stems.model.observation import Answer
from stems.tools.base import Job, Preview, Site
from stems.tools.chezmoi.attributes import Kind
from stems.tools.chezmoi.changes import changes_of
from stems.tools.chezmoi.externals import tops
from stems.tools.chezmoi.failure import MISSING, failed
from stems.tools.chezmoi.observe import observe
from stems.tools.chezmoi.order import FIRST, is_other_than_chezmois
from stems.tools.chezmoi.source import read_source, top_of
from stems.tools.homes import find_home, shown


def preview(job: Job, sites: Sequence[Site]) -> Mapping[str, Answer[Preview]]:
    by_name = {site.node.name: site for site in sites}
    return ask_each(by_name, lambda name: _preview(job, by_name[name]))


def _preview(job: Job, site: Site) -> Preview:
    home = find_home(job, site)
    seen = observe(job, home)
    if seen is None:
        return Preview(blocked=MISSING)
    try:
        changes = changes_of(job, home, seen)
    except ValueError as error:
        raise failed(site, str(error), "") from None
    warnings = (_note(job, site, line) for line in seen.warnings)
    externals = (f"external: {shown(path, home.account)}" for path in tops(seen.externals))
    ordered = (FIRST,) if is_other_than_chezmois(changes, _before(job)) else ()
    return Preview(changes, seen.version, notes=(*warnings, *ordered, *externals))


def _before(job: Job) -> frozenset[str]:
    """The sources of scripts that chezmoi runs before all else."""
    scripts = read_source(job).at(Kind.SCRIPT)
    return frozenset(str(entry.place) for entry in scripts if "before" in entry.attributes.flags)


def _note(job: Job, site: Site, warning: str) -> str:
    """Of a changed template for the configuration chezmoi says only `chezmoi init`, which is about another source."""
    if "config file template has changed" not in warning:
        return warning
    there = join(site.checkout, top_of(job))
    return (
        "the configuration of chezmoi is not made from the template of this commit, and stems does not touch it: "
        f"once it is deployed, `chezmoi --source {there} init` on {site.node.name} makes it anew"
    )
