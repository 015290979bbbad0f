"""A variable of a Compose file that nothing gives a value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from stems.model.cluster import CLUSTER_FILE
from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.tools.compose.model.project import Project
from stems.validation.missing_values import missing_values
from stems.validation.page import Page, cluster
from stems.validation.projects import projects_of
from stems.validation.promises import assigned
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import NO_CLUSTER, Subject
from stems.validation.uses import Uses

CODE = "STM504"
_LACKS = " has no value on "
_MOST_NAMED = 4

PAGE = Page(
    checks="""`${NAME}` without a default in Compose files, and names of `environment` without a value: whether the
variables of the cluster have it, or an `env.template` (or a `.env.example`) promises that the `.env` of the node does.
It is told once for each name of a project. In projects that no
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
    also_bad=(
        # A name that the example does not have, used twice, and once where it must have a value.
        {
            "services/web/compose.yml": """
                services:
                  web: {image: "nginx:1.27", volumes: ["${DATA_ROOT}/web:/data"]}
                  files: {image: "caddy:2.8", volumes: ["${DATA_ROOT:?}/files:/data"]}
                """,
            "services/web/.env.example": "TZ=Europe/Berlin\n",
        },
        # No shell gives its UID to Compose.
        {"services/web/compose.yml": "services: {web: {image: 'nginx:1.27', user: '${UID}'}}\n"},
    ),
    also_good=(
        {
            "services/web/compose.yml": "services: {web: {image: 'nginx:1.27', volumes: ['${DATA_ROOT}:/data']}}\n",
            "services/web/.env.example": "DATA_ROOT=/srv/data\n",
        },
        {
            "services/web/compose.yml": "services: {web: {image: 'nginx:${TAG:?which}', env_file: .env}}\n",
            "services/web/.env.sample": "TAG=1.27\n",
        },
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
    yield from _of_nodes(subject)
    # Variables of a cluster file that cannot be read are not known.
    if subject.cluster is NO_CLUSTER and CLUSTER_FILE in subject.files:
        return
    for composed in subject.once(projects_of):
        if composed.declared is None and composed.is_alone:
            yield from _of_nobody(subject, composed.project)


def _of_nodes(subject: Subject) -> Iterator[Finding]:
    """What the tool finds: for each variable of a project once, whatever the number of nodes and of uses."""
    found: dict[tuple[str, Place], list[Finding]] = defaultdict(list)
    for finding in subject.told.get(CODE, ()):
        name, _, _ = finding.message.partition(_LACKS)
        found[name, finding.place].append(finding)
    projects = {path: one.project for one in subject.once(projects_of) if one.declared for path in one.project.files}
    for (name, place), told in found.items():
        nodes = dict.fromkeys(finding.message.partition(_LACKS)[2] for finding in told)
        files = projects[place.path].files if place.path in projects else (place.path,)
        message = f"{name}{_LACKS}{', '.join(nodes)}"
        yield _with_uses(subject, name, replace(told[0], message=message), files)


def _of_nobody(subject: Subject, project: Project) -> Iterator[Finding]:
    for name, place in missing_values(subject.files, project):
        if name not in subject.once(assigned):
            message = f"{name} has no value here, nor in the files that say which names there are"
            remedy = "name it in the example of the `.env`, or give it a default"
            finding = Finding(CODE, place, message, remedy, Severity.WARNING)
            yield _with_uses(subject, name, finding, project.files)


def _with_uses(subject: Subject, name: str, finding: Finding, paths: Sequence[str]) -> Finding:
    """The finding with the services that use the variable, and all the places."""
    uses = subject.once(Uses).of(name, paths)
    also = dict.fromkeys(use.place for use in uses if use.place != finding.place)
    services = list(dict.fromkeys(use.service for use in uses if use.service))
    shown = ", ".join(services[:_MOST_NAMED]) + (" and others" if len(services) > _MOST_NAMED else "")
    message = f"{shown}: {finding.message}" if shown else finding.message
    return replace(finding, message=message, also=tuple(also))


RULE = Rule(CODE, "variable-without-value", Stage.DEPENDENCIES, Principle.P3, PAGE, check)
