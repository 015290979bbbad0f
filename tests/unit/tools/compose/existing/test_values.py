"""What looks like a secret is found where it may be, and gets a name that nothing else has."""

from __future__ import annotations

import pytest

from stems.readers.yaml import read_yaml
from stems.tools.compose.existing.values import Names, suspicious, wanted_name


def found(text: str) -> list[tuple[str, str]]:
    document = read_yaml(text, "x").value
    return [(".".join(map(str, path)), wanted_name(path, value)[0]) for path, value in suspicious(document)]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("environment: {DB_PASSWORD: hunter2}", "DB_PASSWORD"),
        ("environment: {PASSWORD: 12345}", "PASSWORD"),
        ("environment: [DB_PASSWORD=hunter2]", "DB_PASSWORD"),
        ("environment: {DB_PASSWORD: '${DB_PW:-hunter2}'}", "DB_PW"),
        ("environment: {URL: 'postgres://me:hunter2@db/x'}", "URL"),
        ("command: redis-server --requirepass hunter2", "A_COMMAND"),
        ("command: [redis-server, --requirepass, hunter2]", "A_COMMAND_2"),
        ("healthcheck: {test: [CMD, redis-cli, --password, hunter2]}", "A_HEALTHCHECK_TEST_3"),
        ("build: {context: ., args: {NPM_TOKEN: hunter2}}", "NPM_TOKEN"),
    ],
)
def test_a_secret_is_found(body: str, name: str) -> None:
    assert [each for _, each in found(f"services:\n  a:\n    {body}\n")] == [name]


@pytest.mark.parametrize(
    "body",
    [
        "environment: {DB_PASSWORD: '${DB_PASSWORD}', TZ: Europe/Berlin}",
        "environment: [DB_PASSWORD=$DB_PASSWORD, DB_PASSWORD_FILE=/run/secrets/db]",
        "image: registry.example/secret:1.2",
        "extra_hosts: ['auth:192.0.2.1']",
        "secrets: [db_password]",
        "volumes: ['secrets:/data', './token:/token']",
    ],
)
def test_what_only_names_a_secret_is_none(body: str) -> None:
    assert found(f"services:\n  a:\n    {body}\n") == []


def test_secrets_beside_services_are_found() -> None:
    text = "x-env: &env {API_TOKEN: hunter2}\nservices: {a: {environment: *env}}\n"
    text += "configs: {c: {content: 'password: x1'}}\n"

    assert [name for _, name in found(text)] == ["API_TOKEN", "API_TOKEN", "C_CONTENT"]


def test_one_name_stands_for_one_value() -> None:
    names = Names()

    assert names.name("PASSWORD", 1, otherwise="web") == "PASSWORD"
    assert names.name("PASSWORD", 1, otherwise="db") == "PASSWORD"
    assert names.name("PASSWORD", 2, otherwise="my-db") == "MY_DB_PASSWORD"
    assert names.name("PASSWORD", 3, otherwise="my-db") == "MY_DB_PASSWORD_2"
    assert names.name("not.one", 4, otherwise="9") == "V_9_NOT_ONE"
