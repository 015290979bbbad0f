"""A symbolic link that leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname, join, normpath

from stems.model.finding import Finding, Severity
from stems.model.names import printable
from stems.model.principle import Principle
from stems.validation.content import Kind
from stems.validation.files import File
from stems.validation.gitignored import ignores_of
from stems.validation.page import Link, Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM811"
_MOST_LINKS = 40

PAGE = Page(
    checks="""Tracked symbolic links with a relative target inside of the repository that is not there, and links in
a circle. Absolute ones, those that lead out of the repository, into a submodule or to what Git ignores, and those
of a source of dotfiles are not meant: their targets may be on the node.""",
    why="""What it led to was renamed or never committed. Whoever reads through the link - a playbook, Compose, a
shell - finds no file, on every node but the one where it was made.""",
    instead="Let it lead to the file's new name, or remove it.",
    bad={"ansible/group_vars/web.yml": Link("../shared/web.yml"), "ansible/shared/all.yml": "a: 1\n"},
    good={"ansible/group_vars/web.yml": Link("../shared/web.yml"), "ansible/shared/web.yml": "a: 1\n"},
    also_bad=(
        {"a/loop": Link("loop")},
        {"a/one": Link("two"), "a/two": Link("one")},
        {"a/config": Link("../b"), "b.txt": "x\n"},
    ),
    also_good=(
        {"a/zone": Link("/usr/share/zoneinfo/UTC")},
        {"a/other": Link("../../other-repository/file")},
        {"a/folder": Link("../b"), "b/c.txt": "x\n"},
        {"a/data": Link("../data/x"), ".gitignore": "/data/\n"},
        {"a/one": Link("two"), "a/two": Link("../b.txt"), "b.txt": "x\n"},
        {"dotfiles/.vimrc": Link(".vim/vimrc"), "dotfiles/.bashrc": "x\n"},
        {"home/dot_vimrc": Link(".vim/vimrc"), "home/dot_a": "x\n"},
        {"old/a": Link("gone")},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    links = [file for file in subject.files if file.kind is Kind.LINK and not file.is_aside]
    if not links:
        return
    folders = {folder for file in subject.files for folder in _above(file.path)}
    for file in links:
        target = file.leads_to
        if target and not target.startswith("/") and not _is_dotfile(file):
            what = _what(subject, file, folders)
            if what:
                remedy = "let it lead to the new name, or remove it"
                yield Finding(CODE, file.place(), what, remedy, Severity.WARNING)


def _above(path: str) -> Iterator[str]:
    while path := dirname(path):
        yield path


def _is_dotfile(file: File) -> bool:
    return any(part.startswith((".", "dot_", "private_", "symlink_", "exact_")) for part in file.path.split("/"))


def _what(subject: Subject, file: File, folders: set[str]) -> str:
    """What is wrong with where a link leads, nothing where something may be there."""
    path, seen = file.path, set[str]()
    while True:
        found = subject.files.get(path)
        if found is None or found.kind is not Kind.LINK:
            break
        if path in seen or len(seen) > _MOST_LINKS:
            return "a link in a circle"
        seen.add(path)
        if found.leads_to.startswith("/") or not found.leads_to:
            return ""
        path = normpath(join(found.folder, found.leads_to))
    is_elsewhere = path in (".", "..") or path.startswith("../")
    if is_elsewhere or found is not None or path in folders or _is_below_other(subject, path):
        return ""
    if subject.once(ignores_of).line_for(path) or subject.once(ignores_of).line_for(path, is_folder=True):
        return ""
    return f"leads to {printable(path)}, which is not there"


def _is_below_other(subject: Subject, path: str) -> bool:
    """Whether it lies behind another link or in a submodule."""
    return any(folder in subject.files for folder in _above(path))


RULE = Rule(CODE, "dangling-link", Stage.STRUCTURE, Principle.D2, PAGE, check, Severity.WARNING)
