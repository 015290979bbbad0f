"""A secret must never reach a plan, a log or a screen through a diff."""

from __future__ import annotations

import pytest

from stems.tools.redact import REDACTED, looks_secret, redacted, redacted_diff

SECRET_LINES = [
    "password: hunter2",
    "DB_PASSWORD=hunter2",
    '"apiKey": "hunter2",',
    'dbPassword = "hunter2"',
    "export API_TOKEN=hunter2",
    "PrivateKey = hunter2",
    "  psk=hunter2",
    "machine x.example login me password hunter2",
    "requirepass hunter2",
    "ExecStart=/usr/bin/x --token hunter2",
    "ExecStart=/usr/bin/x --token=hunter2",
    "url: https://me:hunter2@x.example/",
    "Authorization: Bearer hunter2",
    "password2: hunter2",
    "smtp_pass: hunter2 # old",
    "user: x, password: hunter2, other: y",
    "secret: 'hunter2'",
    "<password>hunter2</password>",
    "<db:Password type='x'>hunter2</db:Password>",
    "{name: DB_PASSWORD, value: hunter2}",
    '<add key="DbPassword" value="hunter2"/>',
]

HARMLESS_LINES = [
    "PasswordAuthentication no",
    "127.0.1.1 cooperator",
    "password_file: /run/secrets/db",
    "POSTGRES_PASSWORD: ${POSTGRES_PASSWORD}",
    "POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?set it in .env}",
    "passwordless: allowed",
    "monkey: banana",
    "keyboard: us",
    "image: busybox@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFV0dUxJTkVYQU1QTEVLRVlub3RyZWFsMTIz me",
    "ExecStart=/usr/local/lib/Some-Program/bin/start --config /etc/some/program/config.yml",
    "password\trequisite\tpam_deny.so",
    "passkeys are nice",
]


@pytest.mark.parametrize("line", SECRET_LINES)
def test_values_with_a_secret_name_are_taken_out(line: str) -> None:
    diff = redacted_diff("", f"a: 1\n{line}\nb: 2\n", path="/etc/x")

    assert "hunter2" not in diff
    assert REDACTED in diff
    assert "+a: 1" in diff and "+b: 2" in diff


@pytest.mark.parametrize("line", HARMLESS_LINES)
def test_ordinary_lines_stay_readable(line: str) -> None:
    assert f"+{line}" in redacted_diff("", line + "\n", path="/etc/x").splitlines()
    assert not looks_secret(line)


@pytest.mark.parametrize(
    "token",
    [
        "AKIAIOSFODNN7EXAMPLE",
        "ghp_0123456789abcdefghijklmnopqrstuvwxyz",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abcdefghijk",
        "$6$saltsalt$0123456789abcdefgh/IJKLMNOPQRST",
        "wJalrXUtnFEMI7K7MDENGbPxRfiCYEXAMPLEKEY9",
        "0123456789abcdef0123456789abcdef",
    ],
)
def test_values_shaped_like_a_secret_are_taken_out_wherever_they_are(token: str) -> None:
    assert token not in redacted_diff("", f"value {token} end\n", path="/etc/x")
    assert looks_secret(f"value {token} end")


def test_context_lines_are_redacted_too() -> None:
    diff = redacted_diff("password: hunter2\na: 1\n", "password: hunter2\na: 2\n", path="/etc/x")

    assert diff == f"--- /etc/x\n+++ /etc/x\n@@ -1,2 +1,2 @@\n password: {REDACTED}\n-a: 1\n+a: 2\n"


def test_a_changed_secret_still_shows_as_a_change() -> None:
    diff = redacted_diff("password: old1\n", "password: new1\n", path="/etc/x")

    assert f"-password: {REDACTED}\n+password: {REDACTED}\n" in diff
    assert "old1" not in diff and "new1" not in diff


def test_a_block_below_a_secret_name_is_taken_out() -> None:
    diff = redacted_diff(
        "", "password: |\n  one\n  two\nb: 2\ntokens:\n  - three\ntoken: {\n  four\n}\nc: 3\n", path="/etc/x"
    )

    assert not {"one", "two", "three", "four"} & set(diff.replace("+", " ").split())
    assert "+b: 2" in diff and "+c: 3" in diff


@pytest.mark.parametrize(
    "text",
    [
        "passwords:\n- hunter2\n- hunter2 too\n",
        "- passwords:\n  - hunter2\n",
        "password: 'abc\n  hunter2'\n",
        "password: abc\n  hunter2\n",
        "PASSWORD='abc\n\nhunter2'\n",
        "<password>\n  hunter2\n</password>\n",
        "- name: DB_PASSWORD\n  value: hunter2\n",
        "- value: hunter2\n  kind: x\n  name: DB_PASSWORD\n",
        '{\n  "name": "DB_PASSWORD",\n  "value": "hunter2"\n}\n',
        "- name: DB_PASSWORD\n  value: |\n    hunter2\n",
    ],
)
def test_a_value_on_other_lines_than_its_name_is_taken_out(text: str) -> None:
    diff = redacted_diff("", f"a: 1\n{text}b: 2\n", path="/etc/x")

    assert "hunter2" not in diff
    assert REDACTED in diff
    assert "+a: 1" in diff and "+b: 2" in diff


@pytest.mark.parametrize(
    "text",
    [
        "- name: GREETING\n  value: hello\n- name: DB_PASSWORD\n  from: x\n- value: z\n",
        "- password: x\n  user: hello\n- name: z\n",
        "secrets:\n- hello\n- z\n",
        "password: x\nuser: hello\nvalue: z\n",
    ],
)
def test_what_stands_beside_a_secret_stays_readable(text: str) -> None:
    diff = redacted_diff("", text, path="/etc/x")

    assert "hello" in diff and "z\n" in diff


@pytest.mark.parametrize("form", ["s3cr+t/x", "s3cr%2Bt%2Fx", "czNjcit0L3g="])
def test_known_secrets_are_taken_out_in_every_spelling(form: str) -> None:
    diff = redacted_diff("", f"a {form} b\n", path="/etc/x", secrets=["s3cr+t/x"])

    assert diff.endswith(f"+a {REDACTED} b\n")


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n", "/etc/x"),
        ("a\x00b", "/etc/x"),
        ("not \ufffd utf-8", "/etc/x"),
        ("anything\n", "/etc/ssl/private/site.key"),
        ("anything\n", "~/.ssh/id_ed25519"),
        ("root:x\n", "/etc/shadow"),
        ("x" * 300_000, "/etc/x"),
    ],
)
def test_what_cannot_be_proven_clean_is_not_shown(text: str, path: str) -> None:
    assert redacted_diff("", text, path=path) == ""


def test_a_missing_last_newline_shows() -> None:
    assert "\\ No newline at end of file" in redacted_diff("a\n", "a", path="/etc/x")


def test_control_characters_of_a_node_do_not_reach_a_terminal() -> None:
    assert "\x1b" not in redacted_diff("", "a \x1b[31m red\n", path="/etc/x")


def test_text_of_a_tool_is_redacted_line_by_line() -> None:
    assert redacted("ok\ntoken: hunter2\nend\n") == f"ok\ntoken: {REDACTED}\nend\n"


def test_a_file_that_is_for_secrets_holds_one_whatever_it_looks_like() -> None:
    """Its diff is not shown, so its digest must not be there to try words with."""
    line = "localhost:5432:app:me:plain words\n"

    assert not looks_secret(line, path="/home/me/notes")
    assert looks_secret(line, path="/home/me/.pgpass")
