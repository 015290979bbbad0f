"""A variable that Compose does not get, because it would steer Docker, Compose or the shell."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.codes import DROPPED_VARIABLE
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

PAGE = Page(
    checks="""Variables of the cluster with a name that Compose does not get, because it would steer Docker, Compose
or the shell: `PATH`, `HOME`, `DOCKER_*`, `COMPOSE_*` but for `COMPOSE_PROFILES`, and the like.""",
    why="""Variables of the cluster are the environment in which Compose runs on a node. `DOCKER_HOST` would start the
containers on another machine, so that it never gets such a name, and `${DOCKER_HOST}` is another value or empty.""",
    instead="Choose another name, and use that one in the Compose file.",
    bad={
        "config/cluster.yml": cluster("""
            variables: {COMPOSE_FILE: other.yml}
            domains:
              services: {tool: compose, source: services}
            services:
              web: {node: gate}
            """),
        "services/web/compose.yml": """
            services:
              web: {image: "nginx:1.27"}
            """,
    },
    good={
        "config/cluster.yml": cluster("""
            variables: {media: "yes"}
            domains:
              services: {tool: compose, source: services}
            services:
              web: {node: gate}
            """),
        "services/web/compose.yml": """
            services:
              web: {image: "nginx:1.27"}
            """,
    },
    also_good=({"config/cluster.yml": cluster("variables: {COMPOSE_PROFILES: media}")},),
)

DROPPED = re.compile(r"PATH|HOME|IFS|SHELL|USER|LOGNAME|PWD|ENV|LD_\w+|DOCKER_\w+|COMPOSE_(?!PROFILES$)\w+")


def check(subject: Subject) -> Iterator[Finding]:
    cluster = subject.cluster
    if not any(service.tool == "compose" for service in cluster.services.values()):
        return
    for keys, layer in cluster.layers():
        for name in filter(DROPPED.fullmatch, layer):
            place = cluster.written.key_place(*keys, name)
            message = f"{'.'.join([*keys, name])}: Compose does not get a variable of this name"
            yield Finding(DROPPED_VARIABLE, place, message, "choose another name", Severity.WARNING)


RULE = Rule(DROPPED_VARIABLE, "dropped-variable", Stage.DEPENDENCIES, Principle.P3, PAGE, check, Severity.WARNING)
