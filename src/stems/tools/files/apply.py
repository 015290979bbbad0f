"""Making approved changes in a home, and taking them back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stems.errors import ToolError
from stems.infrastructure.before import parse_put_back, put_back
from stems.infrastructure.command import Effect
from stems.model.change import Change
from stems.model.names import printable
from stems.tools.base import Job, Site
from stems.tools.files.compare import Difference, recorded
from stems.tools.files.home import TOOL, failed
from stems.tools.files.preview import View, look, resource_of
from stems.tools.files.render import require_renderer, wanted_on
from stems.tools.files.source import read_source
from stems.tools.files.write import write_script
from stems.tools.homes import find_home


def apply(job: Job, site: Site, changes: Sequence[Change]) -> None:
    """Make exactly these changes. One that is already made is passed over, one that became another is refused."""
    entries = wanted_on(require_renderer(read_source(job)), job.variables[site.node.name], node=site.node.name)
    view = look(job, site, entries)
    todo = approved(view, changes)
    manifest = recorded(entries, view.seen, view.differences, done=frozenset(difference.path for difference in todo))
    if not todo and manifest == view.seen.manifest:
        return
    text = write_script(view.home, todo, entries=entries, manifest=manifest, deployment=job.deployment)
    result = view.home.run(text, Effect.WRITES)
    if not result.ok:
        raise failed(view.home, result)


def restore(job: Job, site: Site) -> Sequence[str]:
    """Put back what this deployment replaced, and what stems remembered of it before."""
    home = find_home(job, site)
    result = home.run(put_back(home.before(job.deployment, TOOL)), Effect.WRITES)
    if not result.ok:
        raise failed(home, result)
    return [f"{printable(path)}: changed since, left as it is" for path in parse_put_back(result.text)]


def approved(view: View, changes: Iterable[Change]) -> list[Difference]:
    """The differences that were approved, of this home."""
    fresh = {
        resource_of(difference, view.home.account): (difference, change)
        for difference, change in zip(view.differences, view.changes, strict=True)
    }
    todo = []
    for change in changes:
        if change.tool != TOOL or change.resource not in fresh:
            continue
        difference, now = fresh[change.resource]
        if now.identity != change.identity:
            raise ToolError(
                f"{change.node}: {change.resource} is no longer as it was previewed", remedy="run `stems plan` again"
            )
        todo.append(difference)
    return todo
