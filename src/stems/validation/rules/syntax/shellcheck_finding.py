"""What ShellCheck finds in shell scripts."""

from __future__ import annotations

from stems.model.finding import Severity
from stems.model.principle import Principle
from stems.validation.codes import SHELLCHECK
from stems.validation.page import Page
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

PAGE = Page(
    checks="""Scripts of sh, bash, dash and ksh, by [ShellCheck](https://www.shellcheck.net) where it is installed:
those whose first line names one of these shells, and files called `*.sh` or `*.bash`. Its errors and warnings
count, not its advice on style; a `.shellcheckrc` is followed. What depends on who sources a file is a note.
Templates are not read.""",
    why="""A script that worked on the day it was written deletes the wrong folder on the day when a variable is
empty or a path has a space. Nobody is there to see it: scripts of a homelab run at night.""",
    instead="""Correct the line: the wiki has a page for each code. `# shellcheck disable=SC2115` above it works,
and so do exceptions of stems.""",
    bad={
        "scripts/clean.sh": """
            #!/bin/sh
            rm -rf "$CACHE/"*
            """,
    },
    good={
        "scripts/clean.sh": """
            #!/bin/sh
            rm -rf "${CACHE:?}/"*
            """,
    },
)

RULE = Rule(SHELLCHECK, "shellcheck-finding", Stage.SYNTAX, Principle.O1, PAGE, told(SHELLCHECK), Severity.WARNING)
