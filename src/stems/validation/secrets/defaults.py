"""Passwords that everybody tries first, and where they are written outside of Compose files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stems.model.finding import Place
from stems.validation.ansible_trees import ansible_trees_of
from stems.validation.files import File
from stems.validation.secrets.lines import assignments
from stems.validation.secrets.names import secret_kind
from stems.validation.subject import Subject

_KNOWN = frozenset({
    "password", "passwd", "passw0rd", "p@ssw0rd", "password1", "password123", "pass",
    "admin", "admin123", "administrator", "adminadmin", "root", "toor", "secret", "supersecret", "default",
    "test", "test123", "test1234", "testing", "demo", "guest", "user", "letmein", "qwerty", "abc123", "123456",
    "12345678", "123456789", "1234567890", "1234", "12345", "postgres", "postgresql", "mysql", "mariadb",
    "redis", "mongo", "mongodb", "rabbitmq", "minioadmin", "elastic", "example", "mypassword", "yourpassword",
    "welcome", "raspberry", "pihole", "nextcloud", "grafana", "insecure", "dbpassword", "rootpassword",
    "vncpassword",
})  # fmt: skip
_TO_CHANGE = re.compile(r"change[-_. ]?(?:me|it|this)(?:[-_. ]?(?:please|now|later))?\d{0,4}!?", re.IGNORECASE)
_ADDRESS = re.compile(
    r"^[a-z][a-z0-9+.-]{1,20}://(?P<user>[^\s/:@${}]{0,80}):(?P<password>[^\s/@${}]{1,80})@", re.IGNORECASE
)
LETTING_IN = frozenset(
    {
        ("POSTGRES_HOST_AUTH_METHOD", "trust"),
        *((name, yes) for name in (
            "MYSQL_ALLOW_EMPTY_PASSWORD", "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", "MARIADB_ALLOW_EMPTY_PASSWORD",
            "ALLOW_EMPTY_PASSWORD",
        ) for yes in ("yes", "true", "1")),
    }
)  # fmt: skip
"""Variables of databases, and the values by which they ask for no password."""

_VARIABLES = re.compile(r"(?:^|/)(?:group|host)_vars/")
# A rule about playbooks is about these.
_CONNECTS = re.compile(r"ansible_\w*pass(?:word)?")
_SETTINGS = (".ini", ".conf", ".cnf", ".cfg", ".toml")
# In a file of settings these say how something is done, or that nothing is.
_WORDS = frozenset({"password", "passwd", "pass", "secret", "default", "user", "example", "test", "testing", "guest"})
_PASSWORD = ("password", "token")


@dataclass(frozen=True, slots=True)
class DefaultPassword:
    """A setting with a value that everybody tries first."""

    name: str
    place: Place


def is_default(value: str) -> bool:
    return value.lower() in _KNOWN or _TO_CHANGE.fullmatch(value) is not None


def is_default_address(text: str) -> bool:
    """Whether it is an address with a password that everybody tries first, or that is the name of the user."""
    found = _ADDRESS.match(text)
    return found is not None and (is_default(found["password"]) or found["password"] == found["user"])


def default_passwords(subject: Subject) -> Iterator[DefaultPassword]:
    """Those in variables of Ansible's nodes and groups, in units, and in files of settings."""
    for file in subject.files:
        passed_over = _passed_over(file)
        if passed_over is None or file.is_aside or file.is_documentation or file.is_encrypted:
            continue
        for found in assignments(file):
            is_password = (found.kind or secret_kind(found.name)) in _PASSWORD and not _CONNECTS.fullmatch(found.name)
            value = found.value.lower()
            # What is to be changed is a placeholder where nothing shows that it runs as it is.
            if is_password and value in _KNOWN and value not in passed_over and not _TO_CHANGE.fullmatch(value):
                yield DefaultPassword(found.name, file.place(found.line, found.column))
    yield from _of_plays(subject)


def _of_plays(subject: Subject) -> Iterator[DefaultPassword]:
    """Variables that plays and inventories give. Those of a role are there to be given another value."""
    for tree in subject.once(ansible_trees_of):
        for name, value, place in tree.variables_written():
            is_password = secret_kind(name) in _PASSWORD and not _CONNECTS.fullmatch(name)
            if is_password and str(value).lower() in _KNOWN and "/defaults/" not in f"/{place.path}":
                yield DefaultPassword(name, place)


def _passed_over(file: File) -> frozenset[str] | None:
    """Values that mean nothing in such a file; None where it is none to look at."""
    if _VARIABLES.search(file.path) or file.name.endswith(".service"):
        return frozenset()
    return _WORDS if file.name.endswith(_SETTINGS) else None
