"""A variable that Compose does not get, because it would steer Docker, Compose or the shell."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.validation.codes import DROPPED_VARIABLE
from stems.validation.rule import Rule, Stage, Subject

WHY = """Variables of the cluster are the environment in which Compose runs on a node. Some names would change which
engine it talks to or which program is started, so that it never gets them, and `${NAME}` is another value or empty."""

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


RULE = Rule(DROPPED_VARIABLE, "dropped-variable", Stage.CLUSTER, WHY, check, Severity.WARNING)
