"""What each tool can say against its part of the repository without any node."""

from __future__ import annotations

from collections.abc import Iterator

from stems.errors import ConfigurationError
from stems.model.finding import Finding, Place
from stems.readers.nodes import YamlError
from stems.tools.base import Job, Tool
from stems.validation.codes import REFUSED_BY_TOOL, UNREADABLE
from stems.validation.rule import Rule, Stage, Subject

WHY = """A tool that refuses its own files in the middle of a deploy leaves a node half changed."""


def check(subject: Subject) -> Iterator[Finding]:
    for tool, job in subject.jobs:
        yield from _ask(tool, job)


def _ask(tool: Tool, job: Job) -> Iterator[Finding]:
    try:
        yield from tool.check(job)
    except YamlError as error:
        yield Finding(UNREADABLE, error.place, error.message)
    except ConfigurationError as error:
        yield Finding(REFUSED_BY_TOOL, Place(job.settings.source), error.problem, error.remedy)


RULE = Rule(REFUSED_BY_TOOL, "refused-by-tool", Stage.TOOLS, WHY, check)
