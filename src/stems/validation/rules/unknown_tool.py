"""A tool that is not there, cannot be used, or is for another domain."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding
from stems.tools.registry import named_tools, refusal
from stems.validation.codes import UNKNOWN_TOOL
from stems.validation.rule import Rule, Stage, Subject

WHY = """A part of the cluster that no tool takes would look as if it were deployed."""


def check(subject: Subject) -> Iterator[Finding]:
    for name, domain, place in named_tools(subject.cluster):
        found = refusal(name, domain)
        if found:
            yield Finding(UNKNOWN_TOOL, place, *found)


RULE = Rule(UNKNOWN_TOOL, "unknown-tool", Stage.CLUSTER, WHY, check)
