"""A name of an environment file that stems gives another value."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.compose.model.reading import joined
from stems.tools.compose.tree import ENV, TEMPLATE
from stems.tools.compose.variables import OWN
from stems.validation.page import Page
from stems.validation.project_files import entries_of
from stems.validation.projects import projects_of
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject
from stems.validation.uses import Uses

CODE = "STM536"

PAGE = Page(
    checks="""Names in the `.env` or the `env.template` of a service that stems itself gives to Compose - `HOSTNAME`,
`NODE_NAME`, `NODE_ROLE` and `CLUSTER_NAME` - where the Compose files use them.""",
    why="""A variable of the environment wins over the `.env`. `HOSTNAME=cloud.example` in it has no effect: Compose
puts the name of the node into the rule of the proxy, and nobody is told.""",
    instead="Choose another name, such as `WEB_HOST`, in the file and where it is used.",
    bad={
        "services/web/compose.yml": """
            services:
              web:
                image: nginx:1.27.3
                environment: {PUBLIC_NAME: "${HOSTNAME}"}
            """,
        "services/web/.env": "HOSTNAME=cloud.example\n",
    },
    good={
        "services/web/compose.yml": """
            services:
              web:
                image: nginx:1.27.3
                environment: {PUBLIC_NAME: "${WEB_HOST}"}
            """,
        "services/web/.env": "WEB_HOST=cloud.example\n",
    },
    also_bad=(
        {
            "services/web/compose.yml": "services: {web: {image: 'nginx:1.27', hostname: '${NODE_NAME}'}}\n",
            "services/web/env.template": "NODE_NAME=\n",
        },
    ),
    also_good=(
        # Nobody uses it, so that only the container sees the file.
        {
            "services/web/compose.yml": "services: {web: {image: 'nginx:1.27', env_file: .env}}\n",
            "services/web/.env": "HOSTNAME=cloud.example\n",
        },
        {"services/web/compose.yml": "services: {web: {image: 'nginx:1.27', hostname: '${HOSTNAME}'}}\n"},
        # stems does not start it.
        {
            "stacks/web/docker-compose.yml": "services: {web: {image: 'nginx:1.27', hostname: '${HOSTNAME}'}}\n",
            "stacks/web/.env": "HOSTNAME=cloud.example\n",
        },
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for composed in subject.once(projects_of):
        project = composed.project
        if composed.declared is None:
            continue
        for file in (subject.files.get(joined(project.folder, name)) for name in (ENV, TEMPLATE)):
            for entry in entries_of(file):
                if entry.name in OWN and subject.once(Uses).of(entry.name, project.files):
                    message = f"{entry.name}: stems gives it a value of its own, which wins over this file"
                    yield Finding(CODE, entry.place, message, "choose another name for it", Severity.WARNING)


RULE = Rule(CODE, "overridden-variable", Stage.DEPENDENCIES, Principle.D4, PAGE, check, Severity.WARNING)
