"""What is a secret and what only looks like one, value by value and name by name."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from stems.validation.files import Files
from stems.validation.secrets.lines import assignments
from stems.validation.secrets.names import secret_kind
from stems.validation.secrets.tokens import tokens
from stems.validation.secrets.values import Worth, worth
from stems.validation.secrets.written import is_environment, written_secrets
from stems.validation.subject import NO_CLUSTER, Subject


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("DB_PASSWORD", "password"),
        ("dbPassword", "password"),
        ("POSTGRES_PASSWORD_2", "password"),
        ("mysql_root_passwd", "password"),
        ("psk", "password"),
        ("smtpPass", "password"),
        ("API_TOKEN", "token"),
        ("apiKey", "token"),
        ("APIKEY", "token"),
        ("aws_secret_access_key", "token"),
        ("JWT_SECRET", "token"),
        ("password_hash", "hash"),
        ("password_file", ""),
        ("update_password", ""),
        ("public_key", ""),
        ("tokens_per_day", ""),
        ("key", ""),
        ("keyboard", ""),
        ("compass", ""),
        ("bypass", ""),
        ("secret_name", ""),
        ("token_hash", ""),
        ("", ""),
    ],
)
def test_names_promise_a_secret_or_none(name: str, kind: str) -> None:
    assert secret_kind(name) == kind


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("Katze123", Worth.WORD),
        ("correct-horse-battery-staple", Worth.WORD),
        ("wJ3kQ9vT2mXc7LpZ8sRb4NdY", Worth.RANDOM),
        ("0c5e1f7a9b3d4826a1c7e5f09d2b4863", Worth.RANDOM),
        ("6f1c9a52-3b7d-4e80-9a4c-2d5e8f7b1c03", Worth.RANDOM),
        ("$6$Kx7pQ2mV$uW3zT9rLd5NcY8sBh1JfG6", Worth.HASH),
        ("changeme", Worth.NOTHING),
        ("ChangeMe123!", Worth.NOTHING),
        ("your_password_here", Worth.NOTHING),
        ("<password>", Worth.NOTHING),
        ("xxxxxxxxxxxx", Worth.NOTHING),
        ("********", Worth.NOTHING),
        ("${DB_PASSWORD}", Worth.NOTHING),
        ("$DB_PASSWORD", Worth.NOTHING),
        ("{{ db_password }}", Worth.NOTHING),
        ("ENC[AES256_GCM,data:x]", Worth.NOTHING),
        ("!vault", Worth.NOTHING),
        ("/run/secrets/db", Worth.NOTHING),
        ("op://home/db/password", Worth.NOTHING),
        ("db_password", Worth.NOTHING),
        ("DB_PASSWORD", Worth.NOTHING),
        ("true", Worth.NOTHING),
        ("", Worth.NOTHING),
        ("abc", Worth.NOTHING),
        ("a" * 5000, Worth.NOTHING),
        ("https://id.example/token", Worth.NOTHING),
        ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8z0v7a5bK2", Worth.NOTHING),
    ],
)
def test_values_are_secrets_or_stand_for_one(value: str, said: Worth) -> None:
    assert worth(value, is_password=True) is said


def test_a_token_that_may_be_a_name_is_none() -> None:
    assert worth("frontend-primary", is_password=False) is Worth.NOTHING
    assert worth("letters", is_password=False) is Worth.NOTHING


def test_the_token_of_every_provider_has_a_place() -> None:
    text = "a\nkey: AKIAQ3EXZ7JWPD5KTN2M\n"

    assert list(tokens(text)) == [(7, "AWS access key")]
    assert list(tokens(text.replace("Q3EXZ7JWPD5KTN2M", "IOSFODNN7EXAMPLE"))) == []


def test_lines_hold_several_and_others(tmp_path: Path) -> None:
    text = (
        "{user: a, password: one1}\n"
        "Environment=\"B_PASSWORD=two2\" 'C_TOKEN=three3'\n"
        "<!-- <Password>no</Password>\n<Password>no</Password>\n--> \n"
        "# password: no\n"
        "- name: D_SECRET\n  value: four4\n"
        "ldap://cn=a:five5@x\n"
    )
    (tmp_path / "a.xml").write_text(text)

    assert [(each.value, each.line) for each in assignments(Files(tmp_path, ["a.xml"])["a.xml"])] == [
        ("one1", 1),
        ("two2", 2),
        ("three3", 2),
        ("four4", 8),
        ("five5", 9),
    ]


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        (".env", True),
        ("a/.env.production", True),
        ("a/db.env", True),
        (".env.example", False),
        (".env.sample", False),
        ("env.template", False),
        (".env.default", False),
        (".envrc", False),
        ("environment", False),
    ],
)
def test_which_files_are_environments(path: str, is_one: bool) -> None:
    assert is_environment(path) is is_one


def test_hostile_lines_take_no_time(tmp_path: Path) -> None:
    unit = "password=" + "\\" * 300 + "'" + "x:" * 300
    hostile = ["token: " * 100_000, (unit + "\n") * 2000, "eyJ" * 300_000, "://" * 300_000, "ghp_" * 300_000]
    started = time.monotonic()
    for number, text in enumerate(hostile):
        (tmp_path / f"{number}.conf").write_text(text)
    written_secrets(Subject(NO_CLUSTER, files=Files(tmp_path, [f"{number}.conf" for number in range(len(hostile))])))

    assert time.monotonic() - started < 10
