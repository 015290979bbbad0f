"""An environment file that the repository does not have."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.compose.model.project import Service
from stems.tools.compose.model.reading import is_outside
from stems.tools.compose.tree import ENV
from stems.validation.page import Page
from stems.validation.projects import services_of
from stems.validation.promises import is_carried, is_mentioned, is_promised
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM505"

PAGE = Page(
    checks="""`env_file` of services: files that are neither in Git nor promised by an example beside them, such as
`web.env.example`. One with `required: false` is not meant, nor is the `.env` itself. In projects that no service has, a
file that Git ignores, or that a template, a script or a playbook makes, is promised too.""",
    why="""Git ignores the file, so it lies on the machine of whoever wrote it. Compose refuses the project on every
node without it.""",
    instead="Add it if it holds no secret, or write an example with its keys beside it, and the file on the node.",
    bad={
        "services/web/compose.yml": """
            services:
              web:
                image: "nginx:1.27"
                env_file: web.env
            """,
    },
    good={
        "services/web/compose.yml": """
            services:
              web:
                image: "nginx:1.27"
                env_file: web.env
            """,
        "services/web/web.env": """
            GREETING=hello
            """,
    },
    also_bad=(
        # The template is one of the `.env`, not of this file.
        {
            "services/web/compose.yml": "services: {web: {image: 'nginx:1.27', env_file: stack.env}}\n",
            "services/web/env.template": "A=\n",
        },
        {"stacks/web/docker-compose.yml": "services: {web: {image: 'nginx:1.27', env_file: [web.env, .env]}}\n"},
        {
            "stacks/web/docker-compose.yml": "services: {web: {image: 'nginx:1.27', env_file: ../shared/web.env}}\n",
            "stacks/web/web.env": "A=1\n",
        },
    ),
    also_good=(
        {
            "stacks/web/compose.yml": "services: {web: {image: 'nginx:1.27', env_file: web.env}}\n",
            "stacks/web/web.sops.env": "A=ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]\n",
        },
        {
            "services/web/compose.yml": "services: {web: {image: 'nginx:1.27', env_file: web.env}}\n",
            "services/web/web.env.example": "A=\n",
        },
        {"stacks/web/docker-compose.yml": "services: {web: {image: 'nginx:1.27', env_file: .env}}\n"},
        {
            "stacks/web/docker-compose.yml": "services: {web: {image: 'nginx:1.27', env_file: web.env}}\n",
            ".gitignore": "*.env\n",
        },
        {
            "stacks/web/docker-compose.yml": "services: {web: {image: 'nginx:1.27', env_file: web.env}}\n",
            "stacks/web/web.env.example": "A=\n",
        },
        {
            "stacks/web/docker-compose.yml": "services: {web: {image: 'nginx:1.27', env_file: web.env}}\n",
            "roles/web/templates/web.env.j2": "A={{ a }}\n",
        },
        {"stacks/web/docker-compose.yml": "services: {web: {image: 'nginx:1.27', env_file: '${WHERE}/web.env'}}\n"},
        {"stacks/web/docker-compose.yml": "services: {web: {image: 'nginx:1.27', env_file: /etc/web/web.env}}\n"},
        {
            "services/web/compose.yml": """
                services:
                  web:
                    image: "nginx:1.27"
                    env_file: [{path: web.env, required: false}]
                """,
        },
        {
            "services/web/compose.yml": """
                services:
                  web:
                    image: "nginx:1.27"
                    env_file: .env
                """,
        },
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    yield from subject.told.get(CODE, ())
    for composed, service in subject.once(services_of):
        if composed.declared is None and not is_carried(composed.project.folder):
            yield from _of(subject, service)


def _of(subject: Subject, service: Service) -> Iterator[Finding]:
    for file in service.env_files:
        path = file.path
        if not file.is_required or file.is_found is True or not isinstance(path, str) or is_outside(path):
            continue
        name = posixpath.basename(path)
        if (
            path not in subject.files
            and name != ENV
            and not is_promised(subject, path)
            and not is_mentioned(subject, name)
        ):
            message = f"{service.name}: {path} is not in Git, and whoever starts it has to have it"
            yield Finding(CODE, file.place, message, f"add it, or write {path}.example with its keys", Severity.WARNING)


RULE = Rule(CODE, "missing-env-file", Stage.DEPENDENCIES, Principle.P3, PAGE, check, Severity.WARNING)
