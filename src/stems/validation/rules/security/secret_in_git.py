"""A token or a generated password that everybody with the repository has."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.secrets.values import Worth
from stems.validation.secrets.written import Secret, is_environment, written_secrets
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM601"
_RANDOM = "wJ3kQ9vT2m" + "Xc7LpZ8sRb4NdY"

PAGE = Page(
    checks="""Tokens whose shape says whose they are - AWS, GitHub, GitLab, Slack, Stripe, Telegram, Tailscale, JWT
and so on - in any file, and long random values of settings called `password`, `token`, `api_key` and the like.
Encrypted files, variables, placeholders, hashes, documentation, examples and tests are not meant.""",
    why="""Git keeps what was ever committed: whoever has a clone, a backup or the forge's account has the secret.
Tokens in repositories that became public are used within minutes.""",
    instead="""Revoke it first: it is known. Then keep the new one in the node's `.env`, in Ansible's vault, or in a
file that SOPS or age encrypts.""",
    bad={
        "ansible/group_vars/all.yml": f"""
            dns_provider: cloudflare
            dns_api_token: {_RANDOM}
            """,
    },
    good={
        "ansible/group_vars/all.yml": """
            dns_provider: cloudflare
            dns_api_token: "{{ vault_dns_api_token }}"
            """,
    },
    also_bad=(
        {
            "secrets/a.yml": f"api_token: {_RANDOM}\n",
            ".gitattributes": "secrets/** filter=git-crypt\nsecrets/a.yml !filter !diff\n",
        },
        {"bin/backup.sh": f"#!/bin/sh\nexport AWS_ACCESS_KEY_ID=AKIA{'Q3EXZ7JWPD5KTN2M'}\n"},
        {"app/config.toml": f"[git]\ntoken = 'ghp_{'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'}'\n"},
        {"bot/bot.conf": f"bot=812345678:AA{'Hk3jD9sLq2WmN8xZ5vB7cR1tY4uE6oPaG'}\n"},
        {"home/dot_config/tool/config.yaml": f"token: glpat-{'x7Kp2mQv9RtZ4wNs8LdB'}\n"},
        {"app/settings.json": f'{{"api_key": "{_RANDOM}"}}\n'},
        {"stack/compose.yml": f"services:\n  a:\n    image: a:1\n    environment:\n      - JWT_SECRET={_RANDOM}\n"},
        {"units/app.service": f'[Service]\nEnvironment="API_KEY={_RANDOM}"\nExecStart=/bin/app\n'},
        {"app/secrets.yaml": f"mqtt_password: '{_RANDOM}'\n"},
        {"archive/notes.txt": f"old: ghp_{'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'}\n"},
        {"app/config.xml": "<Config><ApiKey>0c5e1f7a9b3d4826a1c7e5f09d2b4863</ApiKey></Config>\n"},
        {"bot/main.py": f"API_KEY = '{_RANDOM}'\n"},
        {"bin/a.sh": f"#!/bin/sh\nagent run --token {_RANDOM}\n"},
        {"compose.yml": f"services:\n  a:\n    image: a:1\n    command: run --token eyJhIjoi{'NGQ2ZTk0YzE3' * 10}\n"},
        {"k8s/app.yaml": f"env:\n  - name: DB_PASSWORD\n    value: {_RANDOM}\n"},
        {"home/dot_bashrc": f"export TAILSCALE_KEY=tskey-auth-{'kA7bC9dE2fG4'}-{'hJ6kL8mN0pQ2rS4tU6vW8xY0zA2bC4dE'}\n"},
    ),
    also_good=(
        {"secrets/a.yml": f"api_token: {_RANDOM}\n", ".gitattributes": "secrets/** filter=git-crypt diff=git-crypt\n"},
        {"ansible/group_vars/all.yml": "token: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6238\n"},
        {"app/secrets.yaml": f"token: ENC[AES256_GCM,data:{_RANDOM},iv:a=,tag:b=,type:str]\nsops:\n  mac: x\n"},
        {"stack/compose.yml": 'services: {a: {image: "a:1", environment: {API_KEY: "${API_KEY}"}}}\n'},
        {"stack/compose.yml": f"services:\n  a:\n    image: a@sha256:{'0a1b2c3d' * 8}\n"},
        {"app/app.conf.j2": "api_key = {{ api_key }}\ntoken = <your-token-here>\n"},
        {"app/config.toml": "token = 'ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'\nkey = 'AKIAIOSFODNN7EXAMPLE'\n"},
        {"docs/tokens.md": f"token: ghp_{'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'}\n"},
        {"services/a/env.template": "API_KEY=\nSECRET_KEY=change-me-to-something-long-1234\n"},
        {"app/keys.yml": "ssh_key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 me@gate\npublic_key: MCowBQYDK2VwAyEA\n"},
        {"stack/compose.yml": "services: {a: {image: 'a:1', environment: {DB_PASSWORD_FILE: /run/secrets/db}}}\n"},
        {".github/workflows/a.yml": "jobs:\n  a:\n    permissions: {id-token: write}\n    env: {TOKEN: $TOKEN}\n"},
        {"bot/main.py": "API_KEY = os.environ['API_KEY']\nPASSWORD = 'Katze123'\n"},
        {"bin/a.sh": "#!/bin/sh\nagent run --token $TOKEN --token-file /run/secrets/a --secret id=npm\n"},
        {"tests/conftest.ini": f"api_key = {_RANDOM}\n"},
        {"app/config.yml": f"# api_key: {_RANDOM}\ntoken_url: https://id.example/oauth2/token?a1B2c3D4e5F6g7H8\n"},
        {"home/dot_gitconfig.tmpl": '[github]\n  token = {{ onepasswordRead "op://home/github/token" }}\n'},
        {"package-lock.json": f'{{"integrity": "sha512-{_RANDOM}", "token": "{_RANDOM}"}}\n'},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for secret in subject.once(written_secrets):
        if secret.worth is Worth.RANDOM and (secret.is_token or not is_environment(secret.file.path)):
            remedy = "revoke it, and keep the new one out of Git or encrypted"
            yield Finding(CODE, secret.file.place(secret.line, secret.column), _message(secret), remedy)


def _message(secret: Secret) -> str:
    if secret.is_token:
        return f"what looks like a {secret.name} is written here"
    return f"the value of `{secret.name}` looks like a real secret"


RULE = Rule(CODE, "secret-in-git", Stage.SECURITY, Principle.P4, PAGE, check)
