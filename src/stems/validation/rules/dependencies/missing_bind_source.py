"""A file that is mounted and that nobody has."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.compose.model.project import Mount
from stems.tools.compose.model.reading import is_outside
from stems.validation.page import Page
from stems.validation.projects import projects_of, services_of
from stems.validation.promises import is_carried, is_mentioned, is_promised
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM529"

PAGE = Page(
    checks="""Files of the repository that services mount, such as `./nginx.conf:/etc/nginx/nginx.conf`, and files of
`configs`, that are not there. What Git ignores, what a template becomes, what a script or a playbook names, and data
are not meant.""",
    why="""Docker makes a directory of that name, which belongs to root, and mounts it: `not a directory`, or a
program that starts with none of its settings. The directory then is in the way of the file.""",
    instead="Add the file to Git, or correct the path; it is relative to the Compose file.",
    bad={
        "services/web/compose.yml": """
            services:
              web:
                image: nginx:1.27.3
                volumes:
                  - ./nginx.conf:/etc/nginx/nginx.conf:ro
            """,
    },
    good={
        "services/web/compose.yml": """
            services:
              web:
                image: nginx:1.27.3
                volumes:
                  - ./nginx.conf:/etc/nginx/nginx.conf:ro
            """,
        "services/web/nginx.conf": "events {}\n",
    },
    also_bad=(
        {
            "services/web/compose.yml": """
                services: {web: {image: 'nginx:1.27', configs: [site]}}
                configs: {site: {file: ./site.conf}}
                """,
        },
        # It lies in another folder than the mount says.
        {
            "monitoring/docker-compose.yml": """
                services:
                  prometheus:
                    image: prom/prometheus:v2.54.1
                    volumes:
                      - prometheus:/prometheus
                      - ./prometheus.yml:/etc/prometheus/prometheus.yml:ro
                volumes: {prometheus: {}}
                """,
            "monitoring/prometheus/prometheus.yml": "scrape_configs: []\n",
        },
        {
            "services/loki/compose.yml": """
                services:
                  loki:
                    image: grafana/loki:3.1.1
                    volumes: [{type: bind, source: ./loki.yaml, target: /etc/loki/local-config.yaml}]
                """,
            ".gitignore": "*.log\n!loki.yaml\n",
        },
    ),
    also_good=(
        {
            "services/web/compose.yml": """
                services: {web: {image: 'nginx:1.27', configs: [site, own]}}
                configs: {site: {file: ./site.conf}, own: {content: a}}
                """,
            "services/web/site.conf": "a\n",
        },
        {
            "services/web/compose.yml": """
                services:
                  web: {image: 'nginx:1.27', volumes: ['./nginx.conf:/etc/nginx/nginx.conf']}
                """,
            ".gitignore": "services/*/nginx.conf\n",
        },
        {
            "services/web/compose.yml": """
                services:
                  web: {image: 'nginx:1.27', volumes: ['./nginx.conf:/etc/nginx/nginx.conf']}
                """,
            "ansible/roles/web/templates/nginx.conf.j2": "events {}\n",
        },
        {
            "services/web/compose.yml": """
                services:
                  web: {image: 'nginx:1.27', volumes: ['./conf/nginx.conf:/etc/nginx/nginx.conf']}
                """,
            "services/web/conf/nginx.conf.example": "events {}\n",
        },
        {
            "services/web/compose.yml": """
                services:
                  web: {image: 'nginx:1.27', volumes: ['./nginx.conf:/etc/nginx/nginx.conf']}
                """,
            "services/web/render.sh": "#!/bin/sh\nenvsubst <base >nginx.conf\n",
        },
        # Folders of data, and files that a program makes, are not in Git.
        {
            "services/proxy/compose.yml": """
                services:
                  traefik:
                    image: traefik:v3.1
                    volumes: ["./acme.json:/acme.json", "./data/tls.yml:/tls.yml", "./logs/access.log:/access.log"]
                """,
        },
        {
            "services/web/compose.yml": """
                services:
                  web:
                    image: 'nginx:1.27'
                    volumes: ['/etc/localtime:/etc/localtime:ro', '~/web.conf:/etc/web.conf']
                """
        },
        {
            "services/web/compose.yml": """
                services:
                  web: {image: 'nginx:1.27', volumes: ['${CONF}/nginx.conf:/etc/nginx/nginx.conf']}
                """,
            "services/web/env.template": "CONF=\n",
        },
        {
            "roles/web/files/docker-compose.yml": """
                services:
                  web: {image: 'nginx:1.27', volumes: ['./nginx.conf:/etc/nginx/nginx.conf']}
                """
        },
    ),
)

_FILE = re.compile(
    r".+\.(?:conf|cfg|cnf|ini|toml|ya?ml|json|xml|properties|rules|lua|sh|py|js|sql|html|php|htpasswd|acl|vcl|tmpl|ctmpl)"
    r"|Caddyfile|Corefile|Dockerfile",
    re.IGNORECASE,
)
_DATA = re.compile(
    r"acme.*\.json|package-lock\.json|.*(?:state|cache|data|token|credentials|secrets?|users?|db)[\w-]*\.\w+",
    re.IGNORECASE,
)


_DATA_FOLDERS = frozenset({
    "data", "appdata", "app-data", "app_data", "volumes", "volume", "persist", "persistent", "state", "storage", "db",
    "logs", "log", "docker-data", ".data", "backups",
})  # fmt: skip
"""What people call folders that are on the node only."""


def check(subject: Subject) -> Iterator[Finding]:
    for composed, service in subject.once(services_of):
        if is_carried(composed.project.folder):
            continue
        for mount in service.mounts:
            source = _file_of_repository(mount)
            if not source or source in subject.files or is_promised(subject, source):
                continue
            if not is_mentioned(subject, posixpath.basename(source)):
                message = f"{service.name}: mounts {source}, which is not there, so that Docker makes a directory of it"
                yield Finding(CODE, mount.place, message, "add the file to Git, or correct the path", Severity.WARNING)
    yield from _configs(subject)


def _configs(subject: Subject) -> Iterator[Finding]:
    """Files that a project gives to its containers as configs."""
    for composed in subject.once(projects_of):
        for config in composed.project.configs.values() if not is_carried(composed.project.folder) else ():
            path = config.file
            if not isinstance(path, str) or not path or is_outside(path) or path in subject.files:
                continue
            if not is_promised(subject, path) and not is_mentioned(subject, posixpath.basename(path)):
                place = (config.value.at("file") or config.value).place
                message = f"the config {config.name} is {path}, which is not there, so that Compose starts nothing"
                yield Finding(CODE, place, message, "add the file to Git, or correct the path", Severity.WARNING)


def _file_of_repository(mount: Mount) -> str:
    """The path of what surely is a file, and is not written by the program itself."""
    source, target = mount.source, mount.target
    if mount.kind != "bind" or not isinstance(source, str) or not isinstance(target, str) or is_outside(source):
        return ""
    names = posixpath.basename(source), posixpath.basename(target)
    is_file = all(_FILE.fullmatch(name) and not _DATA.fullmatch(name) for name in names)
    return source if is_file and _DATA_FOLDERS.isdisjoint(source.split("/")) else ""


RULE = Rule(CODE, "missing-bind-source", Stage.DEPENDENCIES, Principle.P3, PAGE, check, Severity.WARNING)
