"""A newer tree of `.stems/` as a change to review: what nobody edited is replaced, edits are merged or kept."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from stems.errors import UsageError
from stems.infrastructure.runner import Runner
from stems.lifecycle.init import manifest
from stems.lifecycle.init.manifest import FOLDER, MANIFEST, Shipped, algorithm_of, blob_id
from stems.lifecycle.init.merge import base_of, merged
from stems.lifecycle.init.place import Folder
from stems.lifecycle.template import ShippedFile, methodology_files
from stems.lifecycle.working_files import replace, require_inside, write_new
from stems.tools.git.repository import Repository

_NEW = ".new"


class Fate(Enum):
    """What becomes of one file."""

    ADDED = "added"
    REPLACED = "replaced"
    MERGED = "merged"
    BESIDE = "kept, the new one is beside it"
    REMOVED = "removed"
    KEPT = "kept, no longer shipped"


@dataclass(frozen=True, slots=True)
class Step:
    """One file of the tree: what was read, and what is to be written; None where there is nothing."""

    path: str
    fate: Fate
    before: bytes | None
    after: ShippedFile | None


@dataclass(frozen=True, slots=True)
class Update:
    """All of it. `deleted` are files that somebody removed and that stay so."""

    root: Path
    steps: tuple[Step, ...]
    deleted: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.steps


def plan_update(folder: Folder, runner: Runner, shipped: tuple[ShippedFile, ...] | None = None) -> Update:
    """Nothing is written. `shipped` is the newer tree, by default that of this program."""
    repository = folder.repository
    if repository is None or not folder.has(f"{FOLDER}/."):
        raise UsageError(f"{folder.root}: no {FOLDER}/ in a Git repository", remedy="run `stems init` first")
    _require_committed(repository)
    return _Comparison(repository, runner, methodology_files() if shipped is None else shipped).update()


def write_update(update: Update) -> None:
    """The list of what was shipped comes last, so that what is interrupted can be done again."""
    for step in update.steps:
        require_inside(update.root, f"{FOLDER}/{step.path}")
    for step in update.steps:
        path = f"{FOLDER}/{step.path}"
        if step.fate is Fate.REMOVED:
            (update.root / path).unlink(missing_ok=True)
        elif step.after is None:
            continue
        elif step.fate is Fate.BESIDE or step.before is None:
            name = f"{path}{_NEW}" if step.fate is Fate.BESIDE else path
            write_new(update.root, step.after._replace(path=name))
        else:
            replace(update.root, path, step.before, step.after.text.encode())


def _require_committed(repository: Repository) -> None:
    edited = [path for path in repository.is_dirty() if path.startswith(f"{FOLDER}/")]
    if edited:
        raise UsageError(
            f"{edited[0]} is not committed, so that what an update does could not be told from it",
            remedy=f"commit what is in {FOLDER}/, then run this again",
        )


class _Comparison:
    """Three trees: what was shipped, what is here, and what is shipped now."""

    def __init__(self, repository: Repository, runner: Runner, shipped: tuple[ShippedFile, ...]) -> None:
        self._repository = repository
        self._runner = runner
        self._folder = repository.root / FOLDER
        self._new = {file.path: file for file in shipped}
        self._manifest = _read(self._folder / MANIFEST)
        self._old: Shipped = manifest.read(self._manifest.decode("utf-8", "replace")) if self._manifest else {}
        self._algorithm = _algorithm(self._old) or repository.object_format()
        self._next: dict[str, tuple[str, ...]] = {}
        self._deleted: list[str] = []

    def update(self) -> Update:
        with tempfile.TemporaryDirectory(prefix="stems-") as private:
            steps = [step for path in sorted({*self._new, *self._old}) for step in self._step(path, Path(private))]
        text = manifest.written(self._next)
        if self._manifest is None or text.encode() != self._manifest:
            fate = Fate.ADDED if self._manifest is None else Fate.REPLACED
            steps.append(Step(MANIFEST, fate, self._manifest, ShippedFile(MANIFEST, text, executable=False)))
        return Update(self._repository.root, tuple(steps), tuple(self._deleted))

    def _step(self, path: str, private: Path) -> Iterator[Step]:
        new, old, here = self._new.get(path), self._old.get(path, ()), _read(self._folder / path)
        if new is None:
            yield from self._dropped(path, old, here)
            return
        name = blob_id(new.text.encode(), self._algorithm)
        self._next[path] = old if name in old[:1] else (name, *self._older(old))
        if here is None and old:
            self._deleted.append(path)
        elif here is None:
            yield Step(path, Fate.ADDED, None, new)
        elif name in old[:1] or here == new.text.encode():
            # The same was shipped before: whatever is here now is as its owner wants it.
            return
        elif blob_id(here, self._algorithm) in old[:1]:
            yield Step(path, Fate.REPLACED, here, new)
        else:
            yield from self._edited(path, here, new, private)

    def _edited(self, path: str, here: bytes, new: ShippedFile, private: Path) -> Iterator[Step]:
        base = base_of(self._repository, self._old.get(path, ()))
        text = None if base is None else merged(self._runner, private, base=base, ours=here, theirs=new.text.encode())
        if text is not None:
            if text.encode() != here:
                yield Step(path, Fate.MERGED, here, new._replace(text=text))
            return
        if os.path.lexists(self._folder / f"{path}{_NEW}"):
            raise UsageError(
                f"{FOLDER}/{path}{_NEW} is there from an earlier update",
                remedy=f"take from it what you want into {path}, remove it, and commit",
            )
        yield Step(path, Fate.BESIDE, here, new)

    def _dropped(self, path: str, old: tuple[str, ...], here: bytes | None) -> Iterator[Step]:
        if here is None:
            return
        if blob_id(here, self._algorithm) in old[:1]:
            yield Step(path, Fate.REMOVED, here, None)
        else:
            yield Step(path, Fate.KEPT, here, None)

    def _older(self, old: tuple[str, ...]) -> tuple[str, ...]:
        """As many of them as lead to one that is in the history."""
        for number, name in enumerate(old):
            if self._repository.blob(name) is not None:
                return old[: number + 1]
        return ()


def _read(path: Path) -> bytes | None:
    if path.is_symlink():
        raise UsageError(f"{path}: a link", remedy="put the file itself there")
    return path.read_bytes() if path.is_file() else None


def _algorithm(shipped: Mapping[str, tuple[str, ...]]) -> str:
    return next((algorithm_of(name) for objects in shipped.values() for name in objects), "")
