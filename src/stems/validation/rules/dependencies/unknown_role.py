"""A role without variables whose name is nearly that of a role with some."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.model.suggestion import nearest
from stems.validation.codes import UNKNOWN_ROLE
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

PAGE = Page(
    checks="A role of a node that is not under `roles:`, and whose name is nearly that of one that is.",
    why="""A role needs no entry under `roles:`, so that a misspelt one is a role of its own: its node silently gets
none of the variables, and belongs to another group of Ansible.""",
    instead="Write the role that is meant, or give the other one an entry, `{}`.",
    bad={
        "config/cluster.yml": """
            version: 1
            cluster: {name: home}
            checkout: ~/home-config
            roles: {gateway: {variables: {ingress: true}}}
            nodes:
              gate: {hostname: gate, ssh: {host: gate.example}, role: gatewya}
            """,
    },
    good={
        "config/cluster.yml": """
            version: 1
            cluster: {name: home}
            checkout: ~/home-config
            roles: {gateway: {variables: {ingress: true}}}
            nodes:
              gate: {hostname: gate, ssh: {host: gate.example}, role: gateway}
            """,
    },
    also_good=(
        {
            "config/cluster.yml": """
                version: 1
                cluster: {name: home}
                checkout: ~/home-config
                roles: {gateway: {variables: {ingress: true}}}
                nodes:
                  gate: {hostname: gate, ssh: {host: gate.example}, role: storage}
                """,
        },
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    cluster = subject.cluster
    for name, node in cluster.nodes.items():
        meant = nearest(node.role, cluster.roles) if node.role and node.role not in cluster.roles else ""
        if meant:
            place = cluster.written.place("nodes", name, "role")
            message = f"nodes.{name}.role: `{node.role}` is not under `roles:`; did you mean `{meant}`?"
            yield Finding(
                UNKNOWN_ROLE, place, message, f"write `{meant}`, or add `{node.role}: {{}}`", Severity.WARNING
            )


RULE = Rule(UNKNOWN_ROLE, "unknown-role", Stage.DEPENDENCIES, Principle.P3, PAGE, check, Severity.WARNING)
