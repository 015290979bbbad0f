"""What yamllint finds in YAML files."""

from __future__ import annotations

from stems.model.finding import Severity
from stems.model.principle import Principle
from stems.validation.codes import YAMLLINT
from stems.validation.page import Page
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

PAGE = Page(
    checks="""YAML files, by [yamllint](https://yamllint.readthedocs.io) where it is installed. A `.yamllint` above
them says what it looks for. Without one it is asked only for what changes the meaning of a file, as anchors that
are defined twice or never used. Its own code stands behind its message. What it calls an error is a warning here,
and what it calls a warning is a note. Templates, documentation, what lies aside, and what is no YAML to stems are
not read.""",
    why="""YAML takes what was not meant without a word: the second anchor of a name silently replaces the first,
and a service gets the limits of another one.""",
    instead="""Correct the line, or change what `.yamllint` asks for. `# yamllint disable-line rule:NAME` works, and
so do exceptions of stems.""",
    bad={
        "services/web/compose.yml": """
            x-small: &limits {mem_limit: 128m}
            x-large: &limits {mem_limit: 2g}
            services:
              web:
                image: nginx:1.27.3
                <<: *limits
            """,
    },
    good={
        "services/web/compose.yml": """
            x-small: &small {mem_limit: 128m}
            services:
              web:
                image: nginx:1.27.3
                <<: *small
            """,
    },
)

RULE = Rule(YAMLLINT, "yamllint-finding", Stage.SYNTAX, Principle.P2, PAGE, told(YAMLLINT), Severity.WARNING)
