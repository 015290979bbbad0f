"""A variable that tells Ansible another way to reach a node."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.codes import CONNECTION_VARIABLE
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

PAGE = Page(
    checks="""Variables of the file that Ansible takes for its connection: `ansible_host`, `ansible_ssh_common_args`,
`ansible_host_key_checking` and so on.""",
    why="""Such a variable wins over the connection that stems gives to Ansible. `-o StrictHostKeyChecking=no`, copied
from an old inventory, turns off unseen what keeps another machine from being taken for the node.""",
    instead="Remove it, and say with `ssh` and `privilege` of the node how it is reached.",
    bad={
        "config/cluster.yml": cluster("""
            variables: {ansible_host_key_checking: false}
            """),
    },
    good={
        "config/cluster.yml": cluster("""
            variables: {greeting: hello}
            """),
    },
)

RULE = Rule(CONNECTION_VARIABLE, "connection-variable", Stage.SECURITY, Principle.P4, PAGE, told(CONNECTION_VARIABLE))
