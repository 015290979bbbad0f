"""An image that is to be built from a Dockerfile that is not there."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename, dirname

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.compose.model.project import Service
from stems.tools.compose.model.reading import is_outside, joined
from stems.validation.page import Page
from stems.validation.projects import services_of
from stems.validation.promises import is_carried, is_mentioned, is_promised
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM534"

PAGE = Page(
    checks="""`build` of services without an `image`: whether the Dockerfile is in the repository. A context in the web,
in a submodule, outside of the repository, that Git ignores or that a script fetches, and `dockerfile_inline`, are not
meant.""",
    why="""It was renamed, or never added to Git, and is still on the machine of whoever wrote it. On every other one
Compose stops: `failed to read dockerfile: open Dockerfile: no such file or directory`.""",
    instead="Add it to Git, or correct `context` and `dockerfile`: a `dockerfile` is looked for in the context.",
    bad={
        "services/app/compose.yml": "services: {app: {build: .}}\n",
        "services/app/app.py": "print()\n",
    },
    good={
        "services/app/compose.yml": "services: {app: {build: .}}\n",
        "services/app/Dockerfile": "FROM python:3.12\nCOPY app.py /\n",
        "services/app/app.py": "print()\n",
    },
    also_bad=(
        {
            "stacks/app/docker-compose.yml": """
                services:
                  app: {build: {context: ./app, dockerfile: docker/Dockerfile.prod}}
                """,
            "stacks/app/docker/Dockerfile.prod": "FROM python:3.12\n",
            "stacks/app/app/app.py": "print()\n",
        },
        # Upper and lower case count.
        {"services/app/compose.yml": "services: {app: {build: .}}\n", "services/app/dockerfile": "FROM python:3.12\n"},
    ),
    also_good=(
        {"services/app/compose.yml": "services: {app: {build: 'https://github.com/home/app.git#v1'}}\n"},
        {"services/app/compose.yml": "services: {app: {build: ../../../app}}\n"},
        {"services/app/compose.yml": "services: {app: {build: .}}\n", "services/app/Dockerfile.j2": "FROM {{ a }}\n"},
        {"services/app/compose.yml": "services: {app: {build: ./src}}\n", ".gitignore": "src/\n"},
        {
            "services/app/compose.yml": "services: {app: {build: ./webapp}}\n",
            "services/app/setup.sh": "#!/bin/sh\ngit clone --branch v1 https://git.example/webapp\n",
        },
        {"services/app/compose.yml": "services: {app: {build: {context: ., dockerfile_inline: 'FROM alpine:3.20'}}}\n"},
        {"services/app/compose.yml": "services: {app: {build: ., image: 'ghcr.io/home/app:1.2'}}\n"},
        {
            "services/app/compose.yml": "services: {app: {build: './${APP}'}}\n",
            "services/app/env.template": "APP=\n",
        },
        {
            "services/app/compose.yml": """
                services:
                  app: {build: {context: ../.., dockerfile: services/app/Containerfile}}
                """,
            "services/app/Containerfile": "FROM python:3.12\n",
        },
    ),
)

_WEB = ("://", "git@", "github.com/", ".git#")


def check(subject: Subject) -> Iterator[Finding]:
    for composed, service in subject.once(services_of):
        path = "" if is_carried(composed.project.folder) else _dockerfile(service)
        if not path or path in subject.files or is_promised(subject, path) or _is_fetched(subject, dirname(path)):
            continue
        if service.build is not None:
            message = f"{service.name}: is built from {path}, which is not there"
            remedy = "add it to Git, or correct `context` and `dockerfile`"
            yield Finding(CODE, service.build.place, message, remedy, Severity.WARNING)


def _is_fetched(subject: Subject, folder: str) -> bool:
    """Whether a script or a playbook names a folder of which nothing is here: then it may clone it."""
    return next(subject.files.under(folder), None) is None and is_mentioned(subject, basename(folder))


def _dockerfile(service: Service) -> str:
    """The path of the one in the repository that is surely needed."""
    build = service.build
    if build is None or service.image is not None or service.value.at("build", "dockerfile_inline") is not None:
        return ""
    if not isinstance(build.context, str) or not isinstance(build.dockerfile, str):
        return ""
    if any(sign in build.context for sign in _WEB) or is_outside(build.context) or is_outside(build.dockerfile):
        return ""
    path = joined(build.context, build.dockerfile)
    return "" if is_outside(path) else path


RULE = Rule(CODE, "missing-dockerfile", Stage.DEPENDENCIES, Principle.P3, PAGE, check, Severity.WARNING)
