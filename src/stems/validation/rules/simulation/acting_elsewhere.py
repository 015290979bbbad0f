"""A play that is for all nodes at once."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM406"

PAGE = Page(
    checks="""Plays for localhost, and plays that hold `run_once`, `delegate_to` another machine, `local_action` or
`connection: local`. They are group steps: applied once for all nodes, before the first or after the last. A note says
so. Between plays that are done node by node one is an error. `serial` has no effect. What only reads is not meant.""",
    why="""Nodes are deployed and taken back one by one. A play that adds each node to a load balancer of all has no
place in that order: in the middle it would run against nodes of which some are new and some are old.""",
    instead="""Move it to the beginning or the end of the playbook. `# stems: allow STM406: REASON` above such a play
means that it may come after the last node; above a task, that it is done with the part of each node.""",
    bad={
        "ansible/site.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.copy: {content: up, dest: /srv/state}
            - hosts: localhost
              tasks:
                - ansible.builtin.copy: {content: up, dest: /srv/built}
            - hosts: all
              tasks:
                - ansible.builtin.copy: {content: well, dest: /srv/health}
            """,
    },
    good={
        "ansible/site.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.copy: {content: up, dest: /srv/state}
            """,
    },
    also_good=(
        {
            "ansible/site.yml": """
                - hosts: all
                  tasks:
                    - ansible.builtin.stat: {path: /srv/state}
                      delegate_to: localhost
                      register: found
                """,
        },
    ),
)

RULE = Rule(CODE, "acting-elsewhere", Stage.SIMULATION, Principle.O5, PAGE, told(CODE))
