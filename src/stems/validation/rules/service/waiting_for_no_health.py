"""A service that waits for the health of one that has no health check."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.tools.compose.model.project import Service
from stems.validation.images import WITHOUT_HEALTH, family
from stems.validation.page import Page
from stems.validation.projects import services_of, worst
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM512"

PAGE = Page(
    checks="""`depends_on` with `condition: service_healthy`, where the other service has its health check disabled, or
has none and runs an image that is known to bring none: `postgres`, `mariadb`, `redis`, `nginx` and other official
ones.""",
    why="""Compose gives up: `container db has no healthcheck configured`. The service never starts, also after a
restart of the node.""",
    instead="Give the other service a `healthcheck`, or wait for `service_started`.",
    bad={
        "services/app/compose.yml": """
            services:
              app:
                image: ghcr.io/home/app:1.4
                depends_on: {db: {condition: service_healthy}}
              db:
                image: postgres:16
                volumes: ["db:/var/lib/postgresql/data"]
            volumes: {db: {}}
            """,
    },
    good={
        "services/app/compose.yml": """
            services:
              app:
                image: ghcr.io/home/app:1.4
                depends_on: {db: {condition: service_healthy}}
              db:
                image: postgres:16
                volumes: ["db:/var/lib/postgresql/data"]
                healthcheck: {test: ["CMD", "pg_isready", "-U", "app"]}
            volumes: {db: {}}
            """,
    },
    also_bad=(
        {
            "services/app/compose.yml": """
                services:
                  app: {image: "home/app:1", depends_on: {cache: {condition: service_healthy}}}
                  cache: {image: "home/cache:2", healthcheck: {disable: true}}
                """,
        },
        # Nextcloud with a MariaDB whose check was commented out.
        {
            "services/nextcloud/docker-compose.yml": """
                services:
                  nextcloud:
                    image: nextcloud:29-apache
                    depends_on:
                      mariadb:
                        condition: service_healthy
                  mariadb:
                    image: docker.io/library/mariadb:11.4
                    # healthcheck: {test: ["CMD", "healthcheck.sh", "--connect"]}
                """,
        },
    ),
    also_good=(
        {
            "services/app/compose.yml": """
                services:
                  app: {image: "home/app:1", depends_on: [db]}
                  db: {image: "postgres:16"}
                """,
        },
        # Whether an image brings a check is not known, as a rule.
        {
            "services/immich/compose.yml": """
                services:
                  server:
                    image: ghcr.io/immich-app/immich-server:v1.115.0
                    depends_on: {ml: {condition: service_healthy}}
                  ml: {image: "ghcr.io/immich-app/immich-machine-learning:v1.115.0"}
                """,
        },
        {
            "services/app/compose.yml": """
                services:
                  app: {image: "home/app:1", depends_on: {db: {condition: service_healthy, required: false}}}
                  db: {image: "postgres:16"}
                """,
        },
        {
            "services/app/compose.yml": """
                services:
                  app: {image: "home/app:1", depends_on: {db: {condition: service_healthy}}}
                  db: {image: "postgres:16", build: ./db}
                """,
            "services/app/db/Dockerfile": "FROM postgres:16\nHEALTHCHECK CMD pg_isready\n",
        },
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for composed, service in subject.once(services_of):
        for name, how in service.depends_on.items():
            other = composed.project.services.get(name)
            is_meant = how.condition == "service_healthy" and how.is_required
            if is_meant and other is not None and composed.says_all("healthcheck") and _is_never_healthy(other):
                message = f"{service.name}: waits until {name} is healthy, and {name} has no health check"
                remedy = f"give {name} a `healthcheck`, or wait for `service_started`"
                yield Finding(CODE, how.place, message, remedy, worst(subject, composed), (other.place,))


def _is_never_healthy(service: Service) -> bool:
    if service.health is not None:
        return service.health.is_disabled is True
    return bool(family(service, WITHOUT_HEALTH))


RULE = Rule(CODE, "waiting-for-no-health", Stage.SERVICE, Principle.O1, PAGE, check)
