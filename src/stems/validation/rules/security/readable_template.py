"""A file with secrets that Ansible writes for everybody to read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.ansible.repository.content import joined
from stems.tools.ansible.repository.search import places
from stems.tools.ansible.repository.site import Site
from stems.tools.ansible.repository.tasks import Task
from stems.validation.page import Example, Page
from stems.validation.rule import Rule
from stems.validation.sites import tasks_of
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM628"

_SECRET = re.compile(
    r"\{\{-?\s*(?P<name>\w{0,60}(?:vault_\w{1,60}|passwo?r?d|passphrase|secret(?:_key)?|api_?key|(?:api|auth|access)_token))"
    r"\s*[|}-]",
    re.IGNORECASE,
)
_MODE = re.compile(r"0?[0-7]{3}")
_OTHERS_READ = 0o004
_MOST = 64 * 1024


def _role(task: str, text: str, name: str = "app.env.j2") -> Example:
    return {
        "roles/app/tasks/main.yml": f"- ansible.builtin.template: {{{task}}}\n",
        f"roles/app/templates/{name}": text,
    }


PAGE = Page(
    checks="""Tasks with `template` whose `mode` lets every account read the file, where the template has a variable of
the vault in it, or one that is called like a password, secret, key or token.""",
    why="""The secret is encrypted in Git and then lies open on the node: every account and every service there can read
it.""",
    instead='Write `mode: "0600"`, or `0640` with the group of the service.',
    bad=_role('src: app.env.j2, dest: /opt/app/.env, mode: "0644"', "DB_PASSWORD={{ vault_db_password }}\n"),
    good=_role('src: app.env.j2, dest: /opt/app/.env, mode: "0600"', "DB_PASSWORD={{ vault_db_password }}\n"),
    also_bad=(
        _role("src: app.env.j2, dest: /opt/app/.env, mode: 'u=rw,g=r,o=r'", "A={{ app_secret_key }}\n"),
        _role('src: app.env.j2, dest: /opt/app/a.conf, mode: "644"', "token = {{ app_api_token | quote }}\n"),
        {
            "site.yml": "- hosts: all\n  tasks:\n    - template: src=a.j2 dest=/etc/a mode=0664\n",
            "templates/a.j2": "pass: {{ db_password }}\n",
        },
    ),
    also_good=(
        _role('src: app.env.j2, dest: /opt/app/.env, mode: "0640"', "A={{ vault_db_password }}\n"),
        _role('src: app.env.j2, dest: /opt/app/.env, mode: "0644"', "A={{ app_port }}\n"),
        _role("src: app.env.j2, dest: /opt/app/.env, mode: '{{ app_mode }}'", "A={{ vault_db_password }}\n"),
        _role("src: app.env.j2, dest: /opt/app/.env", "A={{ vault_db_password }}\n"),
        _role('src: app.env.j2, dest: /opt/app/.env, mode: "0644"', "{# {{ vault_x }} #}A={{ password_file }}\n"),
        _role(
            'src: app.env.j2, dest: /opt/app/.env, mode: "0644"', "A={{ app_password_length }}{{ ssh_public_key }}\n"
        ),
        _role('src: "{{ item }}.j2", dest: /opt/app/.env, mode: "0644"', "A={{ vault_db_password }}\n"),
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for site, task in tasks_of(subject):
        if task.module == "template":
            yield from _of(site, task)


def _of(site: Site, task: Task) -> Iterator[Finding]:
    arguments = task.arguments()
    source, mode = arguments.get("src"), arguments.get("mode")
    if not isinstance(source, str) or "{{" in source or not _is_open(mode):
        return
    found = next((path for path in _candidates(site, task, source) if path in site.content), "")
    secret = _SECRET.search(_without_comments(site.content.text(found)[:_MOST])) if found else None
    if secret:
        message = f"{basename(found)} has `{secret['name']}` in it, and every account of the node may read the file"
        yield Finding(CODE, task.at_argument("mode"), message, 'write `mode: "0600"`', Severity.WARNING)


def _without_comments(text: str) -> str:
    kept: list[str] = []
    while text:
        before, _, rest = text.partition("{#")
        kept.append(before)
        text = rest.partition("#}")[2]
    return "".join(kept)


def _candidates(site: Site, task: Task, source: str) -> Iterator[str]:
    return (joined(folder, source) for folder in places(site, task, "templates"))


def _is_open(mode: object) -> bool:
    if isinstance(mode, int):
        # YAML reads 0644 as octal; what is decimal means something else, and has a rule of its own.
        return not isinstance(mode, bool) and mode <= 0o777 and bool(mode & _OTHERS_READ)
    if not isinstance(mode, str) or "{{" in mode:
        return False
    return bool(int(mode, 8) & _OTHERS_READ) if _MODE.fullmatch(mode) else bool(re.search(r"(?:o|a)=\w*r", mode))


RULE = Rule(CODE, "readable-template", Stage.SECURITY, Principle.P4, PAGE, check, Severity.WARNING)
