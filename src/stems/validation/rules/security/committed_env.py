"""An `.env` that is in the repository."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.secrets.written import is_environment, written_secrets
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM606"

PAGE = Page(
    checks="""Tracked files called `.env` with values, though none of them looks like a secret: `secrets-in-env` is
about those. Examples, templates and encrypted ones are not meant.""",
    why="""The `.env` is where the next secret will be written, and then `git commit -a` takes it along. stems keeps
each node's own `.env` out of Git.""",
    instead="""Commit an `env.template` that names the keys, let Git ignore `.env`, and put what is the same
everywhere under `variables` or into the Compose file.""",
    bad={"stack/.env": "TZ=Europe/Berlin\n"},
    good={"stack/env.template": "TZ=\n", ".gitignore": ".env\n"},
    also_bad=({".env": "PUID=1000\nPGID=1000\n"}, {"stack/.env.local": "DB_PASSWORD=changeme\n"}),
    also_good=(
        {"stack/.env.example": "TZ=Europe/Berlin\n"},
        {"stack/.env": "# nothing here\n"},
        {"stack/.env": "A=ENC[AES256_GCM,data:a1B2,iv:x,tag:y,type:str]\nsops_mac=ENC[x]\n"},
        {"stack/.env": "DB_PASSWORD=Winter2024!\n"},
        {"stack/app.env": "TZ=Europe/Berlin\n"},
        {"old/.env": "TZ=Europe/Berlin\n"},
        {"site.yml": "- hosts: a\n  roles: [b]\n", "roles/b/templates/.env.j2": "TZ={{ zone }}\nA=1\n"},
        {"stack/.env": "TZ=\nDB_PASSWORD=\n"},
    ),
)


_VALUE = re.compile(r"[ \t]*[^#=\s][^=]*=[ \t]*[^\s#]")


def check(subject: Subject) -> Iterator[Finding]:
    with_secrets = {secret.file.path for secret in subject.once(written_secrets)}
    for file in subject.files.named(".env", ".env.*"):
        if not is_environment(file.path) or file.path in with_secrets or file.is_aside or file.is_encrypted:
            continue
        line = next((n for n, text in enumerate(file.lines, 1) if _VALUE.match(text)), 0)
        if line:
            message = "an `.env` is in the repository, where the next secret will be written"
            remedy = "commit an `env.template` instead, and let Git ignore `.env`"
            yield Finding(CODE, file.place(line), message, remedy, Severity.WARNING)


RULE = Rule(CODE, "committed-env", Stage.SECURITY, Principle.D2, PAGE, check, Severity.WARNING)
