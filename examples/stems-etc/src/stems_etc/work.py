"""What stems has this tool do on nodes: look, make exactly what was approved, take it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stems.errors import ToolError
from stems.infrastructure.before import parse_put_back, put_back
from stems.infrastructure.command import Effect
from stems.infrastructure.parallel import ask_each
from stems.model.change import Change
from stems.model.names import printable
from stems.model.observation import Answer
from stems.tools.base import Job, Preview, Site
from stems.tools.keyed import with_keyed_digests
from stems_etc.changes import changes_of, secret
from stems_etc.node import Seen, observe, run, write_script
from stems_etc.source import NAME, File, wanted


@dataclass(frozen=True, slots=True)
class View:
    """One node compared with what it is to be."""

    files: Mapping[str, File]
    seen: Seen
    changes: tuple[Change, ...]


def preview(job: Job, sites: Sequence[Site]) -> Mapping[str, Answer[Preview]]:
    """All nodes at once; one that does not tell is unknown."""
    by_name = {site.node.name: site for site in sites}
    return ask_each(by_name, lambda name: Preview(look(job, by_name[name]).changes))


def look(job: Job, site: Site) -> View:
    files = wanted(job, site.node.name)
    seen = observe(site, files)
    changes = with_keyed_digests(site, changes_of(site.node.name, files, seen), secret(files, seen))
    return View(files, seen, changes)


def apply(job: Job, site: Site, changes: Sequence[Change]) -> None:
    """What is made already is passed over, what became another change is refused."""
    view = look(job, site)
    approved = {change.resource: change.identity for change in changes if change.tool == NAME}
    todo: dict[str, File | None] = {}
    for change in (change for change in view.changes if change.resource in approved):
        if change.identity != approved[change.resource]:
            problem = f"{site.node.name}: {change.resource} is no longer as it was approved"
            raise ToolError(problem, remedy="run `stems plan` again")
        path = change.resource.removeprefix("file:")
        todo[path] = view.files.get(path)
    if todo:
        text = write_script(site, site.before(job.deployment, NAME), todo, left_after(view, todo))
        run(site, text, Effect.WRITES)


def left_after(view: View, todo: Mapping[str, File | None]) -> dict[str, str]:
    """What this tool has left there once `todo` is done. What is as wanted already is adopted."""
    left = {path: sha for path, sha in view.seen.left.items() if path not in todo}
    met = {path: file.sha for path, file in view.files.items() if path in todo or view.seen.now[path] == file}
    return {**left, **met}


def restore(job: Job, site: Site) -> Sequence[str]:
    """What somebody edited since the deployment stays, and is told."""
    said = run(site, put_back(site.before(job.deployment, NAME)), Effect.WRITES)
    return [f"{printable(path)}: changed since, left as it is" for path in parse_put_back(said)]
