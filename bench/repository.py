"""A repository of any size that is made up as real ones are: services, roles, dotfiles, scripts and pages."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from bench.place import call

NODES = ("crtr", "drtr", "prtr")

_COMPOSE = """\
services:
  app:
    image: registry.example/app-{number}:1.{number}
    restart: unless-stopped
    environment:
      GREETING: "${{greeting:-hello}}"
      APP_TOKEN_FILE: /run/secrets/token
      DATABASE_URL: postgres://app:${{DB_PASSWORD}}@store/app
    env_file: [app.env]
    ports: ["127.0.0.1:{port}:8080"]
    volumes: ["./app.conf:/etc/app.conf:ro", "data:/data"]
    healthcheck: {{test: [CMD, app, --check], interval: 10s}}
    depends_on: {{store: {{condition: service_healthy}}}}
    deploy: {{resources: {{limits: {{memory: 256M}}}}}}
  store:
    image: postgres:16.{number}
    restart: unless-stopped
    environment: {{POSTGRES_PASSWORD: "${{DB_PASSWORD}}"}}
    volumes: ["store:/var/lib/postgresql/data"]
    healthcheck: {{test: [CMD, pg_isready], interval: 10s}}
    mem_limit: 256m
volumes: {{data: {{}}, store: {{}}}}
"""
_ENV = "# What the database is opened with.\nDB_PASSWORD=\nGREETING=hello\n"
_CONF = "[server]\nlisten = 0.0.0.0:8080\nname = app-{number}\nworkers = 4\nlog = stdout\n"
_README = """\
# app-{number}

See [the settings](app.conf) and [the pages](../../docs/page-0.md).

## Restart

Nothing is lost.
"""
_TASKS = """\
- name: Packages of role {number}
  ansible.builtin.apt: {{name: "{{{{ role_{number}_packages }}}}", state: present}}
- name: Settings of role {number}
  ansible.builtin.template: {{src: app.conf.j2, dest: /etc/app-{number}.conf, mode: "0644"}}
  notify: Restart app-{number}
- name: Started
  ansible.builtin.systemd_service: {{name: app-{number}, state: started, enabled: true}}
  when: role_{number}_enabled
"""
_HANDLERS = (
    "- name: Restart app-{number}\n  ansible.builtin.systemd_service: {{name: app-{number}, state: restarted}}\n"
)
_DEFAULTS = "role_{number}_packages: [app-{number}]\nrole_{number}_enabled: true\n"
_TEMPLATE = "# {{{{ ansible_managed }}}}\nname = {{{{ node_name }}}}\n{{% if role_{number}_enabled %}}on{{% endif %}}\n"
_DOTFILE = "# shell settings {number}\nexport EDITOR=vim\nalias l{number}='ls -l'\n"
_SCRIPT = '#!/bin/sh\nset -eu\nfor file in /var/backups/*.{number}; do\n  echo "$file"\ndone\n'
_PAGE = "# Page {number}\n\nAbout [page](page-{number}.md) and [settings](../README.md).\n\n" + "Some words.\n" * 20
_SERVICE = """\
  app-{number}:
    node: {node}
    reason: Measured
    data: local
    checks: [{{http: "http://127.0.0.1:{port}/health", expect: 200}}]
"""


def made(folder: Path, count: int) -> Path:
    """A committed repository of about so many files, with a service for each six of them."""
    services, roles = count // 6, max(count // 40, 1)
    files = {
        "config/cluster.yml": _cluster(services),
        "README.md": "# Home\n",
        ".gitignore": ".env\napp.env\n",
        "ansible/site.yml": "- name: All\n  hosts: all\n  become: true\n  roles: "
        + f"[{', '.join(f'role_{number}' for number in range(roles))}]\n",
    }
    for number in range(services):
        files.update(_service(number))
    for number in range(roles):
        files.update(_role(number))
    files.update(islice(_rest(), max(count - len(files), 1)))
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    call("git", "init", "--quiet", str(folder))
    call("git", "-C", str(folder), "add", "--all")
    call(
        "git", "-C", str(folder), "-c", "user.name=bench", "-c", "user.email=bench@colab.example",
        "commit", "--quiet", "-m", "Begin",
    )  # fmt: skip
    return folder


def _cluster(services: int) -> str:
    nodes = "".join(f"  {name}: {{hostname: {name}, ssh: {{host: {name}.example, user: owner}}}}\n" for name in NODES)
    declared = "".join(
        _SERVICE.format(number=number, node=NODES[number % 3], port=20000 + number) for number in range(services)
    )
    return (
        "version: 1\ncluster: {name: home}\ncheckout: ~/home\nvariables: {greeting: hello}\n"
        f"nodes:\n{nodes}"
        "domains:\n  user: {tool: files, source: dotfiles}\n  system: {tool: ansible, source: ansible}\n"
        f"  services: {{tool: compose, source: services}}\nservices:\n{declared}"
    )


def _service(number: int) -> dict[str, str]:
    folder = f"services/app-{number}"
    return {
        f"{folder}/compose.yml": _COMPOSE.format(number=number, port=20000 + number),
        f"{folder}/env.template": _ENV,
        f"{folder}/app.conf": _CONF.format(number=number),
        f"{folder}/README.md": _README.format(number=number),
    }


def _role(number: int) -> dict[str, str]:
    folder = f"ansible/roles/role_{number}"
    return {
        f"{folder}/tasks/main.yml": _TASKS.format(number=number),
        f"{folder}/handlers/main.yml": _HANDLERS.format(number=number),
        f"{folder}/defaults/main.yml": _DEFAULTS.format(number=number),
        f"{folder}/templates/app.conf.j2": _TEMPLATE.format(number=number),
    }


def _rest() -> Iterator[tuple[str, str]]:
    number = 0
    while True:
        yield f"docs/page-{number}.md", _PAGE.format(number=number)
        yield f"dotfiles/.config/shell/{number}.sh", _DOTFILE.format(number=number)
        yield f"scripts/rotate-{number}.sh", _SCRIPT.format(number=number)
        number += 1
