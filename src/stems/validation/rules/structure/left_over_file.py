"""A file that an editor or a file manager left."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.files import File
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM139"
_LEFT = re.compile(
    r"\..*\.sw[a-p]|.*~|#.*#|.*\.(?:orig|rej|bak|pyc|pyo)|\.DS_Store|Thumbs\.db|desktop\.ini|nohup\.out|\.\#.*"
)
_COPY = re.compile(
    r"(?P<path>.+?)(?:\.(?:save|old|bak|orig|backup)(?:[._-]?\d[\d._-]*)?"
    r"|(?: \((?:copy|\d)\)| - Copy)(?P<ending>\.\w+)?)"
)

PAGE = Page(
    checks="""Tracked files called like what editors and file managers leave: `*.swp`, `*~`, `*.orig`, `*.bak`,
`.DS_Store` and so on; and `*.save`, `*.old` and `NAME (copy).md` beside the file itself.""",
    why="""They hold an older state of a file, which somebody finds and edits, or which a program that reads the
whole folder takes too: `sudoers.d`, `conf.d` and `cron.d` do.""",
    instead="`git rm` them, and let Git ignore their pattern.",
    bad={"etc/conf.d/web.conf.orig": "port=80\n"},
    good={"etc/conf.d/web.conf": "port=80\n"},
    also_bad=(
        {"etc/web.conf.save": "port=80\n", "etc/web.conf": "port=81\n"},
        {"stack/compose.yml.bak-2024-05-01": "x\n", "stack/compose.yml": "services: {a: {image: 'a:1'}}\n"},
        {"notes/plan (copy).txt": "x\n", "notes/plan.txt": "x\n"},
        {"home/.vimrc.swp": b"b0VIM\0"},
        {"ansible/site.yml~": "x\n"},
        {".DS_Store": b"\0"},
        {"stack/compose.yml.bak": "x\n"},
    ),
    also_good=(
        {"game/slot.save": "x\n", "etc/legacy.old": "x\n", "docs/a (copy).md": "x\n", "etc/a.d/b": "x\n"},
        {"docs/backup.md": "x\n", "bin/orig.sh": "x\n", "etc/dev.swap": "x\n"},
        {".gitignore": "*~\n*.bak\n.DS_Store\n"},
        {"archive/a.bak": "x\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for file in subject.files:
        if (_LEFT.fullmatch(file.name) or _is_copy(subject, file)) and not file.is_aside:
            remedy = "`git rm` it, and let Git ignore its pattern"
            yield Finding(CODE, file.place(), "left by an editor or a file manager", remedy, Severity.NOTE)


def _is_copy(subject: Subject, file: File) -> bool:
    """Whether it is an older state of a file beside it: what nano saves as it dies, and what people keep."""
    found = _COPY.fullmatch(file.path)
    return found is not None and (found["path"] + (found["ending"] or "")) in subject.files


RULE = Rule(CODE, "left-over-file", Stage.STRUCTURE, Principle.D2, PAGE, check, Severity.NOTE)
