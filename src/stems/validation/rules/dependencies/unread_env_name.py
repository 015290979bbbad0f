"""A name in the example of an `.env` that nothing reads."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.tools.compose.tree import ENV, TEMPLATES
from stems.validation.page import Page
from stems.validation.project_files import template_entries
from stems.validation.projects import Composed, projects_of
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM532"

PAGE = Page(
    checks="""Names in the example of a Compose project's `.env` - `env.template`, `.env.example` and so on - that stand
in no other file of the repository. A project that gives the whole `.env` to a container with `env_file` may use any of
them, and is not meant.""",
    why="""Compose gives a container only what `environment` names. Somebody writes a value into the `.env`, restarts
the service, and looks for hours for what is wrong with it.""",
    instead="Name it under `environment`, or remove it from the example.",
    bad={
        "services/photos/compose.yml": """
            services:
              photos:
                image: home/photos:1
                environment:
                  DB_PASSWORD: ${DB_PASSWORD}
            """,
        "services/photos/env.template": """
            DB_PASSWORD=
            UPLOAD_LIMIT=
            """,
    },
    good={
        "services/photos/compose.yml": """
            services:
              photos:
                image: home/photos:1
                environment:
                  DB_PASSWORD: ${DB_PASSWORD}
                  UPLOAD_LIMIT: ${UPLOAD_LIMIT}
            """,
        "services/photos/env.template": """
            DB_PASSWORD=
            UPLOAD_LIMIT=
            """,
    },
    also_bad=(
        {
            "photos/docker-compose.yml": "services: {photos: {image: 'home/photos:${TAG}'}}\n",
            "photos/.env.example": "TAG=1\n# Where uploads go.\nUPLOAD_FOLDER=/srv\n",
        },
    ),
    also_good=(
        {
            "photos/docker-compose.yml": "services: {photos: {image: 'home/photos:1', env_file: .env}}\n",
            "photos/.env.example": "UPLOAD_FOLDER=/srv\n",
        },
        {
            "photos/docker-compose.yml": "services: {photos: {image: 'home/photos:1', environment: [TOKEN]}}\n",
            "photos/.env.example": "TOKEN=\nCOMPOSE_PROJECT_NAME=photos\n",
        },
        {
            "photos/docker-compose.yml": "services: {photos: {image: 'home/photos:1'}}\n",
            "photos/.env.example": "BACKUP_FOLDER=/srv\n",
            "photos/backup.sh": "#!/bin/sh\n. ./.env\ntar c . > $BACKUP_FOLDER/photos.tar\n",
        },
        {
            "photos/docker-compose.yml": "services: {photos: {image: 'home/photos:1'}}\n",
            "photos/.env.example": "# UPLOAD_FOLDER=/srv\n",
        },
        {"old/docker-compose.yml": "services: {a: {image: 'home/a:1'}}\n", "old/.env.example": "UPLOAD_FOLDER=/srv\n"},
    ),
)

_STEERS = re.compile(r"COMPOSE_\w+|DOCKER_\w+")
_MOST = 300


def check(subject: Subject) -> Iterator[Finding]:
    names = dict(_names(subject))
    for file in subject.files if names else ():
        if not names:
            return
        if not file.is_documentation:
            # An example names what it gives a value, and may use one for another.
            text, before = file.text, r"\$\{?" if file.name in (*TEMPLATES, ENV) else r"(?<!\w)"
            for name in [name for name in names if name in text and _is_in(name, before, text)]:
                del names[name]
    for name, place in names.items():
        message = f"{name} is in the example of the `.env`, and nothing reads it"
        yield Finding(CODE, place, message, "name it under `environment`, or remove it", Severity.NOTE)


def _names(subject: Subject) -> Iterator[tuple[str, Place]]:
    """At most so many that comparing them takes no time."""
    count, open_folders, folders = 0, set[str](), dict[str, None]()
    for composed in subject.once(projects_of):
        folders[composed.project.folder] = None
        if not _reads_names(composed):
            open_folders.add(composed.project.folder)
    for folder in folders:
        for entry in template_entries(subject.files, folder) if folder not in open_folders else ():
            count += 1
            if count < _MOST and not _STEERS.fullmatch(entry.name):
                yield entry.name, entry.place


def _reads_names(composed: Composed) -> bool:
    """Whether what a container gets is known by its name: no file of variables is given to one."""
    project = composed.project
    return project.is_complete and not any(service.env_files for service in project.services.values())


def _is_in(name: str, before: str, text: str) -> bool:
    return re.search(rf"{before}{re.escape(name)}(?!\w)", text) is not None


RULE = Rule(
    CODE, "unread-env-name", Stage.DEPENDENCIES, Principle.P3, PAGE, check, Severity.NOTE, needs_every_file=True
)
