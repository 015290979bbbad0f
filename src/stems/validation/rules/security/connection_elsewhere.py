"""A variable of a playbook that tells Ansible another way to reach a node."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM407"

PAGE = Page(
    checks="Variables in plays, tasks, roles and `host_vars` that Ansible takes for its connection.",
    why="""They win over the address, account and host key that stems checks: a changed `ansible_host` runs the play
on another machine.""",
    instead="Remove it, and say with `ssh` of the node how it is reached.",
    bad={
        "ansible/site.yml": """
            - hosts: all
              vars: {ansible_host: 192.0.2.7}
              tasks: []
            """,
    },
    good={
        "ansible/site.yml": """
            - hosts: all
              vars: {greeting: hello}
              tasks: []
            """,
    },
    also_bad=(
        {
            "ansible/site.yml": """
                - hosts: all
                  tasks: []
                """,
            "ansible/host_vars/gate.yml": """
                ansible_ssh_common_args: -o StrictHostKeyChecking=no
                """,
        },
        {
            "ansible/site.yml": "- hosts: all\n  tasks: []\n",
            "ansible/host_vars/gate/main.yml": "port: 80\nansible_user: root\nansible_port: 2222\n",
        },
    ),
    also_good=(
        {
            "ansible/site.yml": "- hosts: all\n  tasks: []\n",
            "ansible/host_vars/old.yml": "ansible_host: 192.0.2.7\nansible_user: root\n",
        },
        {
            "ansible/site.yml": "- hosts: all\n  tasks: []\n",
            "ansible/host_vars/gate.yml": "# ansible_host: 192.0.2.7\nansible_python_interpreter: /usr/bin/python3\n",
        },
    ),
)

RULE = Rule(CODE, "connection-elsewhere", Stage.SECURITY, Principle.P4, PAGE, told(CODE))
