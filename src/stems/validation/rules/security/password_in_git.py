"""A password that is written in a file of the repository."""

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

CODE = "STM602"
_TRIALS = frozenset({"dev", "devel", "development", "vagrant"})

PAGE = Page(
    checks="""Settings called `password`, `passwd`, `psk`, `secret` and the like whose value is written out,
`user:password@` in addresses, passwords of commands, `.netrc` and `.pgpass`. Values that a machine seems to have
made are `secret-in-git`; in folders called `development` or `vagrant` it is a note. Variables, encrypted values,
placeholders, names of secrets, documentation, examples, tests and the throw-away databases of workflows are not
meant.""",
    why="""Everybody with a clone or a backup has it, and it cannot be changed without a commit: so it never is. The
same word is often the one of the router and the mail.""",
    instead="""Change it, and keep the new one in the node's `.env`, in Ansible's vault, or in a file that SOPS or
age encrypts; in the file stands its variable.""",
    bad={
        "ansible/group_vars/database.yml": """
            db_user: app
            db_password: Winter2024!
            """,
    },
    good={
        "ansible/group_vars/database.yml": """
            db_user: app
            db_password: "{{ vault_db_password }}"
            """,
    },
    also_bad=(
        {"stack/compose.yml": "services: {db: {image: 'postgres:16', environment: {POSTGRES_PASSWORD: hunter22}}}\n"},
        {
            "stack/compose.yml": "services:\n  a:\n    environment:\n      - DATABASE_URL=postgres://app:s3cr3tpw@db/app\n"
        },
        {"app/settings.ini": "[mail]\nuser = me\npassword = Katze123\n"},
        {"hosts": "[web]\nweb1 app_user=owner app_password=Gartenzaun7\n"},
        {"esp/secrets.yaml": 'wifi_ssid: home\nwifi_password: "correct-horse-battery"\n'},
        {"secrets/db_password.txt": "Gartenzaun7\n"},
        {".vault_pass": "Gartenzaun7\n"},
        {"bin/a.sh": "#!/bin/sh\nmysqldump -u root -pGartenzaun7 app >app.sql\n"},
        {"home/private_dot_config/msmtprc": "account a\npassword Gartenzaun7\n"},
        {"bin/dump.sh": "#!/bin/sh\nPGPASSWORD=Katze123 pg_dump app\nsshpass -p Katze123 ssh gate\n"},
        {"home/private_dot_netrc": "machine example.com login me password Katze123\n"},
        {"home/dot_pgpass": "db.example:5432:app:me:Katze123\n"},
        {"app/wpa_supplicant.conf": 'network={\n  ssid="home"\n  psk="gartenzaun"\n}\n'},
        {"app/config.php": "<?php\n$CONFIG = ['dbpassword' => 'Katze123'];\n"},
        {"k8s/app.yaml": "env:\n  - name: DB_PASSWORD\n    value: Katze123\n"},
        {"roles/app/templates/app.conf.j2": "host = {{ host }}\npassword = Katze123\n"},
    ),
    also_good=(
        {".github/workflows/a.yml": "jobs: {a: {services: {db: {env: {POSTGRES_PASSWORD: app_dev}}}}}\n"},
        {"stack/compose.yml": "services: {db: {image: 'postgres:16', environment: {POSTGRES_PASSWORD: changeme}}}\n"},
        {"ansible/group_vars/all.yml": "db_password: ''\nroot_password:\nother_password: null\nshow_password: true1\n"},
        {"ansible/group_vars/all.yml": "db_password: vault_db_password\nsecret: grafana-admin-secret\n"},
        {"app/settings.ini": "# password = Katze123\n; password = Katze123\npassword = ${DB_PASSWORD}\n"},
        {"ansible/roles/a/tasks/main.yml": "- user: {name: me, update_password: on_create, password: '{{ pw }}'}\n"},
        {"app/settings.ini": "password = <password>\nsecret = xxxxxxxx\ntoken = %TOKEN%\n"},
        {"README.md": "password: Katze123\n"},
        {"secrets/db_password.txt": "changeme\n", "secrets/README.txt": "Write them here.\n"},
        {".vault_pass": "#!/bin/sh\npass show vault\n", "bin/vault-pass": "$ANSIBLE_VAULT;1.1;AES256\n6162\n"},
        {"bin/a.sh": '#!/bin/sh\nmysqldump -u root -p"$PW" app\nmysql -h db -P3306 -psecret\n'},
        {"services/a/.env.example": "DB_PASSWORD=Katze123\n"},
        {"bin/ask.sh": '#!/bin/sh\nread -rsp "Password: " password\nPASSWORD="$(pass show db)"\n'},
        {"app/settings.yml": "password_min_length: 12\npassword_file: /etc/app/password\npassword_policy: strict\n"},
        {"home/private_dot_netrc.tmpl": 'machine example.com login me password {{ (bitwarden "x").password }}\n'},
        {"app/main.tf": "password = var.db_password\ntoken = data.vault.token\n"},
        {"stack/compose.yml": "services: {a: {image: 'a:1', environment: {URL: 'https://a.example:8443/x@y'}}}\n"},
        {"app/openapi.yml": "password:\n  type: string\n  format: password\n"},
        {"examples/a/settings.ini": "password = Katze123\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for secret in subject.once(written_secrets):
        if secret.worth is Worth.WORD and not is_environment(secret.file.path):
            place, remedy = secret.file.place(secret.line, secret.column), "change it, and write a variable here"
            severity = Severity.NOTE if _is_for_trials(secret.file.folder) else Severity.WARNING
            yield Finding(CODE, place, f"the value of `{secret.name}` is written here", remedy, severity)


def _is_for_trials(folder: str) -> bool:
    """Whether it is for machines that somebody makes and throws away."""
    return not _TRIALS.isdisjoint(folder.lower().split("/"))


RULE = Rule(CODE, "password-in-git", Stage.SECURITY, Principle.P4, PAGE, check, Severity.WARNING)
