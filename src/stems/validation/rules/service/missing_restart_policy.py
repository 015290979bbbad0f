"""A service that stays down after it fell or its node was restarted."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.names import printable
from stems.model.principle import Principle
from stems.tools.ansible.repository.spelling import nearly
from stems.validation.loose_containers import run_containers_of
from stems.validation.other_projects import silent_services
from stems.validation.page import Page
from stems.validation.per_project import PerProject
from stems.validation.projects import services_of, worst
from stems.validation.rule import Rule
from stems.validation.services import has_restart_policy, is_job_of_swarm, is_one_shot, runs
from stems.validation.stage import Stage
from stems.validation.subject import Subject
from stems.validation.task_containers import task_containers_of
from stems.validation.units import units_of

CODE = "STM514"

PAGE = Page(
    checks="""Services of Compose without `restart` and without `deploy.restart_policy`. What does something and ends,
and what runs only with a profile, is not meant. Containers that a task of Ansible, or `docker run -d` in a script,
starts without one are, and policies that Docker does not have, such as `unless-stoped`; and quadlets that are started
with the node and have no `Restart`. Several in one project are one finding.""",
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
        {
            "site.yml": """
                - hosts: all
                  tasks:
                    - community.docker.docker_container: {name: web, image: "nginx:1.27"}
                """,
        },
        {"quadlets/web.container": "[Container]\nImage=a:1\n[Install]\nWantedBy=default.target\n"},
        {"up.sh": "#!/bin/sh\ndocker run -d --name web -p 80:80 nginx:1.27\n"},
        {"roles/web/templates/docker-compose.yml.j2": "services:\n  web:\n    image: nginx:{{ tag }}\n"},
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
        {"services/web/compose.yml": "services: {web: {image: 'nginx:1.27', restart: 'on-failure:3'}}\n"},
        {
            "site.yml": """
                - hosts: all
                  tasks:
                    - docker_container: {name: web, image: "nginx:1.27", restart_policy: unless-stopped}
                    - docker_container: {name: dump, image: "postgres:16", command: pg_dump app}
                    - docker_container: {name: once, image: "home/once:1", detach: false}
                    - docker_container: {name: tidy, image: "home/tidy:1", auto_remove: true}
                """,
        },
        {"quadlets/a.container": "[Container]\nImage=a:1\n[Service]\nRestart=always\n[Install]\nWantedBy=a.target\n"},
        {
            "quadlets/dump.container": "[Container]\nImage=a:1\n[Service]\nType=oneshot\n[Install]\nWantedBy=a\n",
            "quadlets/b.container": "[Container]\nImage=a:1\n",
        },
        {"up.sh": "#!/bin/sh\ndocker run -d --restart=always nginx:1.27\ndocker run -d --rm home/test:1\n"},
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


_POLICIES = ("no", "always", "on-failure", "unless-stopped")
_SHOWN = 40


def check(subject: Subject) -> Iterator[Finding]:
    for composed, service in (*subject.once(services_of), *silent_services(subject, "restart")):
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
    yield from _unknown(subject)
    yield from _loose(subject)
    yield from _quadlets(subject)


def _unknown(subject: Subject) -> Iterator[Finding]:
    """Policies that Docker does not have."""
    for composed, service in subject.once(services_of):
        said = service.text("restart")
        if isinstance(said, str) and said and said.partition(":")[0] not in _POLICIES:
            message = (
                f"{service.name}: there is no restart policy `{printable(said[:_SHOWN])}`, so that Docker refuses it"
            )
            meant = nearly(said, _POLICIES) or "unless-stopped"
            yield Finding(CODE, service.place_of("restart"), message, f"write `{meant}`", worst(subject, composed))


def _loose(subject: Subject) -> Iterator[Finding]:
    """Containers that Ansible or a script starts once, and nobody again."""
    scripts = (one for one in subject.once(run_containers_of) if not one.place.path.endswith(".service"))
    for service in (*subject.once(task_containers_of), *scripts):
        if service.value.at("restart") is None and service.value.at("command") is None:
            message = f"{service.name}: has no restart policy, so that it stays down after a restart of its node"
            place = service.image.place if service.image else service.place
            yield Finding(CODE, place, message, "write the restart policy `unless-stopped`", Severity.WARNING)


def _quadlets(subject: Subject) -> Iterator[Finding]:
    """Quadlets that are started with the node, and not again after they fell."""
    names = {file.name for file in subject.files.named("*.timer")}
    for unit in subject.once(units_of):
        stem = unit.file.name.removesuffix(".container")
        if unit.kind != "container" or f"{stem}.timer" in names or not any(unit.says("WantedBy", section="Install")):
            continue
        if not any(unit.says("Restart", section="Service")) and not any(unit.says("Type", section="Service")):
            place = next(unit.says("Image", section="Container"), unit.settings[0]).place
            message = f"{stem}: has no `Restart`, so that it stays down after it fell"
            yield Finding(CODE, place, message, "write `Restart=always` under [Service]", Severity.WARNING)


_FOLD = PerProject("have no restart policy, so that they stay down after a restart of their node")

RULE = Rule(CODE, "missing-restart-policy", Stage.SERVICE, Principle.O5, PAGE, check, Severity.WARNING, _FOLD)
