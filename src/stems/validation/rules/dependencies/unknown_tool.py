"""A tool that is not there, cannot be used, or is for another domain."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.tools.registry import named_tools, refusal
from stems.validation.codes import UNKNOWN_TOOL
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

PAGE = Page(
    checks="A tool that does not exist, cannot be used, or is for another domain.",
    why="A part of the cluster that no tool takes would look as if it were deployed.",
    instead="Name a tool of that domain, or install the package that brings the one you mean.",
    bad={
        "config/cluster.yml": cluster("""
            domains:
              user: {tool: file, source: dotfiles}
            """),
        "dotfiles/.tmux.conf": "set -g mouse on\n",
    },
    good={
        "config/cluster.yml": cluster("""
            domains:
              user: {tool: files, source: dotfiles}
            """),
        "dotfiles/.tmux.conf": "set -g mouse on\n",
    },
)


def check(subject: Subject) -> Iterator[Finding]:
    for name, domain, place in named_tools(subject.cluster):
        found = refusal(name, domain)
        if found:
            yield Finding(UNKNOWN_TOOL, place, *found)


RULE = Rule(UNKNOWN_TOOL, "unknown-tool", Stage.DEPENDENCIES, Principle.P3, PAGE, check)
