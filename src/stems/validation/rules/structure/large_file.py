"""A large file that every clone carries for ever."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.content import Kind
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM807"
_MOST = 5 * 1024 * 1024

PAGE = Page(
    checks="Tracked files of more than 5 MiB.",
    why="""Every version stays in every clone, also on the node with the small disk, and each plan carries it over.
A program or an image that is built elsewhere is also unreviewed.""",
    instead="Download it where it is needed, with its checksum in the repository, or use Git LFS.",
    bad={"bin/tool": "(a program of 7 MiB)\n"},
    good={"bin/tool.sha256": f"{'0a1b2c3d' * 8}  tool\n"},
    also_good=({"images/plan.png": b"\x89PNG\0" + b"\0" * 1024},),
)


def check(subject: Subject) -> Iterator[Finding]:
    for file in subject.files:
        # What was read is smaller, and need not be asked about again.
        if file.kind in (Kind.LARGE, Kind.BINARY) and file.size > _MOST:
            message = f"{file.size / 1024 / 1024:.0f} MiB, in every clone for ever"
            yield Finding(CODE, file.place(), message, "download it where it is needed, or use Git LFS", Severity.NOTE)


RULE = Rule(CODE, "large-file", Stage.STRUCTURE, Principle.D2, PAGE, check, Severity.NOTE)
