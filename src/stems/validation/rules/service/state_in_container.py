"""Data that goes with its container."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.readers.substitution import UNKNOWN
from stems.tools.compose.model.project import Service
from stems.validation.images import POSTGRES, POSTGRES_MOVED, STATE, family, name_of
from stems.validation.loose_containers import loose_containers_of
from stems.validation.page import Page
from stems.validation.projects import services_of
from stems.validation.rule import Rule
from stems.validation.services import is_one_shot, mounts_whole, runs
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM521"

PAGE = Page(
    checks="""Services of Compose, and containers of quadlets, Ansible and units, with a well-known image that keeps
data - databases, Grafana, Vaultwarden, Nextcloud, Gitea and others - and without a mount where the image keeps it.
Where a `PGDATA` or another variable may have moved the data, nothing is said. From version 18 on PostgreSQL has
another place for it.""",
    why="""The data is in the container, or in an anonymous volume that nothing finds again. After `docker compose
down`, which everybody types, the next container begins with nothing.""",
    instead="Mount a named volume, or a folder of the node, at the place that the finding names.",
    bad={
        "services/db/compose.yml": """
            services:
              db:
                image: postgres:16
            """,
    },
    good={
        "services/db/compose.yml": """
            services:
              db:
                image: postgres:16
                volumes: ["data:/var/lib/postgresql/data"]
            volumes: {data: {}}
            """,
    },
    also_bad=(
        {"stacks/db/compose.yml": "services: {db: {image: 'postgres:${PG_TAG:-16}', restart: always}}\n"},
        # The folder beside the one that counts.
        {
            "services/db/compose.yml": """
                services:
                  db: {image: "mariadb:11.4", volumes: ["./init:/docker-entrypoint-initdb.d", "./data:/var/lib/files"]}
                """,
        },
        {
            "monitoring/docker-compose.yml": """
                services:
                  prometheus:
                    image: prom/prometheus:v2.54.1
                    volumes: ["prometheus:/prometheus"]
                  loki: {image: "grafana/loki:3.1.1"}
                  grafana:
                    image: grafana/grafana:11.2.0
                    ports: ["127.0.0.1:3000:3000"]
                    volumes: ["./provisioning:/etc/grafana/provisioning:ro"]
                volumes: {prometheus: {}}
                """,
        },
        {
            "vault/compose.yml": """
                services:
                  vault: {image: 'vaultwarden/server:1.32.0', environment: {DOMAIN: 'https://pw.example'}}
                """
        },
        # Right up to version 17, and empty from 18 on.
        {
            "services/db/compose.yml": """
                services:
                  db: {image: 'postgres:18.1', volumes: ['db:/var/lib/postgresql/data']}
                volumes: {db: {}}
                """
        },
        {
            "stacks/maps/docker-compose.yml": """
                services:
                  db: {image: 'postgis/postgis:18-3.6', volumes: ['/srv/db:/var/lib/postgresql/data/']}
                """
        },
        {
            "media/docker-compose.yml": """
                services:
                  sonarr:
                    image: lscr.io/linuxserver/sonarr:4.0.9
                    volumes: ["/srv/tv:/tv"]
                """,
        },
        {"quadlets/db.container": "[Container]\nImage=docker.io/library/postgres:16\nEnvironment=POSTGRES_DB=app\n"},
        {
            "site.yml": """
                - hosts: all
                  tasks:
                    - community.docker.docker_container:
                        name: grafana
                        image: grafana/grafana:11.2.0
                        published_ports: ["127.0.0.1:3000:3000"]
                """,
        },
        # An anonymous volume, and memory, do not keep it either.
        {"services/db/compose.yml": "services: {db: {image: 'postgres:16', volumes: ['/var/lib/postgresql/data']}}\n"},
    ),
    also_good=(
        {
            "services/db/compose.yml": """
                services:
                  db: {image: 'postgres:18.1-alpine', volumes: ['db:/var/lib/postgresql']}
                  vectors: {image: 'pgvector/pgvector:0.8.1-pg18', volumes: ['vectors:/var/lib/postgresql/18/docker']}
                  old: {image: 'pgvector/pgvector:0.8.1-pg17', volumes: ['old:/var/lib/postgresql/data']}
                  own:
                    image: postgres:18
                    environment: {PGDATA: /var/lib/postgresql/data}
                    volumes: ['own:/var/lib/postgresql/data']
                volumes: {db: {}, vectors: {}, old: {}, own: {}}
                """
        },
        {
            "services/db/compose.yml": """
                services:
                  db: {image: 'postgres:16', volumes: ['/srv/db:/var/lib/postgresql']}
                """
        },
        {
            "services/db/compose.yml": """
                services:
                  db: {image: 'postgres:16', environment: {PGDATA: /data/pg}, volumes: ['/srv/db:/data']}
                """
        },
        {
            "services/db/compose.yml": "services: {db: {image: 'postgres:16', volumes: ['${DB_DATA}']}}\n",
            "services/db/env.template": "DB_DATA=\n",
        },
        {
            "services/db/compose.yml": """
                services:
                  db: {image: 'postgres:16', volumes: ['data:${DB_TARGET:-/var/lib/postgresql/data}']}
                volumes: {data: {}}
                """
        },
        {
            "services/db/compose.yml": """
                services:
                  db: {image: 'postgres:16', volumes: ['${DB_DATA_LOCATION}:/var/lib/postgresql/data']}
                """,
            "services/db/.env.example": "DB_USER=app\n",
        },
        # One that is meant to forget.
        {"services/db/compose.yml": "services: {db: {image: 'postgres:16', tmpfs: /var/lib/postgresql/data}}\n"},
        {
            "services/db/compose.yml": """
                services:
                  db: {image: 'postgres:16', volumes_from: [data]}
                  data: {image: 'busybox:1.36'}
                """
        },
        # A client with the image of the server.
        {"services/db/compose.yml": "services: {dump: {image: 'postgres:16', command: pg_dump app, restart: 'no'}}\n"},
        {"services/cache/compose.yml": "services: {cache: {image: 'redis:7.4'}}\n"},
        {
            "services/nextcloud/compose.yml": """
                services:
                  app: {image: "nextcloud:29-apache", volumes: ["html:/var/www/html", "/srv/files:/var/www/html/data"]}
                  cron: {image: "nextcloud:29-apache", entrypoint: /cron.sh, volumes: ["html:/var/www/html"]}
                volumes: {html: {}}
                """,
        },
        {"services/db/compose.yml": "services: {db: {build: ., image: postgres}}\n"},
        {"quadlets/db.container": "[Container]\nImage=postgres:16\nVolume=db.volume:/var/lib/postgresql/data:Z\n"},
        {"quadlets/db.container": "[Container]\nImage=postgres:16\nPod=app.pod\n"},
        {"quadlets/dump.container": "[Container]\nImage=postgres:16\nExec=pg_dumpall -h db\n"},
        {"quadlets/db.container": "[Container]\nImage=postgres:16\nMount=type=volume,src=a,dst=/var/lib/postgresql\n"},
        {
            "site.yml": """
                - hosts: all
                  tasks:
                    - docker_container: {name: db, image: "postgres:16", volumes: "{{ db_volumes }}"}
                """,
        },
    ),
)

_MOVED = (
    "PGDATA", "GF_PATHS_DATA", "DATA_FOLDER", "MYSQL_DATADIR", "GITEA_WORK_DIR", "INFLUXD_BOLT_PATH",
    "GF_DATABASE_HOST", "GF_DATABASE_URL", "IMMICH_MEDIA_LOCATION", "path.data", "ACTUAL_DATA_DIR", "ZIGBEE2MQTT_DATA",
    "CONFIG_PATH", "PHOTOPRISM_STORAGE_PATH", "DATA_DIR", "DATA_PATH", "JENKINS_HOME", "QDRANT__STORAGE__STORAGE_PATH",
)  # fmt: skip
_SERVERLESS = (
    "pg_dump", "pg_restore", "psql", "mysqldump", "mariadb-dump", "mongodump", "backup", "--storage.tsdb.path",
    "agent", "--datadir", "--dbpath", "storageDataPath",
)  # fmt: skip


_PG = re.compile(r"(?:^|-)pg(\d{1,3})(?:$|[-.])")
_NUMBER = re.compile(r"(\d{1,3})(?!\d)")
_NUMBERED = ("postgres", "postgis/postgis")


def check(subject: Subject) -> Iterator[Finding]:
    for composed, service in subject.once(services_of):
        known = family(service, STATE)
        if not known or not composed.says_all("volumes:") or not runs(service) or not mounts_whole(service):
            continue
        if not is_one_shot(composed, service):
            yield from _of(service, known)
    for service in subject.once(loose_containers_of):
        # A command may make a client of the image.
        if (known := family(service, STATE)) and mounts_whole(service) and service.value.at("command") is None:
            yield from _of(service, known)


def _of(service: Service, known: str) -> Iterator[Finding]:
    folders, remedy = _wanted(service, known)
    if not _is_kept(service, folders) and not _is_elsewhere(service):
        version = "" if folders == STATE[known] else f" from version {POSTGRES_MOVED} on"
        message = f"{service.name}: {known} keeps its data in {folders[0]}{version}, where nothing is mounted"
        place = service.image.place if service.image else service.place
        yield Finding(CODE, place, message, f"mount a volume at {remedy}", Severity.WARNING)


def _wanted(service: Service, known: str) -> tuple[tuple[str, ...], str]:
    """The folders of which one must be mounted, and the best one."""
    version = _version(service) if known in POSTGRES else 0
    if version < POSTGRES_MOVED:
        return STATE[known], STATE[known][0]
    return (f"/var/lib/postgresql/{version}/docker",), "/var/lib/postgresql"


def _version(service: Service) -> int:
    """The version of PostgreSQL that a tag says, as in `18.1-alpine` and `0.8.1-pg18`; 0 where it does not."""
    reference = service.image.reference if service.image else None
    tag = reference.tag if reference else ""
    found = _PG.search(tag) or (_NUMBER.match(tag) if name_of(service.image) in _NUMBERED else None)
    return int(found[1]) if found else 0


def _is_kept(service: Service, folders: tuple[str, ...]) -> bool:
    targets = [mount.target for mount in service.mounts if mount.kind != "volume" or mount.source != ""]
    forgotten = service.value.at("tmpfs")
    items = (forgotten.items or [forgotten]) if forgotten is not None else []
    targets += [item.data.partition(":")[0] for item in items if isinstance(item.data, str)]
    return any(isinstance(target, str) and _is_below(folder, target) for target in targets for folder in folders)


def _is_below(path: str, folder: str) -> bool:
    """Whether a path is in what is mounted at a folder. Something below it is only a part of it."""
    return path == folder or path.startswith(f"{folder.rstrip('/')}/")


def _is_elsewhere(service: Service) -> bool:
    """Whether it may keep its data in another place, or none at all."""
    if any(name in service.environment for name in _MOVED) or any(
        file.is_found is not True for file in service.env_files
    ):
        return True
    for key in ("command", "entrypoint"):
        value = service.value.at(key)
        items = (value.items or [value]) if value is not None else []
        if any(item.data is UNKNOWN or any(word in str(item.data) for word in _SERVERLESS) for item in items):
            return True
    return False


RULE = Rule(CODE, "state-in-container", Stage.SERVICE, Principle.O5, PAGE, check, Severity.WARNING)
