"""A variable of the cluster that nothing reads."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.cluster import CLUSTER_FILE
from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule
from stems.validation.sites import sites_of
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM114"

PAGE = Page(
    checks="""Variables of the cluster, of an architecture, a role or a node whose name stands in no other file of the
repository. What steers Compose or Ansible by its name is not meant, and nothing is said where a role from elsewhere or
a tool of another package may read it.""",
    why="""Somebody changes the value and waits for something to happen. Often the template reads another name: the
variable was renamed in one of the two places.""",
    instead="Remove it, or correct the name where it is read.",
    bad={
        "config/cluster.yml": cluster("""
            variables: {mail_domain: home.example, mail_relay: relay.example}
            domains:
              user: {tool: files, source: dotfiles}
            """),
        "dotfiles/.mailrc.j2": "set smtp={{ mail_relay }}\n",
    },
    good={
        "config/cluster.yml": cluster("""
            variables: {mail_domain: home.example, mail_relay: relay.example}
            domains:
              user: {tool: files, source: dotfiles}
            """),
        "dotfiles/.mailrc.j2": "set smtp={{ mail_relay }}\nset from=me@{{ mail_domain }}\n",
    },
    also_bad=(
        {
            "config/cluster.yml": cluster("""
                roles: {server: {variables: {BACKUP_HOUR: "4"}}}
                domains:
                  services: {tool: compose, source: services}
                services:
                  web: {node: gate}
                """),
            "services/web/compose.yml": """
                services:
                  web: {image: 'nginx:1.27', environment: {HOUR: '${BACKUP_HOURS:-3}'}}
                """,
        },
    ),
    also_good=(
        {
            "config/cluster.yml": cluster("""
                variables: {TAG: "1.27", COMPOSE_PROFILES: web}
                domains:
                  services: {tool: compose, source: services}
                services:
                  web: {node: gate}
                """),
            "services/web/compose.yml": "services: {web: {image: 'nginx:${TAG}'}}\n",
        },
        {
            "config/cluster.yml": cluster("""
                variables: {packages: [tmux]}
                domains:
                  system: {tool: ansible, source: ansible}
                """),
            "ansible/site.yml": "- hosts: all\n  tasks:\n    - package: {name: '{{ packages }}'}\n",
        },
        # It is read by way of another one.
        {
            "config/cluster.yml": cluster("""
                variables: {domain_name: home.example, mail: "post@{{ domain_name }}"}
                domains:
                  user: {tool: files, source: dotfiles}
                """),
            "dotfiles/.mailrc.j2": "set from={{ mail }}\n",
        },
        # A role from elsewhere may read it.
        {
            "config/cluster.yml": cluster("""
                variables: {docker_users: [owner]}
                domains:
                  system: {tool: ansible, source: ansible}
                """),
            "ansible/site.yml": "- hosts: all\n  roles: [geerlingguy.docker]\n",
            "ansible/requirements.yml": "roles: [{name: geerlingguy.docker, version: 7.4.1}]\n",
        },
        # Nothing is deployed yet.
        {"config/cluster.yml": cluster("variables: {mail_domain: home.example}")},
    ),
)

_BY_NAME = re.compile(r"COMPOSE_\w+|DOCKER_\w+|ANSIBLE_\w+|ansible_\w+|TZ|LANG|LC_\w+|STEMS_\w+")
_OWN = frozenset({"files", "chezmoi", "ansible", "compose", "systemd"})
_MOST = 500


def check(subject: Subject) -> Iterator[Finding]:
    places = _places(subject) if subject.jobs and _reads_all(subject) else {}
    for file in subject.files:
        if not places:
            return
        # In the file itself a name stands also where it gets its value.
        text, before = file.text, r"(?:\{\{[^{}\n]*|\$\{?)" if file.path == CLUSTER_FILE else r"(?<!\w)"
        for name in [name for name in places if name in text and _is_read(name, before, text)]:
            del places[name]
    for name, place in places.items():
        message = f"nothing reads the variable {name}"
        yield Finding(CODE, place, message, "remove it, or correct the name where it is read", Severity.NOTE)


def _reads_all(subject: Subject) -> bool:
    """Whether everything that may read one is here: no tool of another package, no role from elsewhere."""
    return all(tool.NAME in _OWN for tool, _ in subject.jobs) and not any(
        site.foreign_uses or site.requirements for site in subject.once(sites_of)
    )


def _places(subject: Subject) -> dict[str, Place]:
    """Where each name gets its first value."""
    cluster = subject.cluster
    found: dict[str, Place] = {}
    for keys, layer in cluster.layers():
        for name in layer:
            if not _BY_NAME.fullmatch(name) and len(found) < _MOST:
                found.setdefault(name, cluster.written.key_place(*keys, name))
    return found


def _is_read(name: str, before: str, text: str) -> bool:
    return re.search(rf"{before}\b{re.escape(name)}(?!\w)", text) is not None


RULE = Rule(CODE, "unused-variable", Stage.DEPENDENCIES, Principle.P3, PAGE, check, Severity.NOTE)
