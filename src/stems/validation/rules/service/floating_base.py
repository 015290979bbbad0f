"""An image that is built on another one tomorrow."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.readers.dockerfile import bases
from stems.tools.compose.model.files import COMPOSE_FILES
from stems.tools.compose.model.project import Service
from stems.tools.compose.model.specs.image import split_image
from stems.validation.built import dockerfile_of
from stems.validation.files import File, Files
from stems.validation.moving_tags import how_it_moves
from stems.validation.page import Page
from stems.validation.projects import services_of
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM525"

PAGE = Page(
    checks="""`FROM` without a tag, or with one that moves - `latest`, `alpine`, `lts` and so on - in the Dockerfiles
that services are built from, and in those of no Compose project. A stage of the same file, `scratch`, and an argument
that the project gives another value are not meant.""",
    why="""The same commit builds another program on each node, and next month it does not build at all: the new base
has another Python, or lacks a package.""",
    instead="Write the version, as `FROM python:3.12-slim`.",
    bad={
        "services/app/compose.yml": "services: {app: {build: .}}\n",
        "services/app/Dockerfile": """
            FROM python
            COPY app.py /app.py
            CMD ["python", "/app.py"]
            """,
    },
    good={
        "services/app/compose.yml": "services: {app: {build: .}}\n",
        "services/app/Dockerfile": """
            FROM python:3.12-slim
            COPY app.py /app.py
            CMD ["python", "/app.py"]
            """,
    },
    also_bad=(
        {
            "caddy/docker-compose.yml": "services: {caddy: {build: {context: .}, image: home/caddy}}\n",
            "caddy/Dockerfile": """
                FROM caddy:2.8-builder AS build
                RUN xcaddy build

                FROM caddy:latest
                COPY --from=build /usr/bin/caddy /usr/bin/caddy
                """,
        },
        {
            "services/app/compose.yml": """
                services:
                  app: {build: {context: ../.., dockerfile: services/app/app.Dockerfile}}
                """,
            "services/app/app.Dockerfile": "ARG VERSION=latest\nFROM --platform=linux/arm64 node:${VERSION}\n",
        },
        {
            "services/app/compose.yml": """
                services:
                  app:
                    build:
                      context: .
                      dockerfile_inline: |
                        FROM alpine
                        RUN apk add curl
                """,
        },
        # Whatever builds it.
        {
            "images/app/Containerfile": "FROM docker.io/library/debian:latest\n",
            "Makefile": "all:\n\tbuildah bud images/app\n",
        },
    ),
    also_good=(
        {
            "services/app/compose.yml": "services: {app: {build: .}}\n",
            "services/app/Dockerfile": """
                # FROM alpine:latest
                FROM golang:1.23 AS build
                RUN go build
                FROM scratch
                COPY --from=build /app /app
                """,
        },
        {
            "services/app/compose.yml": "services: {app: {build: .}}\n",
            "services/app/Dockerfile": "FROM alpine:3.20 AS base\nFROM base\nRUN apk add curl\n",
        },
        {
            "services/app/compose.yml": "services: {app: {build: {context: ., args: {VERSION: '22'}}}}\n",
            "services/app/Dockerfile": "ARG VERSION=latest\nFROM node:${VERSION}\n",
        },
        {
            "services/app/compose.yml": "services: {app: {build: .}}\n",
            "services/app/Dockerfile": f"FROM alpine@sha256:{'0a' * 32}\n",
        },
        {".devcontainer/Dockerfile": "FROM debian\n"},
        {"examples/app/Dockerfile": "FROM debian\n"},
        {"images/app/Dockerfile": "FROM debian:12\n"},
        # The project says that it takes another image.
        {
            "services/app/compose.yml": "services: {app: {image: 'home/app:1'}}\n",
            "services/app/Dockerfile": "FROM python\n",
        },
        {
            "services/app/compose.yml": "services: {app: {build: .}}\n",
            "services/app/Dockerfile": "ARG BASE\nFROM ${BASE}\n",
        },
    ),
)


_DOCKERFILES = ("Dockerfile", "Containerfile", "Dockerfile.*", "*.Dockerfile", "*.dockerfile")
_TOOLS = frozenset({".devcontainer", ".github", ".gitlab", ".circleci"})


def check(subject: Subject) -> Iterator[Finding]:
    built: set[str] = set()
    for _, service in subject.once(services_of):
        yield from _inline(service)
        file = dockerfile_of(subject.files, service)
        if file is None or service.build is None:
            continue
        built.add(file.path)
        given = {
            name: one.value if isinstance(one.value, str) else None for name, one in service.build.arguments.items()
        }
        for base in bases(file.text, given):
            if base.image and _floats(base.image):
                message = f"{base.image} is another image after the next pull, and {service.name} is built on it"
                yield Finding(CODE, file.place(base.line, 1), message, "write its version", Severity.WARNING)

    for file in subject.files.named(*_DOCKERFILES):
        if file.path not in built and _is_built_by_hand(subject.files, file):
            for base in bases(file.text, {}):
                if base.image and _floats(base.image):
                    message = f"{base.image} is another image after the next pull, and what is built on it another one"
                    yield Finding(CODE, file.place(base.line, 1), message, "write its version", Severity.WARNING)


def _inline(service: Service) -> Iterator[Finding]:
    """A Dockerfile that is written in the project."""
    written = service.value.at("build", "dockerfile_inline")
    for base in bases(written.data, {}) if written is not None and isinstance(written.data, str) else ():
        if written is not None and base.image and _floats(base.image):
            message = f"{base.image} is another image after the next pull, and {service.name} is built on it"
            yield Finding(CODE, written.place, message, "write its version", Severity.WARNING)


def _is_built_by_hand(files: Files, file: File) -> bool:
    """Whether it is no Dockerfile of a Compose project, which says itself what it builds."""
    is_kept = not (file.is_aside or file.is_documentation) and not _TOOLS.intersection(file.folder.split("/"))
    return is_kept and not any((f"{file.folder}/{name}").lstrip("/") in files for name in COMPOSE_FILES)


def _floats(image: str) -> bool:
    found = split_image(image)
    return found.name != "scratch" and how_it_moves(found) != ""


RULE = Rule(CODE, "floating-base", Stage.SERVICE, Principle.P3, PAGE, check, Severity.WARNING)
