"""The hash of a password that is in the repository."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.secrets.values import Worth
from stems.validation.secrets.written import is_environment, written_secrets
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM603"
_CRYPT = "$6$rounds=656000$Kx7pQ2mV$" + "uW3zT9rLd5NcY8sBh1JfG6vXa4kEoPqRtUiM0"

PAGE = Page(
    checks="Hashes of passwords in configuration: `$6$…`, bcrypt, argon2, `.htpasswd`, also in labels of Traefik.",
    why="""A hash is no password, but with it passwords can be tried at home, a billion in a second for the older
kinds. It is usual where only few people read the repository, and not where it is public.""",
    instead="Keep it with the other secrets, or see that the password is long and used nowhere else.",
    bad={"ansible/group_vars/all.yml": f"owner_password: {_CRYPT}\n"},
    good={"ansible/group_vars/all.yml": 'owner_password: "{{ vault_owner_password_hash }}"\n'},
    also_bad=(
        {"app/.htpasswd": "owner:$apr1$x9Zt2Lq0$K1vN8rB3dY6wQ5mT7cJ4p.\n"},
        {"stack/compose.yml": "a:\n  labels:\n    - x.users=me:$$2y$$05$$Kx7pQ2mVuW3zT9rLd5NcY8sBh1Jf\n"},
    ),
    also_good=(
        {"docs/users.md": f"owner_password: {_CRYPT}\n"},
        {"ansible/group_vars/all.yml": f"# owner_password: {_CRYPT}\n"},
        {"bin/a.sh": "#!/bin/sh\nawk '{print $6, $2}' \"$1\"\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for secret in subject.once(written_secrets):
        if secret.worth is Worth.HASH and not is_environment(secret.file.path):
            place, remedy = secret.file.place(secret.line, secret.column), "keep it with the other secrets"
            yield Finding(CODE, place, "the hash of a password can be tried at home", remedy, Severity.NOTE)


RULE = Rule(CODE, "hash-in-git", Stage.SECURITY, Principle.P4, PAGE, check, Severity.NOTE)
