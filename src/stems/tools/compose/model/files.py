"""Which files a project consists of, and one tree made of them: `extends`, `include` and overrides applied."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from stems.model.finding import Place
from stems.tools.compose.model.canonical import canonical, with_defaults
from stems.tools.compose.model.conform import conform
from stems.tools.compose.model.environment import Environment
from stems.tools.compose.model.extends import Extender
from stems.tools.compose.model.include import Include, includes, with_included
from stems.tools.compose.model.load import documents
from stems.tools.compose.model.merge import cleaned, merged
from stems.tools.compose.model.paths import rebased
from stems.tools.compose.model.reading import UNREADABLE, Reading, TooMuchError, is_outside, joined
from stems.tools.compose.model.shapes.project import PROJECT
from stems.tools.compose.model.structure import check_structure
from stems.tools.compose.model.unique import unique
from stems.tools.compose.model.value import Value

COMPOSE_FILES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
OVERRIDE_FILES = tuple(
    name.replace(".y", ".override.y")
    for name in ("compose.yml", "compose.yaml", "docker-compose.yml", "docker-compose.yaml")
)
MOST_NESTED = 20
"""Files that include one another."""


def default_files(reading: Reading, folder: str) -> tuple[str, ...]:
    """The file that Compose finds in a folder, and the one that it lays over it."""
    found = [_first(reading, folder, names) for names in (COMPOSE_FILES, OVERRIDE_FILES)]
    return tuple(path for path in found if path) if found[0] else ()


def _first(reading: Reading, folder: str, names: Sequence[str]) -> str:
    return next((path for name in names if reading.text(path := joined(folder, name)) is not None), "")


@dataclass(slots=True)
class Loader:
    """Files that are read in one folder with one environment. `above` are those that include them."""

    reading: Reading
    folder: str
    environment: Environment
    above: tuple[str, ...] = ()
    seen: set[str] = field(default_factory=set)
    """Every file that was read."""

    def tree(self, paths: Sequence[str]) -> Value | None:
        """All files as one, with paths that are relative to the folder. None when nothing of them could be read."""
        tree: Value | None = None
        for path in paths:
            text = self._text(path)
            if text is None:
                continue
            found = list(documents(self.reading, text, path, self.environment))
            if not found and not self.reading.findings:
                self.reading.refuse(Place(path, 1, 1), "an empty file is no Compose file")
            for root in found:
                tree = self._laid_over(tree, root, path)
        if tree is None:
            return None
        # What includes only what is out of sight has nothing of its own.
        if not tree.fields and self.reading.is_complete:
            self.reading.refuse(tree.place, "an empty file is no Compose file")
        check_structure(self.reading, tree)
        return with_defaults(tree)

    def _text(self, path: str) -> str | None:
        if self.reading.is_elsewhere(path):
            self.reading.is_complete = False
            return None
        text = self.reading.text(path)
        if text is None:
            place = Place(self.above[-1] if self.above else path)
            self.reading.refuse(place, f"{path} is not there", code=UNREADABLE)
        self.seen.add(path)
        return text

    def _laid_over(self, tree: Value | None, root: Value, path: str) -> Value:
        reading = self.reading
        root = Extender(reading, self.environment, self.folder).applied(root, path)
        root = with_included(reading, root, self._included(root, path))
        tree = root if tree is None else merged(reading, tree, root)
        tree = unique(cleaned(reading, tree))
        conform(reading, tree, PROJECT)
        return unique(canonical(reading, tree))

    def _included(self, root: Value, path: str) -> Iterator[Value]:
        for include in includes(self.reading, root):
            tree = self._of(include, (*self.above, path))
            if tree is not None:
                yield tree

    def _of(self, include: Include, above: tuple[str, ...]) -> Value | None:
        """An included project, with paths that are relative to the folder of this one."""
        reading = self.reading
        paths = [joined(self.folder, path) for path in include.paths]
        first = paths[0]
        if len(above) > MOST_NESTED:
            raise TooMuchError(f"files include one another more than {MOST_NESTED} deep")
        if first in above:
            reading.refuse(include.place, f"{first} includes itself")
            return None
        for path in paths:
            if reading.is_elsewhere(path):
                reading.pass_over(include.place, path)
        missing = [path for path in paths if not reading.is_elsewhere(path) and reading.text(path) is None]
        for path in missing:
            remedy = "add the file, or do not include it"
            reading.refuse(include.place, f"{path} is not there", remedy, code=UNREADABLE)
        if missing:
            return None
        folder = joined(self.folder, include.folder) if include.folder else posixpath.dirname(first)
        environment = include.environment(self.environment, self.folder, folder)
        loader = Loader(reading, folder, environment, above, self.seen)
        tree = loader.tree(paths)
        return rebased(tree, _relative(folder, self.folder)) if tree else None


def _relative(folder: str, start: str) -> str:
    """A folder as it is written from another one."""
    if is_outside(folder) or is_outside(start):
        return folder
    return posixpath.relpath(f"/{folder}", f"/{start}")
