"""Where the variables of Compose files are used, and by which services."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stems.model.finding import Place
from stems.readers.interpolation import references
from stems.readers.nodes import YamlNode
from stems.validation.files import Files
from stems.validation.subject import Subject

_DEEPEST = 60
_LARGEST = 100_000


@dataclass(frozen=True, slots=True)
class Use:
    """One use without a default. `service` is empty outside of services."""

    name: str
    place: Place
    service: str = ""


def uses_in(files: Files, paths: Iterable[str]) -> Iterator[Use]:
    for path in paths:
        file = files.get(path)
        for document in file.documents if file is not None and "$" in file.text else ():
            if document.size <= _LARGEST:
                yield from _of_document(document.root)


class Uses:
    """Those of each file by their names, looked for when somebody asks. Asked for with `subject.once`."""

    def __init__(self, subject: Subject) -> None:
        self._files = subject.files
        self._found: dict[str, dict[str, list[Use]]] = {}

    def of(self, name: str, paths: Iterable[str]) -> tuple[Use, ...]:
        return tuple(use for path in paths for use in self._in(path).get(name, ()))

    def _in(self, path: str) -> dict[str, list[Use]]:
        if path not in self._found:
            by_name = self._found[path] = defaultdict(list)
            for use in uses_in(self._files, (path,)):
                by_name[use.name].append(use)
        return self._found[path]


def _of_document(root: YamlNode) -> Iterator[Use]:
    for key, section in root.values.items():
        if key != "services":
            yield from _used(section, "", _DEEPEST)
            continue
        for name, service in section.values.items():
            yield from _used(service, name, _DEEPEST)


def _used(node: YamlNode, service: str, depth: int) -> Iterator[Use]:
    if depth == 0:
        return
    if isinstance(node.scalar, str) and "$" in node.scalar:
        yield from (Use(name, node.place, service) for name in _names(node.scalar))
    for inner in (*node.values.values(), *(node.items or ())):
        yield from _used(inner, service, depth - 1)


def _names(text: str) -> Iterator[str]:
    found = list(references(text))
    # What only a default names is needed where nobody set the variable before it.
    nested = {inner.name for one in found if one.word for inner in references(one.word)}
    yield from (one.name for one in found if not one.has_default and one.name not in nested)
