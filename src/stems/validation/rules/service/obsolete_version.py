"""A `version` of the Compose file that nothing reads."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.projects import projects_of
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM523"

PAGE = Page(
    checks="The key `version` at the top of Compose files.",
    why="""Compose reads nothing from it, and prints a warning at every command, among which a real one is not seen.
People also believe that it decides which keys there are.""",
    instead="Remove the line.",
    bad={
        "services/web/compose.yml": """
            version: "3.8"
            services:
              web: {image: "nginx:1.27.3"}
            """,
    },
    good={
        "services/web/compose.yml": """
            services:
              web: {image: "nginx:1.27.3"}
            """,
    },
    also_bad=(
        {"docker-compose.yml": "---\nversion: '2'\nservices: {web: {image: 'nginx:1.27'}}\n"},
        {
            "services/web/compose.yml": "services: {web: {image: 'nginx:1.27'}}\n",
            "services/web/compose.override.yml": "version: '3'\nservices: {web: {ports: ['8080:80']}}\n",
        },
        {"services/web/compose.yml": "{version: '3', services: {web: {image: 'nginx:1.27'}}}\n"},
    ),
    also_good=(
        {
            "services/web/compose.yml": """
                # version: '3'
                services:
                  web: {image: 'nginx:1.27', labels: {version: '3'}}
                """
        },
        {"services/web/compose.yml": "services:\n  version: {image: 'nginx:1.27'}\n"},
        {"ansible/group_vars/all.yml": "version: '3'\nservices: [web]\n"},
        {"config/app.yml": "version: '1'\nservices:\n  web: {port: 80}\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    paths = {path for composed in subject.once(projects_of) for path in composed.project.files}
    for path in sorted(paths):
        file = subject.files.get(path)
        if file is None or "version" not in file.text:
            continue
        for document in file.documents:
            if isinstance(document.value, dict) and "version" in document.value:
                message = "Compose reads nothing from `version`, and warns of it at every command"
                yield Finding(CODE, document.key_place("version"), message, "remove the line", Severity.NOTE)


RULE = Rule(CODE, "obsolete-version", Stage.SERVICE, Principle.P3, PAGE, check, Severity.NOTE)
