"""A connection over TLS that does not check who answers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.commands import command_lines
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM617"
_WORDS = r"[^|;\n]{0,600}?\s"
_UNCHECKED = re.compile(
    rf"\bcurl\b{_WORDS}(?:--insecure|-[a-zA-Z]*k[a-zA-Z]*)(?=\s|$|[\"')])"
    rf"|\bwget\b{_WORDS}--no-check-certificate\b"
    r"|http\.sslVerify[= ]\"?false|\bGIT_SSL_NO_VERIFY=[\"']?(?:1|true)|\bNODE_TLS_REJECT_UNAUTHORIZED=[\"']?0"
    r"|\bstrict-ssl[= ]false"
)
# The command after it may have an option of the same letter.
_NEXT = re.compile(r"\s&&?\s")
_LOCAL = re.compile(r"https?://(?:localhost|127\.|\[::1\]|0\.0\.0\.0)")

PAGE = Page(
    checks="""`curl -k`, `wget --no-check-certificate`, `git -c http.sslVerify=false`, `GIT_SSL_NO_VERIFY` and
`NODE_TLS_REJECT_UNAUTHORIZED=0` in scripts, dotfiles, Dockerfiles, units and steps of playbooks and workflows. A
connection to the machine itself is not meant.""",
    why="""Anybody on the way can answer instead, and gets the password or gives another program. It was written for
a certificate of one's own on one day, and stays for every address after.""",
    instead="Trust the certificate by name: `curl --cacert`, or install the CA on the node.",
    bad={
        "bin/snapshot.sh": """
            #!/bin/sh
            curl -k -H "Authorization: $TOKEN" https://pve.example:8006/api2/json/nodes
            """,
    },
    good={
        "bin/snapshot.sh": """
            #!/bin/sh
            curl --cacert /etc/ssl/pve.pem -H "Authorization: $TOKEN" https://pve.example:8006/api2/json/nodes
            """,
    },
    also_bad=(
        {"bin/a.sh": "#!/bin/sh\ncurl -fsSLk https://example.com/x -o x\n"},
        {"bin/a.sh": "#!/bin/sh\nwget --no-check-certificate https://example.com/x\n"},
        {"images/a/Dockerfile": "FROM debian:12\nRUN curl --insecure -o /x https://example.com/x\n"},
        {"bin/a.sh": "#!/bin/sh\ngit -c http.sslVerify=false clone https://git.example/a\n"},
        {"provision/roles/a/tasks/main.yml": "- shell: curl -sk https://example.com/x > /etc/x\n"},
        {"dotfiles/dot_bashrc": "export NODE_TLS_REJECT_UNAUTHORIZED=0 # curl\n"},
    ),
    also_good=(
        {"bin/a.sh": "#!/bin/sh\ncurl -fsS https://example.com/x | sort -k 2\n"},
        {"bin/a.sh": "#!/bin/sh\ncurl -K config.txt https://example.com && du -k x\n"},
        {
            "services/a/compose.yml": "services:\n  a:\n    image: a:1\n    healthcheck: {test: curl -k https://localhost/up}\n"
        },
        {"bin/a.sh": "#!/bin/sh\n# curl -k https://example.com\n"},
        {"bin/a.sh": "#!/bin/sh\ncurl -o /dev/null https://example.com/-k\n"},
        {"README.md": "`curl -k https://example.com`\n", "bin/a.sh": "#!/bin/sh\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for line in subject.once(command_lines):
        parts = [part for part in _NEXT.split(line.text) if not _LOCAL.search(part)]
        found = next((found for part in parts if (found := _UNCHECKED.search(part))), None)
        if found:
            message = "a connection over TLS that takes any certificate"
            remedy = "name the certificate to trust, as `curl --cacert` does"
            yield Finding(CODE, line.place(found[0]), message, remedy, Severity.WARNING)


RULE = Rule(CODE, "unchecked-certificate", Stage.SECURITY, Principle.P4, PAGE, check, Severity.WARNING)
