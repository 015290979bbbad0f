"""A service that stays down after it fell or its node was restarted."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.per_project import PerProject
from stems.validation.projects import services_of
from stems.validation.rule import Rule
from stems.validation.services import has_restart_policy, is_job_of_swarm, is_one_shot, runs
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM514"

PAGE = Page(
    checks="""Services of Compose without `restart` and without `deploy.restart_policy`. What does something and ends,
and what runs only with a profile, is not meant. Several in one project are one finding.""",
    why="""Without a policy Docker starts nothing again: after an update of the kernel, or a power cut, the node is
back and the service is not.""",
    instead='Write `restart: unless-stopped`. For something that runs once, write `restart: "no"`.',
    bad={
        "services/web/compose.yml": """
            services:
              web:
                image: nginx:1.27.3
                ports: ["8080:80"]
            """,
    },
    good={
        "services/web/compose.yml": """
            services:
              web:
                image: nginx:1.27.3
                restart: unless-stopped
                ports: ["8080:80"]
            """,
    },
    also_bad=(
        # It begins with something that ends, and goes on.
        {
            "services/app/compose.yml": """
                services:
                  app: {image: "node:22", command: sh -c "rm -f /tmp/lock && node server.js"}
                """,
        },
        # The proxy has one, and the service behind it does not.
        {
            "docker/compose.yaml": """
                services:
                  traefik:
                    image: traefik:v3.1
                    restart: always
                    ports: ["80:80", "443:443"]
                  whoami:
                    image: traefik/whoami:v1.10
                    labels:
                      - traefik.enable=true
                      - traefik.http.routers.whoami.rule=Host(`whoami.example`)
                """,
        },
        {
            "services/db/compose.yml": """
                services:
                  db:
                    image: postgres:16
                    # restart: always
                    volumes: ["db:/var/lib/postgresql/data"]
                volumes: {db: {}}
                """,
        },
    ),
    also_good=(
        {
            "services/files/compose.yml": """
                services:
                  folders: {image: "busybox:1.36", command: ["install", "-d", "/data/files"]}
                  copy: {image: "rclone/rclone:1.68", command: sync /data remote:files}
                """,
        },
        {"services/web/compose.yml": "services: {web: {image: 'nginx:1.27', restart: always}}\n"},
        {"services/web/compose.yml": "services: {web: {image: 'nginx:1.27', restart: '${RESTART:-no}'}}\n"},
        {"services/tool/compose.yml": "services: {tool: {image: 'alpine:3.20', restart: 'no'}}\n"},
        {"services/tool/compose.yml": "services: {tool: {image: 'alpine:3.20', profiles: [tools]}}\n"},
        {
            "services/web/compose.yml": """
                services:
                  web: {image: 'nginx:1.27', deploy: {restart_policy: {condition: any}}}
                """
        },
        {
            "services/web/compose.yml": """
                x-common: &common {restart: unless-stopped}
                services: {web: {<<: *common, image: "nginx:1.27"}}
                """,
        },
        {
            "services/app/compose.yml": """
                services:
                  app:
                    image: home/app:1
                    restart: unless-stopped
                    depends_on: {schema: {condition: service_completed_successfully}}
                  schema: {image: "home/app:1", command: app upgrade}
                  volume-permissions: {image: "busybox:1.36", command: chown -R 1000 /data}
                """,
        },
        {
            "services/web/compose.prod.yml": "services: {web: {image: 'nginx:1.27'}}\n",
            "services/web/compose.yml": "services: {web: {image: 'nginx:1.27', restart: always}}\n",
        },
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for composed, service in subject.once(services_of):
        if (
            has_restart_policy(service)
            or not composed.says_all("restart")
            or not runs(service)
            or is_job_of_swarm(service)
        ):
            continue
        if not is_one_shot(composed, service):
            message = f"{service.name}: has no restart policy, so that it stays down after a restart of its node"
            remedy = 'write `restart: unless-stopped`, or `restart: "no"` if it is to end'
            yield Finding(CODE, service.place, message, remedy, Severity.WARNING)


_FOLD = PerProject("have no restart policy, so that they stay down after a restart of their node")

RULE = Rule(CODE, "missing-restart-policy", Stage.SERVICE, Principle.O5, PAGE, check, Severity.WARNING, _FOLD)
