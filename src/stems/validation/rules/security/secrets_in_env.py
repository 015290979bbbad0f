"""An `.env` with secrets that is in the repository."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.secrets.values import Worth
from stems.validation.secrets.written import Secret, is_environment, written_secrets
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM605"
_MOST_NAMED = 4

PAGE = Page(
    checks="""Files called `.env`, `.env.NAME` and `NAME.env` in which a password, token or key has a value.
Examples and templates of them, encrypted ones, placeholders and variables are not meant.""",
    why="""It is the file that was meant to stay on the node. Once committed, its values are in every clone and
backup for ever, and a `.gitignore` that is written later does not take it out.""",
    instead="""Change the values, take the file out with `git rm --cached`, let Git ignore it, and commit an
`env.template` that names the keys.""",
    bad={
        "stack/.env": """
            TZ=Europe/Berlin
            DB_PASSWORD=Winter2024!
            """,
    },
    good={
        "stack/env.template": """
            TZ=
            DB_PASSWORD=
            """,
    },
    also_bad=(
        {"stack/.env.production": "API_TOKEN=0c5e1f7a9b3d4826a1c7e5f09d2b4863\n"},
        {"stack/db.env": "POSTGRES_USER=app\nPOSTGRES_PASSWORD='Katze123'\n"},
        {".env": "export SMTP_PASS=Katze123\n"},
    ),
    also_good=(
        {"stack/.env": "TZ=Europe/Berlin\nPUID=1000\n"},
        {"stack/.env": "DB_PASSWORD=changeme\nAPI_TOKEN=\nOTHER_TOKEN=${FROM_ELSEWHERE}\n"},
        {"stack/.env.example": "DB_PASSWORD=Katze123\n"},
        {"stack/.env.template": "DB_PASSWORD=Katze123\n"},
        {"stack/.env": "DB_PASSWORD=ENC[AES256_GCM,data:a1B2,iv:x,tag:y,type:str]\nsops_mac=ENC[x]\n"},
        {"stack/.env.j2": "DB_PASSWORD={{ db_password }}\n"},
        {"tests/.env": "DB_PASSWORD=Katze123\n"},
        {"stack/.env": "# DB_PASSWORD=Katze123\nDB_PASSWORD_FILE=/run/secrets/db\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    by_file: dict[str, list[Secret]] = defaultdict(list)
    for secret in subject.once(written_secrets):
        if secret.worth is not Worth.HASH and not secret.is_token and is_environment(secret.file.path):
            by_file[secret.file.path].append(secret)
    for secrets in by_file.values():
        first, names = secrets[0], [secret.name for secret in secrets]
        more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        message = f"the repository holds the values of {', '.join(names[:_MOST_NAMED])}{more}"
        remedy = "change them, `git rm --cached` the file, and commit an `env.template`"
        yield Finding(CODE, first.file.place(first.line, first.column), message, remedy)


RULE = Rule(CODE, "secrets-in-env", Stage.SECURITY, Principle.P4, PAGE, check)
