"""A file of a Compose secret that nobody has, and that the next `git add` takes along."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.compose.model.reading import is_outside
from stems.validation.gitignored import ignores_of
from stems.validation.page import Page
from stems.validation.projects import projects_of
from stems.validation.promises import is_carried, is_promised
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM625"

PAGE = Page(
    checks="""Secrets of Compose with a `file` in the repository that is not there, that Git does not ignore, and that
no template or encrypted file stands for.""",
    why="""Somebody writes the password into the file on the node, in the clone. The next `git add .` takes it along,
and after the push nobody gets it out of the history any more. On every other node Compose refuses the project.""",
    instead="Add the file to `.gitignore`, and write down how it comes to the node; or keep it there encrypted.",
    bad={
        ".gitignore": ".env\n",
        "services/web/compose.yml": """
            services:
              web: {image: "nginx:1.27.3", secrets: [token]}
            secrets:
              token: {file: ./token.txt}
            """,
    },
    good={
        ".gitignore": "services/*/token.txt\n",
        "services/web/compose.yml": """
            services:
              web: {image: "nginx:1.27.3", secrets: [token]}
            secrets:
              token: {file: ./token.txt}
            """,
    },
    also_bad=(
        {
            "stacks/traefik/docker-compose.yml": """
                services:
                  traefik:
                    image: traefik:v3.1
                    environment: {CF_DNS_API_TOKEN_FILE: /run/secrets/cf_api_key}
                    secrets: [cf_api_key]
                secrets:
                  cf_api_key:
                    file: ./cf_api_key
                """,
        },
        {
            "services/db/.gitignore": "*.key\n",
            "services/db/compose.yml": """
                services: {db: {image: "postgres:16", secrets: [{source: password}]}}
                secrets: {password: {file: secrets/password.txt}}
                """,
        },
    ),
    also_good=(
        {
            "services/db/compose.yml": """
                services: {db: {image: "postgres:16", secrets: [password]}}
                secrets: {password: {file: secrets/password.txt}}
                """,
            ".gitignore": "secrets/\n",
        },
        {
            "services/db/compose.yml": """
                services: {db: {image: "postgres:16", secrets: [password]}}
                secrets: {password: {file: password.txt}}
                """,
            "services/db/password.txt.age": "-----BEGIN AGE ENCRYPTED FILE-----\n",
        },
        {
            "services/db/compose.yml": """
                services: {db: {image: "postgres:16", secrets: [a, b, c, d]}}
                secrets:
                  a: {file: /etc/secrets/password}
                  b: {external: true}
                  c: {environment: DB_PASSWORD}
                  d: {file: "${SECRETS}/password"}
                """,
            "services/db/env.template": "DB_PASSWORD=\nSECRETS=\n",
        },
        # A role copies it beside the project.
        {
            "roles/db/files/docker-compose.yml": """
                services: {db: {image: "postgres:16", secrets: [password]}}
                secrets: {password: {file: password.txt}}
                """,
        },
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    seen: set[str] = set()
    for composed in subject.once(projects_of):
        if is_carried(composed.project.folder):
            continue
        for secret in composed.project.secrets.values():
            path = secret.file
            if not isinstance(path, str) or not path or is_outside(path) or path in seen:
                continue
            seen.add(path)
            is_there = path in subject.files or path in subject.once(ignores_of) or is_promised(subject, path)
            if not is_there:
                message = f"{path} is not in Git, and Git does not ignore it: `git add .` would take the secret along"
                place = (secret.value.at("file") or secret.value).place
                yield Finding(CODE, place, message, f"add {path} to .gitignore", Severity.WARNING)


RULE = Rule(CODE, "unignored-secret-file", Stage.SECURITY, Principle.P4, PAGE, check, Severity.WARNING)
