"""A file that holds data of people or of a running program, and belongs into a backup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.content import Kind
from stems.validation.files import File
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM619"
_BY_NAME = {
    re.compile(r".*\.tfstate(?:\.backup)?|terraform\.tfstate.*"): "the state of Terraform, with every secret in it",
    re.compile(
        r"\.(?:bash|zsh|psql|mysql|python|sqlite|node_repl)_history|\.?zhistory"
    ): "a history of what somebody typed",
    re.compile(r".*\.(?:kdbx?|1pux|keychain(?:-db)?)"): "the safe of a password manager",
    re.compile(r".*\.(?:p12|pfx|jks|keystore|keytab)"): "a store with private keys",
}
_DATABASE = re.compile(r".*\.(?:sqlite3?|db3?|mdb|rdb|pcapng|pcap)(?:-(?:wal|shm|journal))?")
_DUMPS = ("-- MySQL dump", "-- MariaDB dump", "-- PostgreSQL database dump", "-- Dump of", "PRAGMA foreign_keys=OFF;")
_ROWS = re.compile(r"^(?:INSERT INTO|COPY .{1,500} FROM stdin)", re.MULTILINE | re.IGNORECASE)

PAGE = Page(
    checks="""Tracked dumps of databases with rows, databases, the state of Terraform, histories of shells, safes of
password managers and stores of keys. Examples, tests and encrypted files are not meant.""",
    why="""Everybody with a clone has the data of that day for ever, passwords and mails included, and each new
version makes the clone larger. As a backup it is old when it is needed.""",
    instead="Take it out with `git rm --cached`, let Git ignore it, and back it up where it runs.",
    bad={
        "backup/app.sql": """
            -- PostgreSQL database dump
            CREATE TABLE users (name text, mail text);
            COPY users (name, mail) FROM stdin;
            ada	ada@example.com
            """,
    },
    good={
        "services.sql": """
            CREATE TABLE users (name text, mail text);
            """,
    },
    also_bad=(
        {"infra/terraform.tfstate": '{"version": 4}\n'},
        {"home/.zsh_history": "ls\n"},
        {"data/app.sqlite3": b"SQLite format 3\0"},
        {"keys.kdbx": b"\x03\xd9\xa2\x9a\0"},
        {"tls/web.p12": b"0\x82\x0a\0"},
    ),
    also_good=(
        {"sql/init.sql": "CREATE TABLE a (b int);\nINSERT INTO a VALUES (1);\n"},
        {"tests/app.sqlite3": b"SQLite format 3\0"},
        {"data/app.sql.age": "age-encryption.org/v1\n"},
        {"docs/history.md": "x\n"},
        {"home/.zshrc": "HISTFILE=~/.zsh_history\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for file in subject.files:
        what = _what(file)
        if what and not (file.is_aside or file.is_documentation or file.is_encrypted):
            # A database has no lines.
            place = file.place(1 if file.kind is Kind.TEXT else 0)
            remedy = "take it out with `git rm --cached`, and back it up where it runs"
            yield Finding(CODE, place, f"{what} is in the repository", remedy, Severity.WARNING)


def _what(file: File) -> str:
    name = file.name.lower()
    if "." not in name:
        return ""
    if name.endswith(".sql"):
        text = file.text
        is_dump = any(sign in text[:4000] for sign in _DUMPS) and _ROWS.search(text) is not None
        return "a dump of a database" if is_dump else ""
    # A zone of DNS is called `.db` too, and is text.
    if _DATABASE.fullmatch(name):
        return "a database of a running program" if file.kind in (Kind.BINARY, Kind.LARGE) else ""
    found = next((what for pattern, what in _BY_NAME.items() if pattern.fullmatch(name)), "")
    return found if found and file.kind not in (Kind.LINK, Kind.UNREADABLE) else ""


RULE = Rule(CODE, "committed-data", Stage.SECURITY, Principle.D2, PAGE, check, Severity.WARNING)
