"""What is not in the repository and is still meant to be there: rendered by something, ignored, copied elsewhere."""

from __future__ import annotations

import posixpath
import re

from stems.validation.files import File
from stems.validation.gitignored import ignores_of
from stems.validation.project_files import Elsewhere
from stems.validation.projects import projects_of
from stems.validation.subject import Subject

_SUFFIXES = (
    ".j2", ".jinja", ".jinja2", ".tmpl", ".tpl", ".template", ".example", ".sample", ".dist", ".default", ".age",
    ".sops", ".enc", ".gpg", ".vault",
)  # fmt: skip
_BETWEEN = (".example", ".sample", ".template", "-example", ".dist", ".enc", ".sops", ".encrypted", "-enc", "-sops")
_CARRIED = frozenset({"roles", "files", "templates"})
_ASSIGNED = re.compile(r"(?:^|[\s;\"'{(])(?:export[ \t]+)?([A-Za-z_]\w*)[\"']?[ \t]*(?:\?|:)?[=:]")
_COMMENT = re.compile(r"^[ \t]*(?:#|//).*$", re.MULTILINE)
_MOST_NAMES = 200


def is_carried(folder: str) -> bool:
    """Whether a role copies the files of a folder to a node, where others may lie beside them."""
    return not _CARRIED.isdisjoint(folder.split("/"))


def is_promised(subject: Subject, path: str) -> bool:
    """Whether a path that is not in the repository may still be there on the node."""
    files = subject.files
    if path in subject.once(ignores_of) or path in Elsewhere(files) or next(files.under(path), None) is not None:
        return True
    stem, suffix = posixpath.splitext(path)
    beside = (f"{stem}{each}{suffix}" for each in _BETWEEN)
    others = (f"{path}{each}" for each in _SUFFIXES)
    return any(each in files for each in (*beside, *others)) or posixpath.basename(path) in subject.once(_rendered)


def is_mentioned(subject: Subject, name: str) -> bool:
    """Whether a script or a playbook names a file, which it then may make."""
    asked = subject.once(_asked)
    if name not in asked and len(asked) < _MOST_NAMES:
        own = subject.once(_own)
        asked[name] = any(name in file.text for file in subject.files if _may_make(file) and file.path not in own)
    return asked.get(name, True)


def assigned(subject: Subject) -> frozenset[str]:
    """Names that scripts, playbooks and environment files give a value. Asked for with `subject.once`."""
    own = subject.once(_own)
    return frozenset(
        name
        for file in subject.files
        if file.path not in own and _may_make(file) and ("=" in file.text or ":" in file.text)
        for name in _ASSIGNED.findall(_COMMENT.sub("", file.text))
    )


def _may_make(file: File) -> bool:
    return not file.is_documentation and not file.name.endswith("ignore")


def _own(subject: Subject) -> frozenset[str]:
    """The files of Compose projects."""
    return frozenset(path for composed in subject.once(projects_of) for path in composed.project.files)


def _asked(subject: Subject) -> dict[str, bool]:
    del subject
    return {}


def _rendered(subject: Subject) -> frozenset[str]:
    """The names of what templates become, wherever they lie."""
    return frozenset(
        file.name.removesuffix(suffix) for suffix in _SUFFIXES for file in subject.files.named(f"*{suffix}")
    )
