"""A variable of a Compose file that nothing gives a value."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.cluster import CLUSTER_FILE
from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.missing_values import missing_values
from stems.validation.page import Page, cluster
from stems.validation.projects import projects_of
from stems.validation.promises import assigned
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import NO_CLUSTER, Subject

CODE = "STM504"

PAGE = Page(
    checks="""`${NAME}` without a default in Compose files, and names of `environment` without a value: whether the
variables of the cluster have it, or an `env.template` promises that the `.env` of the node does. In projects that no
service has, a name that is neither in a `.env` in Git, nor in the example of one beside it, nor set by a script, is a
warning; without such a file nothing is known.""",
    why="""Compose puts nothing in its place and only warns: `image: web:` is refused, and an empty password is
accepted.""",
    instead="""Set it under `variables`, or name it in the `env.template` of the service and write it into the `.env`
of the node.""",
    bad={
        "services/web/compose.yml": """
            services:
              web:
                image: "nginx:${WEB_VERSION}"
            """,
    },
    good={
        "config/cluster.yml": cluster("""
            variables: {WEB_VERSION: "1.27"}
            domains:
              services: {tool: compose, source: services}
            services:
              web: {node: gate}
            """),
        "services/web/compose.yml": """
            services:
              web:
                image: "nginx:${WEB_VERSION}"
            """,
    },
    also_good=(
        {"stacks/web/docker-compose.yml": "services: {web: {image: 'nginx:${WEB_VERSION}'}}\n"},
        {
            "stacks/web/docker-compose.yml": """
                services:
                  web: {image: 'nginx:${WEB_VERSION}', user: '${UID}', command: '${A:-${B}}'}
                """,
            "stacks/.env.example": "WEB_VERSION=1.27\n",
        },
        {
            "stacks/web/docker-compose.yml": "services: {web: {image: 'nginx:${WEB_VERSION}'}}\n",
            "stacks/web/.env.example": "WEB_PORT=8080\n",
            "stacks/web/up.sh": "export WEB_VERSION=1.27\ndocker compose up -d\n",
        },
        {
            "stacks/web/docker-compose.yml": """
                services: {web: {image: 'nginx:1.27', command: 'echo $$HOME'}} # ${NOT_THIS}
                """,
            "stacks/web/.env.example": "WEB_PORT=8080\n",
        },
        {
            "services/web/compose.yml": """
                services:
                  web:
                    image: "nginx:${WEB_VERSION}"
                """,
            "services/web/env.template": """
                WEB_VERSION=
                """,
        },
        {
            "services/web/compose.yml": """
                services:
                  web:
                    image: "nginx:${WEB_VERSION:-1.27}"
                    command: echo $$HOME
                """,
        },
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    yield from subject.told.get(CODE, ())
    # Variables of a cluster file that cannot be read are not known.
    if subject.cluster is NO_CLUSTER and CLUSTER_FILE in subject.files:
        return
    for composed in subject.once(projects_of):
        if composed.declared is None and composed.is_alone:
            for name, place in missing_values(subject.files, composed.project):
                if name not in subject.once(assigned):
                    message = f"{name} has no value here, nor in the files that say which names there are"
                    remedy = "name it in the example of the `.env`, or give it a default"
                    yield Finding(CODE, place, message, remedy, Severity.WARNING)


RULE = Rule(CODE, "variable-without-value", Stage.DEPENDENCIES, Principle.P3, PAGE, check)
