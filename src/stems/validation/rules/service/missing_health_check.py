"""A service that nobody can tell to be well."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.compose.model.project import Service
from stems.validation.built import brings_health_check, dockerfile_of
from stems.validation.files import Files
from stems.validation.images import WITH_HEALTH, family
from stems.validation.other_projects import silent_services
from stems.validation.page import Page
from stems.validation.per_project import PerProject
from stems.validation.projects import services_of
from stems.validation.rule import Rule
from stems.validation.services import is_awaited, is_job_of_swarm, is_one_shot, runs
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM511"

_CHECKED = 'healthcheck: {test: ["CMD", "curl", "-f", "http://localhost"]}'

PAGE = Page(
    checks="""Services of Compose without a `healthcheck`, or with one that is disabled or succeeds always, such as
`exit 0`. What does something and ends is not meant, nor is an image that is known to bring a check, for whose health
another service waits, or that is built from a Dockerfile with `HEALTHCHECK`. Several in one project are one
finding.""",
    why="""A container whose program hangs, or waits for a database for ever, is as much `Up` as one that works. A
deployment of it succeeds, what depends on it starts too early, and somebody notices days later.""",
    instead="""Add `healthcheck` with a test of what the service is there for: a request to its own port,
`pg_isready`, `redis-cli ping`.""",
    bad={
        "services/web/compose.yml": """
            services:
              web:
                image: nginx:1.27.3
                restart: unless-stopped
            """,
    },
    good={
        "services/web/compose.yml": """
            services:
              web:
                image: nginx:1.27.3
                restart: unless-stopped
                healthcheck:
                  test: ["CMD", "curl", "-f", "http://localhost"]
            """,
    },
    also_bad=(
        {"roles/web/templates/docker-compose.yml.j2": "services:\n  web:\n    image: nginx:{{ tag }}\n"},
        {"stacks/db/compose.yml": "services: {db: {image: 'postgres:${PG_TAG:-16}', restart: always}}\n"},
        {
            "stacks/g/compose.yml": """
                services:
                  g: {image: 'grafana/grafana:12.0.2', entrypoint: [sh, -c, "mkdir -p /x; exec /run.sh"]}
                """
        },
        {"services/web/compose.yml": "services: {web: {image: 'nginx:1.27', healthcheck: {disable: true}}}\n"},
        {"services/web/compose.yml": "services: {web: {image: 'nginx:1.27', healthcheck: {test: [NONE]}}}\n"},
        {"services/web/compose.yml": "services: {web: {image: 'nginx:1.27', healthcheck: {test: exit 0}}}\n"},
        {"services/web/compose.yml": "services: {web: {image: 'nginx:1.27', healthcheck: {test: [CMD, 'true']}}}\n"},
        # Grafana beside a Prometheus that has one, in a folder that no cluster file declares.
        {
            "stacks/monitoring/docker-compose.yml": """
                services:
                  grafana:
                    image: grafana/grafana:11.2.0
                    ports: ["127.0.0.1:3000:3000"]
                    volumes: ["grafana:/var/lib/grafana"]
                    restart: unless-stopped
                  prometheus:
                    image: prom/prometheus:v2.54.1
                    healthcheck: {test: ["CMD", "wget", "-q", "--spider", "http://localhost:9090/-/healthy"]}
                volumes: {grafana: {}}
                """,
        },
        {
            "services/app/compose.yml": "services: {app: {build: .}}\n",
            "services/app/Dockerfile": 'FROM python:3.12-slim\n# HEALTHCHECK CMD true\nCMD ["python", "app.py"]\n',
        },
        {
            "services/app/compose.yml": """
                x-app: &app
                  image: ghcr.io/home/app:1.4
                  restart: always
                services:
                  app: {<<: *app}
                """,
        },
    ),
    also_good=(
        {"stacks/b/compose.yml": "services: {b: {image: 'rclone/rclone:1', command: 'sync /data s3:${BUCKET}'}}\n"},
        {"stacks/a/compose.yml": "services: {a: {image: '${IMAGE}', restart: always}}\n"},
        {"stacks/m/compose.yml": "services: {m: {image: 'itzg/minecraft-server:${TAG}', restart: always}}\n"},
        {"services/web/compose.yml": f"services: {{web: {{image: 'nginx:1.27', {_CHECKED}}}}}\n"},
        {
            "services/app/compose.yml": "services: {app: {build: {context: ., dockerfile: docker/Dockerfile}}}\n",
            "services/app/docker/Dockerfile": "FROM python:3.12\nHEALTHCHECK --interval=30s \\\n  CMD curl -f http://localhost\n",
        },
        # The check comes from what is laid over it, and from what it extends.
        {
            "services/web/compose.yml": "services: {web: {image: 'nginx:1.27'}}\n",
            "services/web/compose.override.yml": f"services: {{web: {{{_CHECKED}}}}}\n",
        },
        {
            "services/web/compose.yml": "services: {web: {extends: {file: ../base.yml, service: web}}}\n",
            "services/base.yml": f"services: {{web: {{image: 'nginx:1.27', {_CHECKED}}}}}\n",
        },
        # What only runs once.
        {
            "services/app/compose.yml": f"""
                services:
                  migrate: {{image: "home/app:1", command: ["app", "migrate"]}}
                  app:
                    image: home/app:1
                    depends_on: {{migrate: {{condition: service_completed_successfully}}}}
                    {_CHECKED}
                """,
        },
        {"services/tool/compose.yml": "services: {tool: {image: 'restic/restic:0.17', restart: 'no'}}\n"},
        {
            "services/pw/compose.yml": """
                services:
                  pw: {image: 'vaultwarden/server:1.32.0', volumes: ['./data:/data']}
                """
        },
        # Others wait until it is healthy, so that its image brings the check.
        {
            "services/app/compose.yml": f"""
                services:
                  app:
                    image: home/app:1
                    restart: always
                    depends_on: {{search: {{condition: service_healthy}}}}
                    {_CHECKED}
                  search: {{image: "home/search:1", restart: always}}
                """,
        },
        {"services/dockge/compose.yml": "services: {dockge: {image: 'louislam/dockge:1.5.0', restart: always}}\n"},
        {
            "services/nvr/compose.yml": """
                services:
                  frigate: {image: 'ghcr.io/blakeblackshear/frigate:0.14.1', restart: unless-stopped}
                """
        },
        # Neither has a policy, and both end.
        {
            "services/files/compose.yml": """
                services:
                  folders: {image: "busybox:1.36", command: install -d -o 1000 -g 1000 /data/files}
                  copy: {image: "rclone/rclone:1.68", command: "sync /data remote:files --checksum"}
                  pull: {image: "alpine/git:2.45.2", entrypoint: [sh, "-c"], command: ["git pull && rm -rf /tmp/x"]}
                """,
        },
        {
            "archive/web/docker-compose.yml": "services: {web: {image: 'nginx:1.27'}}\n",
            "roles/web/templates/compose.yml": "services:\n  web:\n    image: {{ web_image }}\n",
        },
    ),
)


_ALWAYS = ("true", "/bin/true", "exit 0", ":", "echo ok", "sh -c true")


def check(subject: Subject) -> Iterator[Finding]:
    for composed, service in (*subject.once(services_of), *silent_services(subject, "healthcheck")):
        is_lacking = _says_nothing(service) or _lacks(subject.files, service)
        if not runs(service) or is_job_of_swarm(service) or not is_lacking:
            continue
        if _says_nothing(service):
            message = f"{service.name}: its health check succeeds whatever the program does"
            place = service.health.place if service.health else service.place
            yield Finding(CODE, place, message, "test what the service is there for", Severity.WARNING)
            continue
        # Compose would refuse to wait for it if the image brought no check.
        if service.health is None and is_awaited(composed.project, service, "service_healthy"):
            continue
        is_off = service.health is not None and service.health.is_disabled is True
        if is_off or (composed.says_all("healthcheck") and not is_one_shot(composed, service)):
            place = service.health.place if service.health and is_off else service.place
            message = f"{service.name}: {'its health check is disabled' if is_off else 'has no health check'}"
            remedy = (
                "take `disable` away" if is_off else "add `healthcheck` with a test of what the service is there for"
            )
            yield Finding(CODE, place, f"{message}, so that it counts as well while it hangs", remedy, Severity.WARNING)


def _says_nothing(service: Service) -> bool:
    """Whether its health check is a command that always succeeds."""
    test = service.health.test if service.health else ()
    return len(test) > 1 and " ".join(str(word) for word in test[1:]).strip() in _ALWAYS


def _lacks(files: Files, service: Service) -> bool:
    """Whether neither the project nor the image brings a check, as far as anybody can know."""
    health = service.health
    if health is not None:
        return health.is_disabled is True
    if service.build is not None:
        file = dockerfile_of(files, service)
        return file is not None and not brings_health_check(file)
    return service.image is not None and service.image.named is not None and not family(service, WITH_HEALTH)


_FOLD = PerProject("have no health check, so that they count as well while they hang")

RULE = Rule(CODE, "missing-health-check", Stage.SERVICE, Principle.O4, PAGE, check, Severity.WARNING, _FOLD)
