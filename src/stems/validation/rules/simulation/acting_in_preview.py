"""A task that acts while only a preview was asked for."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM405"

PAGE = Page(
    checks="""Tasks, plays and blocks with `check_mode: false`. One with `changed_when: false` and a command that
plainly reads is only a note; modules that never change anything, as `stat` or a `uri` that asks, are not meant.""",
    why="""`check_mode: false` makes Ansible carry out the task in every dry run. A plan would then change the node
before anybody approved it.""",
    instead="Remove it. A command that only reads needs `changed_when: false`.",
    bad={
        "ansible/site.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.command: /usr/sbin/update-firmware
                  check_mode: false
            """,
    },
    good={
        "ansible/site.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.command: /usr/sbin/update-firmware
            """,
    },
    also_bad=(
        {
            "ansible/site.yml": """
                - hosts: all
                  tasks:
                    - ansible.builtin.uri: {url: "http://127.0.0.1/reload", method: POST}
                      check_mode: false
                """,
        },
        {
            "ansible/site.yml": """
                - hosts: all
                  tasks:
                    - ansible.builtin.shell: systemctl is-active web
                      register: result
                      check_mode: false
                """,
        },
    ),
    also_good=(
        {
            "ansible/site.yml": """
                - hosts: all
                  tasks:
                    - ansible.builtin.uri: {url: "http://127.0.0.1/up", method: HEAD}
                      register: answer
                      check_mode: false
                    - ansible.builtin.stat: {path: /etc/web}
                      register: there
                      check_mode: false
                    - ansible.builtin.slurp: {src: /etc/hostname}
                      check_mode: no
                    - ansible.builtin.package_facts:
                      check_mode: false
                """,
        },
        {
            "ansible/site.yml": """
                - hosts: all
                  tasks:
                    # stems: allow STM405: the vendor's tool has no other way to tell
                    - ansible.builtin.command: /usr/sbin/firmware --version
                      check_mode: false
                """,
        },
    ),
)

RULE = Rule(CODE, "acting-in-preview", Stage.SIMULATION, Principle.P4, PAGE, told(CODE))
