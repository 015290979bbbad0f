"""A password that everybody tries first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.readers.interpolation import references
from stems.tools.compose.model.project import Service
from stems.validation.other_projects import containers_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.secrets.defaults import LETTING_IN, default_passwords, is_default, is_default_address
from stems.validation.services import words
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM520"

PAGE = Page(
    checks="""Variables of containers that are called like passwords and have a value that everybody knows, such as
`changeme`, `admin` or `postgres`, or the name of the user; also where only the default of `${NAME:-changeme}` says
so, in the address of a database, behind `--requirepass`, in `group_vars` and `host_vars`, in units and in files of
settings. Databases that are told to ask for no password are meant, too.""",
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
        {
            "services/app/compose.yml": """
                services:
                  app: {image: 'home/app:1', environment: {DATABASE_URL: 'postgres://app:app@db:5432/app'}}
                """
        },
        {"compose.yml": "services: {db: {image: 'home/neo4j:5', environment: {NEO4J_AUTH: neo4j/password}}}\n"},
        {"playbook.yml": "- hosts: all\n  vars: {grafana_admin_password: admin}\n  tasks: [{ping: }]\n"},
        {"compose.yml": "services: {cache: {image: 'redis:7.4', command: redis-server --requirepass changeme}}\n"},
        {"compose.yml": "services: {db: {image: 'postgres:16', environment: {POSTGRES_HOST_AUTH_METHOD: trust}}}\n"},
        {"compose.yml": "services: {app: {image: 'home/app:1', environment: {ADMIN_PASSWORD: 'ChangeMe123!'}}}\n"},
        {"group_vars/all.yml": "grafana_admin_password: admin\n"},
        {"host_vars/gate/main.yml": "db_user: app\ndb_password: postgres\n"},
        {"units/app.service": "[Service]\nEnvironment=ADMIN_PASSWORD=admin\nExecStart=/usr/bin/app\n"},
        {"grafana/grafana.ini": "[security]\nadmin_user = admin\nadmin_password = admin\n"},
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
        {"group_vars/all.yml": "db_password: '{{ vault_db_password }}'\npassword_hash: sha512\nask_password: no\n"},
        {"group_vars/all.yml": "db_password: changeme\nwifi_password: CHANGE_ME\n"},
        {"group_vars/all.yml": "# db_password: changeme\ndb_user: admin\n"},
        {"roles/db/defaults/main.yml": "db_password: changeme\n"},
        {"etc/sshd.conf": "auth_type = password\nsecret = default\n"},
        {"compose.yml": "services: {a: {image: 'home/a:1', environment: {DB: 'postgres://app:${PW}@db/app'}}}\n"},
        {"compose.yml": "services: {db: {image: 'postgres:16', environment: {POSTGRES_HOST_AUTH_METHOD: md5}}}\n"},
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
_USER = re.compile(r"(?:PASSWORD|PASSWD|PASS|PWD|PW)$", re.IGNORECASE)
_USERS = ("USER", "USERNAME", "LOGIN")
_WORD_OF_SERVER = re.compile(r"--requirepass[ =](?P<word>\S+)")


def check(subject: Subject) -> Iterator[Finding]:
    found = list(_of_services(subject))
    yield from found
    told = {(finding.place.path, finding.place.line) for finding in found}
    for written in default_passwords(subject):
        if (written.place.path, written.place.line) not in told:
            told.add((written.place.path, written.place.line))
            yield _found(written.place, f"{written.name} has a value that everybody tries first")


def _of_services(subject: Subject) -> Iterator[Finding]:
    for service in subject.once(containers_of):
        for name, variable in service.environment.items():
            if what := _what(service, name):
                yield _found(variable.place, f"{service.name}: {what}")
        said = _WORD_OF_SERVER.search(" ".join(words(service)))
        if said and is_default(said["word"]):
            place = (service.value.at("command") or service.value).place
            yield _found(place, f"{service.name}: its command has a password that everybody tries first")


def _found(place: Place, message: str) -> Finding:
    return Finding(CODE, place, message, "make a new one, and keep it out of Git", Severity.WARNING)


def _what(service: Service, name: str) -> str:
    """What is wrong with a variable; nothing where it is well."""
    value = service.environment[name].value
    if name == "NEO4J_AUTH" and isinstance(value, str) and is_default(value.partition("/")[2]):
        return f"{name} has a value that everybody tries first"
    if (name.upper(), str(value).lower()) in LETTING_IN:
        return f"{name} lets everybody in without a password"
    if _NAME.search(name) and not _NO_SECRET.search(name):
        if any(_is_known(service, name, each) for each in _values(service, name)):
            return f"{name} has a value that everybody tries first"
    elif any(is_default_address(each) for each in _values(service, name)):
        return f"{name} has a password in it that everybody tries first"
    return ""


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
    return is_default(value) or (value != "" and value in known)


RULE = Rule(CODE, "default-password", Stage.SERVICE, Principle.P4, PAGE, check, Severity.WARNING)
