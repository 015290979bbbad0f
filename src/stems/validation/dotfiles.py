"""The chezmoi sources of the repository: those that are declared, and those that it evidently has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from posixpath import basename, dirname, join

from stems.model.cluster import CLUSTER_FILE
from stems.model.finding import Finding, Severity
from stems.tools.base import Tree
from stems.tools.chezmoi.attributes import Kind
from stems.tools.chezmoi.check import check_pointer, check_source
from stems.tools.chezmoi.source import ROOT, Entry, Source, source_in
from stems.validation.files import File, Files
from stems.validation.subject import Subject

CHEZMOI = "chezmoi"
_ATTRIBUTES = "exact|private|readonly|remove|external|encrypted|empty|executable|create|modify|symlink"
_NAMED = re.compile(rf"(?:(?:{_ATTRIBUTES})_)*dot_.|run_(?:once_|onchange_)(?:before_|after_)?.")
_SPECIAL = re.compile(
    r"\.chezmoi(?:root|ignore|remove|version|scripts|templates|data(?:\.\w+)?|externals?(?:\.\w+)?|\.\w+\.tmpl)(?:\.tmpl)?$"
)


@dataclass(frozen=True, slots=True)
class Dotfiles:
    """One chezmoi source: the folder that it is in, its targets, and whether the cluster file names it.

    `variables` are the names that nodes give to it as template data.
    """

    top: str
    source: Source
    files: Files
    variables: frozenset[str] = frozenset()
    is_declared: bool = False

    def file(self, entry: Entry) -> File | None:
        return self.files.get(entry.place.path)

    def scripts(self) -> Iterator[tuple[Entry, File]]:
        for entry in self.source.at(Kind.SCRIPT):
            file = self.file(entry)
            if file:
                yield entry, file

    def special(self, *starts: str) -> Iterator[File]:
        """Its special files whose names begin like one of `starts`, and what is in such folders."""
        for file in self.files.under(self.source.root):
            below = file.path.removeprefix(f"{self.source.root}/") if self.source.root else file.path
            if below.startswith(starts):
                yield file


def sources_of(subject: Subject) -> tuple[Dotfiles, ...]:
    """Asked for with `subject.once`. A source inside of another one is part of it."""
    files = subject.files
    tree = Tree(files.root, "", frozenset(file.path for file in files))
    found: dict[str, Dotfiles] = {}
    for tool, job in subject.jobs:
        if tool.NAME == CHEZMOI:
            top = "" if job.settings.source.strip("/") == "." else job.settings.source.strip("/")
            names = frozenset(name for variables in job.variables.values() for name in variables)
            found[top] = Dotfiles(top, source_in(tree, top), files, names, is_declared=True)
    for top in _tops(files):
        if not any(_is_in(top, other) or _is_in(other, top) for other in found):
            found[top] = Dotfiles(top, source_in(tree, top), files)
    return tuple(found.values())


def refused_in(subject: Subject, code: str) -> Iterator[Finding]:
    """What chezmoi would refuse, in declared sources and in those that nobody declares: these keep no plan from being
    made."""
    yield from subject.told.get(code, ())
    is_out_of_plan = CLUSTER_FILE in subject.files
    for finding in subject.once(_undeclared_findings):
        if finding.code == code:
            is_worst = finding.severity is Severity.ERROR and is_out_of_plan
            yield replace(finding, severity=Severity.WARNING) if is_worst else finding


def _undeclared_findings(subject: Subject) -> tuple[Finding, ...]:
    files = subject.files
    tree = Tree(files.root, "", frozenset(file.path for file in files))
    return tuple(
        finding
        for dotfiles in subject.once(sources_of)
        if not dotfiles.is_declared
        for finding in (
            *check_source(tree, dotfiles.top, dotfiles.source),
            *check_pointer(tree, dotfiles.top, dotfiles.source),
        )
    )


def _tops(files: Files) -> list[str]:
    """Folders that look like a source, outermost first."""
    tops = {top for file in files if not file.is_aside for top in _top(file.path)}
    pointed = {dirname(file.path) for file in files.named(ROOT) if not file.is_aside}
    return sorted(tops | pointed, key=lambda top: (top.count("/") + bool(top), top))


def _top(path: str) -> Iterator[str]:
    """The folder above the first part of a path that only chezmoi would call so."""
    if "dot_" not in path and "chezmoi" not in path and "run_on" not in path:
        return
    at = ""
    for part in path.split("/"):
        if _NAMED.match(part) or _SPECIAL.match(part):
            yield at
            return
        at = join(at, part)


def _is_in(folder: str, other: str) -> bool:
    return not other or folder == other or folder.startswith(f"{other}/")


def is_source_name(name: str) -> bool:
    """Whether a name is one of the source, with attributes, and not of a target."""
    return _NAMED.match(basename(name)) is not None
