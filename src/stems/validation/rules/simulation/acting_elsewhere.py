"""A task that acts on another machine than its node."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM406"

PAGE = Page(
    checks="""`delegate_to`, `local_action`, `run_once`, `connection: local`, plays for localhost, and `serial`, which
has no effect. What only reads is not meant.""",
    why="""Nodes are deployed and taken back one by one. What a task does on another machine is done again for each of
them, and stays when the node is taken back.""",
    instead="""Move it to a playbook that stems does not run. To accept it, write `# stems: allow STM406: REASON`
above it.""",
    bad={
        "ansible/site.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.copy: {content: up, dest: /srv/state}
                  delegate_to: monitor.example
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
