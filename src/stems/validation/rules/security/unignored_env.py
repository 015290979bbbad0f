"""A `.env` with secrets that the next `git add` takes along."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import join

from stems.model.edit import Edit
from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.compose.model.files import COMPOSE_FILES
from stems.tools.compose.tree import ENV, TEMPLATES
from stems.validation.files import File
from stems.validation.gitignored import ignores_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM152"
_LIST = ".gitignore"
_SECRET = re.compile(
    r"^[ \t]*(?:export[ \t]+)?\w{0,80}?(?:PASS|SECRET|TOKEN|KEY|CREDENTIAL)\w{0,80}[ \t]*=",
    re.IGNORECASE | re.MULTILINE,
)

PAGE = Page(
    checks="""Compose projects with a template of their `.env` beside them that names a password, a token or a key,
where no `.gitignore` of the repository makes Git ignore the `.env` itself. `--fix` adds `.env` to the one at the
top.""",
    why="""The `.env` is written by hand from the template, in the clone. The next `git add .` takes it along with
all passwords, and after the push nobody gets them out of the history any more.""",
    instead="Add `.env` to `.gitignore`: one line at the top counts for all folders.",
    bad={
        "services/web/compose.yml": 'services: {web: {image: "nginx:1.27.3", env_file: .env}}\n',
        "services/web/env.template": "ADMIN_PASSWORD=\n",
    },
    good={
        ".gitignore": ".env\n",
        "services/web/compose.yml": 'services: {web: {image: "nginx:1.27.3", env_file: .env}}\n',
        "services/web/env.template": "ADMIN_PASSWORD=\n",
    },
    also_bad=(
        {
            ".gitignore": "*.swp\n# .env\n",
            "docker/db/docker-compose.yml": 'services: {db: {image: "postgres:16.4"}}\n',
            "docker/db/.env.example": "# who\nPOSTGRES_USER=app\nPOSTGRES_PASSWORD=changeme\n",
        },
        {
            ".gitignore": "services/other/.env\n",
            "services/web/compose.yml": 'services: {web: {image: "nginx:1.27.3"}}\n',
            "services/web/.env.template": "API_TOKEN=\n",
        },
        {
            ".gitignore": "*.env\n!services/web/.env\n",
            "services/web/compose.yml": 'services: {web: {image: "nginx:1.27.3"}}\n',
            "services/web/env.example": "SECRET_KEY=\n",
        },
        {"compose.yaml": 'services: {web: {image: "nginx:1.27.3"}}\n', ".env.sample": "export DB_PASS=\n"},
        {
            "services/web/.gitignore": "data/\n",
            "services/web/compose.yml": 'services: {web: {image: "nginx:1.27.3"}}\n',
            "services/web/env.template": "ADMIN_PASSWORD=\n",
        },
    ),
    also_good=(
        *(
            {
                ".gitignore": pattern,
                "services/web/compose.yml": 'services: {web: {image: "nginx:1.27.3"}}\n',
                "services/web/env.template": "ADMIN_PASSWORD=\n",
            }
            for pattern in (
                "*.env",
                "**/.env\n",
                "services/*/.env\n",
                "/services/web/.env\n",
                ".env*\n",
                "# s\n.env  \n",
            )
        ),
        {
            "services/web/.gitignore": ".env\n",
            "services/web/compose.yml": 'services: {web: {image: "nginx:1.27.3"}}\n',
            "services/web/env.template": "ADMIN_PASSWORD=\n",
        },
        {
            "services/.gitignore": "*\n!*/\n!compose.yml\n!env.template\n",
            "services/web/compose.yml": 'services: {web: {image: "nginx:1.27.3"}}\n',
            "services/web/env.template": "ADMIN_PASSWORD=\n",
        },
        # Nothing in it is secret.
        {
            "services/web/compose.yml": 'services: {web: {image: "nginx:1.27.3"}}\n',
            "services/web/env.template": "TZ=Europe/Vienna\nWEB_PORT=8080\n",
        },
        {"app/.env.example": "API_TOKEN=\n", "app/main.py": "print()\n"},
        {
            "examples/web/compose.yml": 'services: {web: {image: "nginx:1.27.3"}}\n',
            "examples/web/env.template": "ADMIN_PASSWORD=\n",
        },
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    ignores = subject.once(ignores_of)
    found = [
        file
        for file in subject.files.named(*TEMPLATES)
        if not file.is_aside
        and any(join(file.folder, name) in subject.files for name in COMPOSE_FILES)
        and (env := join(file.folder, ENV)) not in subject.files
        and _SECRET.search(file.text)
        and ignores.line_for(env) is None
    ]
    if found:
        yield _finding(found, subject.files.get(_LIST))


def _finding(found: list[File], ignore: File | None) -> Finding:
    first, *others = (file.at(match.start()) for file in found if (match := _SECRET.search(file.text)))
    folders = "its folder" if not others else f"its folder and in {len(others)} more"
    message = f"a `.env` with such values in {folders} is not ignored by Git: `git add .` would take it along"
    return Finding(
        CODE, first, message, "add `.env` to `.gitignore`", Severity.WARNING, also=tuple(others), fix=_fix(ignore)
    )


def _fix(ignore: File | None) -> tuple[Edit, ...]:
    text = ignore.text if ignore else ""
    if f"!{ENV}" in text:
        # Somebody wants one of them: which, only a person knows.
        return ()
    start = "" if not text or text.endswith("\n") else "\n"
    return (Edit(_LIST, len(text), "", f"{start}{ENV}\n"),)


RULE = Rule(CODE, "unignored-env", Stage.SECURITY, Principle.P4, PAGE, check, Severity.WARNING)
