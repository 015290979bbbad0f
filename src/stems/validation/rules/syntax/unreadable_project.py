"""A Compose project that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.validation.page import Page, cluster
from stems.validation.projects import refused
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM501"

PAGE = Page(
    checks="""The Compose files of services and what they include: that they are there, are YAML and make one project.
What `only` of a service names must be in it. Compose files that no service has are read too; with a
`config/cluster.yml`, what is wrong there is a warning. What something else makes a Compose file of first, as Jinja
does, is none.""",
    why="Compose refuses the project on the node, after other services were changed.",
    instead="Correct the place that the finding names.",
    bad={
        "services/web/compose.yml": """
            services:
              web:
                image: "nginx:1.27
            """,
    },
    good={
        "services/web/compose.yml": """
            services:
              web:
                image: "nginx:1.27"
            """,
    },
    also_bad=(
        {
            "services/web/compose.yml": "services:\n\tweb: {image: 'nginx:1.27'}\n",
        },
        {
            "config/cluster.yml": cluster("""
                domains:
                  services: {tool: compose, source: services}
                services:
                  web: {node: gate, only: [wbe]}
                """),
            "services/web/compose.yml": """
                services:
                  web: {image: "nginx:1.27"}
                """,
        },
    ),
    also_good=(
        {"stacks/web/docker-compose.yml": "services:\n  web:\n    image: {{ web_image }}\n"},
        {"stacks/web/docker-compose.yml": "services:\n  web:\n{% if web_tls %}\n    ports: ['443:443']\n{% endif %}\n"},
        {"stacks/web/docker-compose.yml": "services:\n{{#each services}}\n  {{name}}: {image: a}\n{{/each}}\n"},
        {"archive/web/docker-compose.yml": "services:\n\tweb: {image: 'nginx:1.27'}\n"},
        {"docs/docker-compose.yml": "services:\n\tweb: {image: 'nginx:1.27'}\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    yield from subject.told.get(CODE, ())
    yield from refused(subject, CODE)


RULE = Rule(CODE, "unreadable-project", Stage.SYNTAX, Principle.P2, PAGE, check)
