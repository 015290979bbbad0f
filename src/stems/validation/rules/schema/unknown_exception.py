"""An exception for a rule that there is not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.model.rule_exception import EXCEPTIONS_FILE, RuleException
from stems.model.suggestion import nearest
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM122"

PAGE = Page(
    checks="""Codes in `config/exceptions.yml` and in comments `# stems: allow CODE: REASON` that no rule has, comments
with the name of a rule in the place of its code, and entries of `config/exceptions.yml` for files that are not
there.""",
    why="""It accepts nothing, and looks as if it did: what it was written for is found again, or was never looked at
because everybody takes it for accepted.""",
    instead="Write the code that stands at the end of the finding; `stems explain` lists them all.",
    bad={
        "services/web/compose.yml": """
            services:
              web:
                image: nginx # stems: allow STM509: the newest is what it is for
            """,
    },
    good={
        "services/web/compose.yml": """
            services:
              web:
                image: nginx # stems: allow STM510: the newest is what it is for
            """,
    },
    also_bad=(
        {
            "config/exceptions.yml": """
                version: 1
                exceptions:
                  - {allow: STM51, where: services/, reason: everything here is new}
                """,
        },
        {
            "config/exceptions.yml": """
                version: 1
                exceptions:
                  - {allow: STM510, where: service/web, reason: everything here is new}
                """,
            "services/web/compose.yml": "services: {web: {image: nginx}}\n",
        },
        {
            "services/web/compose.yml": """
                services:
                  web:
                    # stems: allow floating-tag: the newest is what it is for
                    image: nginx
                """,
        },
        {"bin/a.sh": "#!/bin/sh\ncurl -k https://nas.lan # stems: allow STM6117: its own certificate\n"},
    ),
    also_good=(
        {
            "config/exceptions.yml": """
                version: 1
                exceptions:
                  - {allow: STM510, where: services/, reason: everything here is new}
                  - {allow: ETC101, where: "*.conf", reason: that is a code of the tool of another package}
                """,
            "services/web/compose.yml": "services: {web: {image: nginx}}\n",
            "etc/web.conf": "a\n",
        },
        {"bin/a.sh": "#!/bin/sh\nls # stems: allow ETC101: a tool of another package\n"},
        {"README.md": "Write `# stems: allow STM5: why` beside it, or `# stems: allow CODE: REASON`.\n"},
        {"old/compose.yml": "services: {web: {image: nginx}} # stems: allow STM5: why\n"},
        {"bin/a.sh": "#!/bin/sh\n# stems allows this, and stems: validate does too\n"},
    ),
)

_COMMENT = re.compile(r"#\s*stems:\s*allow\s+(?P<said>[A-Za-z][\w-]*)")
_OTHERS = re.compile(r"(?!STM)[A-Z]{2,8}\d{1,4}|[A-Z]+")
"""Codes of tools of other packages, and what stands for a code in a text about them."""


def check(subject: Subject) -> Iterator[Finding]:
    yield from _listed(subject)
    for file in subject.files:
        if "stems:" in file.text and not file.is_documentation and not file.is_aside:
            for found in _COMMENT.finditer(file.text):
                yield from _of(subject, found["said"], file.at(found.start("said")))


def _listed(subject: Subject) -> Iterator[Finding]:
    file = subject.files.get(EXCEPTIONS_FILE)
    for document in file.documents[:1] if file else ():
        entries = document.value.get("exceptions") if isinstance(document.value, dict) else None
        for number, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, dict) and isinstance(entry.get("allow"), str) and isinstance(entry.get("where"), str):
                yield from _of(subject, entry["allow"], document.place("exceptions", number, "allow"))
                place = document.place("exceptions", number, "where")
                exception = RuleException(entry["allow"], entry["where"], "", place)
                if not any(exception.is_in(each.path) for each in subject.files):
                    message = f"an exception for {exception.where}, where nothing is"
                    yield Finding(CODE, place, message, "correct the path, or remove it", Severity.WARNING)


def _of(subject: Subject, said: str, place: Place) -> Iterator[Finding]:
    if said in subject.rules.values() or _OTHERS.fullmatch(said):
        return
    code = subject.rules.get(said, "")
    meant = code or nearest(said, subject.rules.values())
    message = f"an exception for {said}, which is no code of a rule and accepts nothing"
    remedy = f"write {code}" if code else "write the code that the finding ends with"
    suggestion = f"; did you mean `{meant}`?" if meant and not code else ""
    yield Finding(CODE, place, message + suggestion, remedy, Severity.WARNING)


RULE = Rule(CODE, "unknown-exception", Stage.SCHEMA, Principle.P3, PAGE, check, Severity.WARNING)
