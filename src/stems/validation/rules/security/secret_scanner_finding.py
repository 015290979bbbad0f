"""What betterleaks or gitleaks takes for a secret."""

from __future__ import annotations

from stems.model.finding import Severity
from stems.model.principle import Principle
from stems.validation.codes import SECRET_SCANNER
from stems.validation.page import Page
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

# In two parts, so that no scanner takes this file for one with a secret.
_TOKEN = "glpat-" + "k3Zq9sVbX7wLr2TnYp5M"

PAGE = Page(
    checks="""Files by `betterleaks`, or by `gitleaks`, where one of them is on PATH: they know the shapes of keys
and tokens of some hundred services. Only files as they are now are read, not the history, and nothing leaves this
machine. Their guess by randomness is a note. What a rule of stems says of the same line is not said twice.""",
    why="""A token in Git is with everybody who has a clone, a backup or the forge's account, and taking it out of
the file does not take it out of the history.""",
    instead="""Make a new token and take this one out of use first. Then keep the new one in a `.env` on the node,
or encrypted. What only looks like a secret is an exception with the reason.""",
    bad={
        "scripts/notify.sh": f"""
            #!/bin/sh
            curl -H "PRIVATE-TOKEN: {_TOKEN}" https://forge.example/api/v4/projects
            """,
    },
    good={
        "scripts/notify.sh": """
            #!/bin/sh
            curl -H "PRIVATE-TOKEN: $(cat /run/secrets/forge)" https://forge.example/api/v4/projects
            """,
    },
)

RULE = Rule(
    SECRET_SCANNER, "secret-scanner-finding", Stage.SECURITY, Principle.P4, PAGE, told(SECRET_SCANNER), Severity.WARNING
)
