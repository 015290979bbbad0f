"""Variables of undeclared projects without a value, where a file says which names there are."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Place
from stems.readers.interpolation import references
from stems.readers.nodes import YamlNode
from stems.tools.compose.model.project import Project
from stems.tools.compose.model.reading import joined
from stems.validation.files import Files
from stems.validation.project_files import ENV, OWN, template_entries

_DEEPEST = 60
_LARGEST = 100_000


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
    for path in project.files:
        file = files.get(path)
        for document in file.documents if file is not None and "$" in file.text else ():
            if document.size > _LARGEST:
                continue
            for name, place in _used(document.root, _DEEPEST):
                if name not in seen:
                    seen.add(name)
                    yield name, place


def _with_above(folder: str) -> Iterator[str]:
    yield folder
    while folder:
        folder = folder.rpartition("/")[0]
        yield folder


def _used(node: YamlNode, depth: int) -> Iterator[tuple[str, Place]]:
    """Names without a default, in the values of a document."""
    if depth == 0:
        return
    if isinstance(node.scalar, str) and "$" in node.scalar:
        yield from ((name, node.place) for name in _names(node.scalar))
    for inner in (*node.values.values(), *(node.items or ())):
        yield from _used(inner, depth - 1)


def _names(text: str) -> Iterator[str]:
    found = list(references(text))
    # What only a default names is needed where nobody set the variable before it.
    nested = {inner.name for one in found if one.word for inner in references(one.word)}
    yield from (one.name for one in found if not one.has_default and one.name not in nested)
