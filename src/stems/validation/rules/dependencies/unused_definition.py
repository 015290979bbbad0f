"""A network, a volume, a secret or a config that no service uses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.readers.substitution import UNKNOWN
from stems.tools.compose.model.project import Named, Service
from stems.validation.page import Page
from stems.validation.projects import Composed, projects_of
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM530"

PAGE = Page(
    checks="""Networks, volumes, secrets and configs at the top of Compose files that no service of the project
names.""",
    why="""Compose makes nothing of it and says nothing. Mostly a mount was forgotten, so that the data is in the
container, or a service was meant to be kept apart in a network and is in the default one.""",
    instead="Name it in the service that it was written for, or remove it.",
    bad={
        "services/app/compose.yml": """
            services:
              app:
                image: ghcr.io/home/app:1.4
            volumes:
              data: {}
            """,
    },
    good={
        "services/app/compose.yml": """
            services:
              app:
                image: ghcr.io/home/app:1.4
                volumes: ["data:/data"]
            volumes:
              data: {}
            """,
    },
    also_bad=(
        {"web/docker-compose.yml": "services: {web: {image: 'nginx:1.27'}}\nnetworks:\n  proxy:\n    external: true\n"},
        {
            "services/db/compose.yml": """
                services:
                  db: {image: 'postgres:16'}
                secrets:
                  password: {file: ./password.txt}
                """
        },
        {
            "services/db/compose.yml": """
                services:
                  db: {image: "postgres:16", volumes: ["./data:/var/lib/postgresql/data"]}
                  # volumes: ["data:/var/lib/postgresql/data"]
                volumes:
                  data:
                """,
        },
        {"services/web/compose.yml": "services: {web: {image: 'nginx:1.27'}}\nconfigs: {site: {content: hello}}\n"},
    ),
    also_good=(
        {
            "services/web/compose.yml": """
                services:
                  web: {image: 'nginx:1.27', networks: ['${WEB_NETWORK}']}
                networks: {front: {}}
                """,
            "services/web/env.template": "WEB_NETWORK=\n",
        },
        {
            "services/web/compose.yml": """
                services:
                  web: {image: 'nginx:1.27'}
                networks: {default: {name: proxy, external: true}}
                """
        },
        {
            "services/web/compose.yml": """
                services:
                  web: {build: {context: ., secrets: [token]}}
                secrets: {token: {environment: TOKEN}}
                """,
            "services/web/env.template": "TOKEN=\n",
        },
        {
            "services/web/compose.yml": """
                services:
                  web: {image: 'nginx:1.27', volumes: ['${WEB_VOLUME}:/srv']}
                volumes: {data: {}}
                """,
            "services/web/env.template": "WEB_VOLUME=\n",
        },
        {
            "services/web/compose.yml": """
                services:
                  web: {image: 'nginx:1.27', networks: [front]}
                networks: {front: {}, back: {}}
                """,
            "services/web/compose.override.yml": """
                services:
                  db: {image: 'postgres:16', networks: {back: {aliases: [db]}}}
                """,
        },
        {
            "compose.yml": "include: [apps/web.yml]\nservices: {db: {image: 'postgres:16'}}\nnetworks: {front: {}}\n",
            "apps/web.yml": "services: {web: {image: 'nginx:1.27', networks: [front]}}\nnetworks: {front: {}}\n",
        },
        {
            "services/web/compose.yml": """
                services:
                  web: {image: 'nginx:1.27', configs: [{source: site, target: /srv/a}]}
                configs: {site: {content: hello}}
                """
        },
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for composed in subject.once(projects_of):
        if composed.project.is_complete and composed.is_alone and composed.project.services:
            yield from _of(composed)


def _of(composed: Composed) -> Iterator[Finding]:
    project = composed.project
    sections: dict[str, Mapping[str, Named]] = {
        "network": project.networks, "volume": project.volumes, "secret": project.secrets, "config": project.configs,
    }  # fmt: skip
    for kind, defined in sections.items():
        used = {name for service in project.services.values() for name in _used(service, kind)}
        for name, one in defined.items() if UNKNOWN not in used else ():
            if name not in used and composed.says_all(name) and not (kind == "network" and name == "default"):
                message = f"the {kind} {name} is used by no service of the project"
                yield Finding(CODE, one.place, message, "name it in a service, or remove it", Severity.WARNING)


def _used(service: Service, kind: str) -> Iterator[object]:
    if kind == "network":
        # An entry whose name is not known stands there as it is written.
        yield from (UNKNOWN if "$" in name else name for name in service.networks)
        inherited = service.value.at("networks")
        yield from (UNKNOWN,) if inherited is not None and inherited.data is UNKNOWN else ()
    elif kind == "volume":
        yield from (mount.source for mount in service.mounts if mount.kind in ("volume", "cluster", UNKNOWN))
    elif kind == "secret":
        yield from (grant.source for grant in service.secrets)
        built = service.value.at("build", "secrets")
        for item in built.items if built is not None else []:
            source = item.at("source")
            yield source.data if source is not None and isinstance(source.data, str) else UNKNOWN
    else:
        yield from (grant.source for grant in service.configs)


RULE = Rule(CODE, "unused-definition", Stage.DEPENDENCIES, Principle.P3, PAGE, check, Severity.WARNING)
