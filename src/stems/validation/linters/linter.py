"""What a linter is to stems: what it reads, how it is asked, and how its answer is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import dirname, join

from stems.infrastructure.command import Command, Result
from stems.model.finding import Finding
from stems.validation.files import Files
from stems.validation.subject import Subject

HOW_TO_GET = "get it by that name from PyPI or your distribution"


@dataclass(frozen=True, slots=True)
class Question:
    """One run of a linter: the files that it is asked about, and where.

    `folder` is the one of the repository that it runs in, where its own configuration lies; `is_configured` says that
    there is some. `paths` are relative to the repository. `private` is a folder of this run alone.
    """

    paths: tuple[str, ...]
    folder: str = ""
    is_configured: bool = False
    root: Path = field(default_factory=Path)
    private: Path = field(default_factory=Path)
    program: str = ""
    files: Files = field(default_factory=Files, repr=False, compare=False)

    @property
    def cwd(self) -> str:
        return str(self.root / self.folder)

    @property
    def names(self) -> tuple[str, ...]:
        """The paths as they are from the folder that it runs in."""
        return tuple(path[len(self.folder) + 1 :] if self.folder else path for path in self.paths)

    def path(self, name: str) -> str:
        """The path in the repository of a name that the linter prints."""
        name = name.removeprefix(f"{self.cwd}/").removeprefix("./")
        return join(self.folder, name)


Questions = Callable[[Subject], Iterable[Question]]
Ask = Callable[[Question], Command]
Answer = Callable[[Question, Result], Iterable[Finding]]
Prepare = Callable[[Question], None]


@dataclass(frozen=True, slots=True)
class Linter:
    """One linter. `programs` are its names, the first that is there counts; `code` is the rule of its findings.

    `questions` are empty where there is nothing for it to read. `answer` raises `ValueError` for what it cannot read.
    `commands` are one for each way that its versions are asked: the next one where an option is not known. `prepare`
    makes the private folder ready. One that `follows` reads more files than it is asked about.
    """

    name: str
    code: str
    programs: tuple[str, ...]
    questions: Questions
    commands: tuple[Ask, ...]
    answer: Answer
    how_to_get: str = HOW_TO_GET
    prepare: Prepare = lambda _: None
    follows: bool = False


def by_configuration(files: Files, paths: Iterable[str], names: Iterable[str]) -> Iterator[Question]:
    """Questions about files, each asked in the folder above them with a configuration of these names, or at the top."""
    found: dict[str | None, list[str]] = {}
    known = tuple(names)
    cache: dict[str, str | None] = {}
    for path in paths:
        found.setdefault(_nearest(files, dirname(path), known, cache), []).append(path)
    for folder, chosen in found.items():
        yield Question(tuple(chosen), folder or "", is_configured=folder is not None)


def _nearest(files: Files, folder: str, names: tuple[str, ...], cache: dict[str, str | None]) -> str | None:
    if folder not in cache:
        if any(join(folder, name) in files for name in names):
            cache[folder] = folder
        else:
            cache[folder] = _nearest(files, dirname(folder), names, cache) if folder else None
    return cache[folder]
