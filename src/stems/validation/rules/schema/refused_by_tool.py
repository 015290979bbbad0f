"""What each tool can say against its part of the repository without any node, and has no rule of its own."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.codes import REFUSED_BY_TOOL
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

PAGE = Page(
    checks="What a tool says against its part of the repository with a code that has no page here.",
    why="""A tool that refuses its own files in the middle of a deploy leaves a node half changed. Tools of other
packages have codes of their own; what these mean is said by those packages.""",
    instead="Do what the finding says. A code that does not begin with STM can be accepted like every other one.",
    bad={
        "config/cluster.yml": cluster("""
            domains:
              system: {tool: etc, source: etc}
            """),
        "etc/gaet/motd": "hello\n",
    },
    good={
        "config/cluster.yml": cluster("""
            domains:
              system: {tool: etc, source: etc}
            """),
        "etc/gate/motd": "hello\n",
    },
)

RULE = Rule(REFUSED_BY_TOOL, "refused-by-tool", Stage.SCHEMA, Principle.O1, PAGE, told(REFUSED_BY_TOOL))
