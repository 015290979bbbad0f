"""A password that everybody tries first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.readers.interpolation import references
from stems.tools.compose.model.project import Service
from stems.validation.other_projects import containers_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM520"

PAGE = Page(
    checks="""Variables of services that are called like passwords and have a value that everybody knows, such as
`changeme`, `admin` or `postgres`, or the name of the user; also where only the default of `${NAME:-changeme}` says
so.""",
    why="""The example is copied, it works, and the password stays. What finds the port tries these first, and in the
network of a home everything finds the port.""",
    instead="""Make one with `openssl rand -base64 24`, write it into the `.env` of the node, and let the file say
`${DB_PASSWORD:?}`, which has no default.""",
    bad={
        "services/db/compose.yml": """
            services:
              db:
                image: postgres:16
                environment:
                  POSTGRES_PASSWORD: changeme
            """,
    },
    good={
        "services/db/compose.yml": """
            services:
              db:
                image: postgres:16
                environment:
                  POSTGRES_PASSWORD: ${DB_PASSWORD:?}
            """,
        "services/db/env.template": "DB_PASSWORD=\n",
    },
    also_bad=(
        {
            "stacks/app/compose.yml": """
                services:
                  app:
                    image: home/app:1
                    environment:
                      DB_PASSWORD: ${DB_PASSWORD:-"changeme"}
                """
        },
        {
            "stacks/app/compose.yml": """
                services:
                  app:
                    image: home/app:1
                    environment:
                      SECRET_KEY_BASE: ${SECRET_KEY_BASE:-CHANGE_ME}
                """
        },
        {
            "services/db/compose.yml": """
                services:
                  db:
                    image: mariadb:11
                    environment:
                      - MYSQL_ROOT_PASSWORD=${MYSQL_ROOT_PASSWORD:-root}
                """,
        },
        {
            "immich/docker-compose.yml": """
                services:
                  database:
                    image: docker.io/tensorchord/pgvecto-rs:pg14-v0.2.0
                    environment: {POSTGRES_PASSWORD: postgres, POSTGRES_USER: postgres, POSTGRES_DB: immich}
                """,
        },
        {
            "monitoring/docker-compose.yml": """
                services:
                  grafana:
                    image: grafana/grafana:11.2.0
                    environment:
                      - GF_SECURITY_ADMIN_USER=admin
                      - GF_SECURITY_ADMIN_PASSWORD=admin
                """,
        },
        # The password is the name of the user.
        {
            "iot/docker-compose.yml": """
                services:
                  influxdb:
                    image: influxdb:1.8
                    environment: ["INFLUXDB_USER=telegraf", "INFLUXDB_USER_PASSWORD=telegraf"]
                """,
        },
        {
            "nextcloud/docker-compose.yml": """
                services:
                  db:
                    image: mariadb:11.4
                    environment: {MARIADB_USER: nextcloud, MARIADB_PASSWORD: nextcloud}
                """,
        },
        {
            "services/db/compose.yml": "services: {db: {image: 'postgres:16', env_file: db.env}}\n",
            "services/db/db.env": "POSTGRES_PASSWORD=password123\n",
        },
        {
            "services/pihole/compose.yml": """
                services:
                  pihole: {image: 'pihole/pihole:2024.07.0', environment: {WEBPASSWORD: 'admin'}}
                """
        },
        {
            "services/semaphore/compose.yml": """
                services:
                  semaphore:
                    image: 'semaphoreui/semaphore:v2.10.22'
                    environment: {SEMAPHORE_ACCESS_KEY_ENCRYPTION: changeme}
                """
        },
        {
            "quadlets/db.container": """
                [Container]
                Image=docker.io/library/postgres:16
                Environment=POSTGRES_USER=app "POSTGRES_PASSWORD=changeme"
                """,
        },
        {
            "site.yml": """
                - hosts: all
                  tasks:
                    - docker_container:
                        name: db
                        image: postgres:16
                        env: {POSTGRES_PASSWORD: postgres}
                """,
        },
        {"up.sh": "#!/bin/sh\ndocker run -d -e MYSQL_ROOT_PASSWORD=root -v db:/var/lib/mysql mysql:8.4\n"},
    ),
    also_good=(
        {
            "services/db/compose.yml": """
                services:
                  db: {image: 'postgres:16', environment: {POSTGRES_PASSWORD_FILE: /run/secrets/password}}
                """
        },
        {
            "services/db/compose.yml": "services: {db: {image: 'postgres:16', environment: [POSTGRES_PASSWORD]}}\n",
            "services/db/env.template": "POSTGRES_PASSWORD=changeme\n",
        },
        # It names where the password is, or whether there is one.
        {
            "services/app/compose.yml": """
                services:
                  app:
                    image: 'home/app:1'
                    environment: {PASSWORD_LOGIN: 'true', ALLOW_EMPTY_PASSWORD: 'no', PASSWORD_MIN_LENGTH: 12}
                """
        },
        {
            "services/app/compose.yml": """
                services:
                  app: {image: 'home/app:1', environment: {ADMIN_PASSWORD: '{{ vault_password }}'}}
                """
        },
        {
            "services/app/compose.yml": """
                services:
                  app: {image: 'home/app:1', environment: {DB_USER: admin, DB_NAME: postgres, ADMIN: admin}}
                """
        },
        {"services/app/compose.yml": "services: {app: {image: 'home/app:1', environment: {PASSWORD: ''}}}\n"},
        {
            "examples/db/compose.yml": """
                services:
                  db: {image: 'postgres:16', environment: {POSTGRES_PASSWORD: changeme}}
                """
        },
        {
            "stacks/db/docker-compose.yml": """
                services:
                  db:
                    image: postgres:16
                    environment:
                      POSTGRES_USER: nextcloud
                      POSTGRES_PASSWORD: ${DB_PASSWORD}
                      # POSTGRES_PASSWORD: changeme
                """,
        },
    ),
)

_NAME = re.compile(
    r"(?:^|_)(?:\w*PASSWORD|\w*PASSWD|PASS|PWD|PW|ROOT_PASS|\w*_PASS|\w*SECRET|\w*SECRET_KEY(?:_BASE)?|\w*ENCRYPTION(?:_KEY)?|\w*API_KEY|\w*TOKEN)$",
    re.IGNORECASE,
)
_NO_SECRET = re.compile(r"(?:ALLOW|EMPTY|NO|DISABLE|ENABLE|RANDOM|REQUIRE|RESET|SHOW|HIDE|USE|CHANGE)_", re.IGNORECASE)
_KNOWN = frozenset(
    [
        "changeme",
        "change_me",
        "change-me",
        "changeit",
        "changethis",
        "change_this",
        "password",
        "passwd",
        "passw0rd",
        "p@ssw0rd",
        "password1",
        "password123",
        "pass",
        "admin",
        "admin123",
        "administrator",
        "root",
        "toor",
        "secret",
        "supersecret",
        "default",
        "test",
        "test123",
        "testing",
        "guest",
        "user",
        "letmein",
        "qwerty",
        "123456",
        "12345678",
        "123456789",
        "1234",
        "12345",
        "postgres",
        "mysql",
        "mariadb",
        "redis",
        "mongo",
        "mongodb",
        "rabbitmq",
        "minioadmin",
        "example",
        "mypassword",
        "yourpassword",
        "welcome",
        "raspberry",
        "pihole",
        "nextcloud",
        "insecure",
        "dbpassword",
        "rootpassword",
    ]
)
_USER = re.compile(r"(?:PASSWORD|PASSWD|PASS|PWD|PW)$", re.IGNORECASE)
_USERS = ("USER", "USERNAME", "LOGIN")


def check(subject: Subject) -> Iterator[Finding]:
    for service in subject.once(containers_of):
        for name, variable in service.environment.items():
            if not _NAME.search(name) or _NO_SECRET.search(name):
                continue
            found = next((value for value in _values(service, name) if _is_known(service, name, value)), None)
            if found is not None:
                message = f"{service.name}: {name} has a value that everybody tries first"
                remedy = "make a new one, and write it into the `.env` of the node"
                yield Finding(CODE, variable.place, message, remedy, Severity.WARNING)


def _values(service: Service, name: str) -> Iterator[str]:
    """The value, and the defaults of variables in it: they hold wherever nobody set another one."""
    value = service.environment[name].value
    if isinstance(value, str):
        yield value
    item = service.value.at("environment", name)
    if item is not None and "$" in item.written:
        written = item.written.partition("=")[2] if item.written.startswith(f"{name}=") else item.written
        for reference in references(written):
            if reference.operator in {":-", "-"} and "$" not in reference.word and reference.word:
                yield reference.word.strip("\"'")


def _is_known(service: Service, name: str, value: str) -> bool:
    users = {_USER.sub(each, name) for each in _USERS} | {_USER.sub("", name).rstrip("_")} if _USER.search(name) else ()
    known = {user.value for key in users if (user := service.environment.get(key)) and isinstance(user.value, str)}
    return value.lower() in _KNOWN or (value != "" and value in known)


RULE = Rule(CODE, "default-password", Stage.SERVICE, Principle.P4, PAGE, check, Severity.WARNING)
