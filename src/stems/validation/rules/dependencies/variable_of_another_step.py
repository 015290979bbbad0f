"""A variable or a group that a play of another step makes."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM409"

PAGE = Page(
    checks="""What a play registers, sets as a fact or adds as a host, where it is applied once for all nodes and
another play, which is done node by node, uses it; and the other way round.""",
    why="""Each step is a run of `ansible-playbook` of its own. A token that a play for localhost fetches would be there
in the preview, where all plays run together, and be undefined in the middle of the deployment.""",
    instead="Put both into one play, or hand it on as a file.",
    bad={
        "ansible/site.yml": """
            - hosts: localhost
              tasks:
                - ansible.builtin.command: make-token
                  register: token
            - hosts: all
              tasks:
                - ansible.builtin.copy: {content: "{{ token.stdout }}", dest: /srv/token}
            """,
    },
    good={
        "ansible/site.yml": """
            - hosts: localhost
              tasks:
                - ansible.builtin.command: make-token --to /srv/token
            - hosts: all
              tasks:
                - ansible.builtin.copy: {src: /srv/token, dest: /srv/token}
            """,
    },
)

RULE = Rule(CODE, "variable-of-another-step", Stage.DEPENDENCIES, Principle.P3, PAGE, told(CODE))
