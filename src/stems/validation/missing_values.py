"""Variables of undeclared projects without a value, where a file says which names there are."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Place
from stems.tools.compose.model.project import Project
from stems.tools.compose.model.reading import joined
from stems.tools.compose.tree import ENV
from stems.validation.files import Files
from stems.validation.project_files import OWN, template_entries
from stems.validation.uses import uses_in


def missing_values(files: Files, project: Project) -> Iterator[tuple[str, Place]]:
    """Each with a place where it is used. Nothing where no file says which names there are."""
    folders = list(_with_above(project.folder))
    if joined(project.folder, ENV) in files:
        yield from ((name, place) for name, place in project.unset.items() if name not in OWN)
        return
    if any(joined(folder, ENV) in files for folder in folders):
        return
    known = {entry.name for folder in folders for entry in template_entries(files, folder)}
    if not known:
        return
    seen = known | OWN
    for use in uses_in(files, project.files):
        if use.name not in seen:
            seen.add(use.name)
            yield use.name, use.place


def _with_above(folder: str) -> Iterator[str]:
    yield folder
    while folder:
        folder = folder.rpartition("/")[0]
        yield folder
