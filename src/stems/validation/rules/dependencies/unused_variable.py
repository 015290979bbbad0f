"""A variable of the cluster that nothing reads."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.cluster import CLUSTER_FILE
from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.validation.ansible_trees import ansible_trees_of
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM114"

PAGE = Page(
    checks="""Variables of the cluster, of an architecture, a role or a node whose name stands in no other file of the
repository. What steers stems, Compose or Ansible by its name is not meant, nor what a template may put together
(`node.name ~ '_address'`). Nothing is said where a role from elsewhere or a tool of another package may read it.""",
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
        # The name is put together.
        {
            "config/cluster.yml": cluster("""
                variables: {gate_address: 192.0.2.11, mail_gate: "25", ups_gate_port: "3493"}
                domains:
                  user: {tool: chezmoi, source: dotfiles}
                  system: {tool: ansible, source: ansible}
                """),
            "dotfiles/dot_upsmonrc.tmpl": 'MONITOR {{ index . (printf "ups_%s_port" .node_name) }}\n',
            "ansible/site.yml": """
                - hosts: all
                  tasks:
                    - ansible.builtin.debug: {msg: "{{ vars['mail_' + node_name] }}"}
                    - ansible.builtin.template: {src: hosts.j2, dest: /etc/hosts}
                """,
            "ansible/templates/hosts.j2": "{{ lookup('ansible.builtin.vars', node.name ~ '_address') }} gate\n",
        },
        # Where the other nodes reach it: stems tells them.
        {
            "config/cluster.yml": cluster("""
                variables: {address: 192.0.2.11, ssh_port: 2222}
                domains:
                  user: {tool: files, source: dotfiles}
                """),
            "dotfiles/.mailrc.j2": "{% for node in nodes %}{{ node.address }}\n{% endfor %}",
        },
        # Nothing is deployed yet.
        {"config/cluster.yml": cluster("variables: {mail_domain: home.example}")},
    ),
)

_BY_NAME = re.compile(r"COMPOSE_\w+|DOCKER_\w+|ANSIBLE_\w+|ansible_\w+|TZ|LANG|LC_\w+|STEMS_\w+|address|ssh_port")
_JOINED = re.compile(
    r"""[~+]\s*['"](?P<end>\w{2,})['"]|['"](?P<start>\w{2,})['"]\s*[~+]|"(?P<left>\w*)%s(?P<right>\w*)\""""
)
"""Where a template puts a name together of a text and of what it does not know yet."""
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
        for start, end in _joined(text):
            for name in [name for name in places if name.startswith(start) and name.endswith(end)]:
                del places[name]
    for name, place in places.items():
        message = f"nothing reads the variable {name}"
        yield Finding(CODE, place, message, "remove it, or correct the name where it is read", Severity.NOTE)


def _joined(text: str) -> Iterator[tuple[str, str]]:
    """How names begin and end that are put together: they may be any of those."""
    for found in _JOINED.finditer(text) if "{{" in text or "{%" in text else ():
        start, end = found["start"] or found["left"] or "", found["end"] or found["right"] or ""
        if start or end:
            yield start, end


def _reads_all(subject: Subject) -> bool:
    """Whether everything that may read one is here: no tool of another package, no role from elsewhere."""
    return all(tool.NAME in _OWN for tool, _ in subject.jobs) and not any(
        tree.foreign_uses or tree.requirements for tree in subject.once(ansible_trees_of)
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


RULE = Rule(
    CODE, "unused-variable", Stage.DEPENDENCIES, Principle.P3, PAGE, check, Severity.NOTE, needs_every_file=True
)
