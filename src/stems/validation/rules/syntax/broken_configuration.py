"""A configuration file of a known program that YAML cannot read."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject
from stems.validation.yaml_troubles import Trouble, yaml_troubles

CODE = "STM130"

PAGE = Page(
    checks="""YAML files whose reader is known by their name or folder - Ansible, CI workflows, pre-commit,
Prometheus, Traefik and so on - that YAML cannot read. Templates that are rendered first are not meant, nor custom
tags such as `!vault`, `!secret` and `!reference`.""",
    why="""The program stops at such a file, often long after the commit: a workflow that cannot be read does not
run, and nothing says so. A value that starts with `{{` is the most frequent case in playbooks: Ansible reads YAML
before it renders, so that the braces are a mapping.""",
    instead="Correct the line that the finding names, or the one above it: quotes, indentation, a tab.",
    bad={
        ".github/workflows/check.yml": """
            on: push
            jobs:
              lint:
                runs-on: ubuntu-latest
                 steps: []
            """,
    },
    good={
        ".github/workflows/check.yml": """
            on: push
            jobs:
              lint:
                runs-on: ubuntu-latest
                steps:
                  - run: echo "${{ github.sha }}"
            """,
    },
    also_bad=(
        {
            "provision/roles/web/tasks/main.yml": """
                - name: Install
                  ansible.builtin.apt:
                    name: {{ web_package }}
                """,
        },
        {"provision/group_vars/all.yml": "ntp_server: {{ gateway }}\n"},
        {"monitoring/prometheus.yml": "global:\n\tscrape_interval: 15s\n"},
        {"stack/traefik.yml": "providers:\n  docker: {}\n entryPoints: {}\n"},
        {".pre-commit-config.yaml": "repos:\n  - repo: https://example.org/a\n    hooks: [\n"},
        {".gitlab-ci.yml": "check:\n  script: *setup\n"},
        {"provision/playbooks/site.yml": '- hosts: all\n  tasks:\n    - debug: msg="a: "b"\n      when: "x\n'},
    ),
    also_good=(
        {"provision/roles/web/templates/site.yml": "server:\n{% for name in names %}\n  - {{ name }}\n{% endfor %}\n"},
        {"provision/roles/web/tasks/main.yml": "- debug: {msg: '{{ a }}'}\n- set_fact: {b: !unsafe '{{ c }}'}\n"},
        {"provision/group_vars/all/vault.yml": "$ANSIBLE_VAULT;1.1;AES256\n6238\n"},
        {"provision/group_vars/all.yml": "password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6238\n"},
        {".gitlab-ci.yml": "check:\n  script:\n    - !reference [.setup, script]\n"},
        {"home/configuration.yaml": "sensor: !include sensors.yaml\nkey: !secret key\n"},
        {"old/compose.yml": "services:\n\tweb: {}\n"},
        {"stack/compose.yml": "services:\n{{#each services}}\n  {{name}}:\n    image: {{image}}\n{{/each}}\n"},
        {"stack/compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    ports: !reset []\n"},
        # Another rule says it of a project.
        {"stack/compose.yaml": "services:\n  web:\n    image: nginx:1.27\n   ports: ['80:80']\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for trouble in subject.once(yaml_troubles):
        if trouble.is_known and not trouble.is_repeated_key:
            yield Finding(CODE, trouble.error.place, *_said(trouble))


def _said(trouble: Trouble) -> tuple[str, str]:
    if trouble.wants_quotes:
        return "a value starts with `{{`, which YAML takes for a mapping", 'put it in quotes: "{{ … }}"'
    return f"YAML cannot read this: {trouble.error.message}", "correct this line or the one above it"


RULE = Rule(CODE, "broken-configuration", Stage.SYNTAX, Principle.P2, PAGE, check)
