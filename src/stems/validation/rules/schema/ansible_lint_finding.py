"""What ansible-lint finds in playbooks, roles and tasks."""

from __future__ import annotations

from stems.model.finding import Severity
from stems.model.principle import Principle
from stems.validation.codes import ANSIBLE_LINT
from stems.validation.page import Page
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

PAGE = Page(
    checks="""Playbooks with all that they include, by [ansible-lint](https://docs.ansible.com/projects/lint/) where
it is installed. It is asked in the folder of `ansible.cfg`, installs nothing and asks nothing over the network. A
`.ansible-lint` says what it looks for. Without one it is asked for what Ansible refuses or reads otherwise than it
is written: not for names, spaces and order, and not for modules and roles that may be installed elsewhere.""",
    why="""Ansible stops in the middle of a run at what could be seen before: by then half of a node has changed.""",
    instead="""Correct the task, or list the rule under `skip_list` in `.ansible-lint`. `# noqa: RULE` works, and so
do exceptions of stems. ansible-lint loads plugins of the repository: in one that you do not trust, use
`--no-linters`.""",
    bad={
        "ansible/site.yml": """
            - hosts: all
              tasks:
                - name: Restart the proxy
                  ansible.builtin.service: {name: proxy, state: restarted}
                  when: "{{ is_proxy }}"
            """,
    },
    good={
        "ansible/site.yml": """
            - hosts: all
              tasks:
                - name: Restart the proxy
                  ansible.builtin.service: {name: proxy, state: restarted}
                  when: is_proxy
            """,
    },
)

RULE = Rule(
    ANSIBLE_LINT, "ansible-lint-finding", Stage.SCHEMA, Principle.O1, PAGE, told(ANSIBLE_LINT), Severity.WARNING
)
