"""A key of the system domain that only Ansible has."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.codes import PLAYBOOK_WITHOUT_ANSIBLE
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

PAGE = Page(
    checks="`playbook` and `inventory` under `domains.system` with another tool than Ansible.",
    why="The key is silently without effect: who changes it believes that another playbook runs.",
    instead="Remove the key.",
    bad={
        "config/cluster.yml": cluster("""
            domains:
              system: {tool: etc, source: etc, playbook: site.yml}
            """),
    },
    good={
        "config/cluster.yml": cluster("""
            domains:
              system: {tool: ansible, source: ansible, playbook: site.yml}
            """),
        "ansible/site.yml": "- {hosts: all, tasks: []}\n",
    },
)

RULE = Rule(
    PLAYBOOK_WITHOUT_ANSIBLE,
    "playbook-without-ansible",
    Stage.SCHEMA,
    Principle.P3,
    PAGE,
    told(PLAYBOOK_WITHOUT_ANSIBLE),
)
