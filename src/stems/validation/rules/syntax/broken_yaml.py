"""A YAML file that YAML cannot read."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject
from stems.validation.yaml_troubles import yaml_troubles

CODE = "STM131"

PAGE = Page(
    checks="""Other files called `*.yml` or `*.yaml` that YAML cannot read. Templates - Jinja, Go, Handlebars, ERB
-, encrypted files, documentation and what lies aside are not meant.""",
    why="""Whoever reads it stops there, or was never run. It is an error only where it is known who reads it, which
`broken-configuration` says.""",
    instead="""Correct the line that the finding names or the one above it, or give a template the ending of its
language.""",
    bad={
        "dashboards/home.yaml": """
            title: Home
            cards:
              - type: gauge
               name: Load
            """,
    },
    good={
        "dashboards/home.yaml": """
            title: Home
            cards:
              - type: gauge
                name: Load
            """,
    },
    also_bad=(
        {"app/settings.yml": "server:\n\tport: 80\n"},
        {"app/settings.yml": "motd: 'It's on\nport: 80\n"},
        {"app/settings.yml": "names: [a, b\nport: 80\n"},
        {"app/settings.yml": "pattern: *.example.com\n"},
        {"app/settings.yml": "command: @daily\n"},
        {"app/many.yml": "a: 1\n---\nb: 2\n---\nc: {\n"},
    ),
    also_good=(
        {"app/many.yml": "a: 1\n---\nb: 2\n...\n---\n- c\n"},
        {"chart/templates/web.yaml": "kind: Service\n{{- if .Values.web }}\nspec: {}\n{{- end }}\n"},
        {"app/settings.yml.j2": "port: {{ port }}\n{% if tls %}\n\ttls: yes\n{% endif %}\n"},
        {"app/settings.yml": "port: {{ port }}\nname: {{ name | default('web') }}\n"},
        {"app/settings.yaml.tmpl": "{{ if .tls -}}\ntls: true\n{{ end -}}\n"},
        {"{{cookiecutter.name}}/settings.yml": "name: {{ cookiecutter.name }}\n"},
        {"stack/template.yaml": "Resources:\n  A: !Ref B\n  C: !Sub '${D}'\n  E: !GetAtt [F, G]\n"},
        {"app/settings.yml": "? [a, b]\n: c\n"},
        {"app/settings.yml": "a: &x {b: 1}\nc: {<<: *x, d: 2}\n"},
        {"tests/broken.yml": "a: [\n"},
        {"docs/snippet.yml": "a: [\n"},
        {"app/empty.yml": "# nothing yet\n"},
        {"app/sensor.yaml": 'on_boot: !lambda |-\n  return x["a"];\n'},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for trouble in subject.once(yaml_troubles):
        if not trouble.is_known and not trouble.is_repeated_key:
            message, remedy = f"YAML cannot read this: {trouble.error.message}", "correct this line or the one above it"
            yield Finding(CODE, trouble.error.place, message, remedy, Severity.WARNING)


RULE = Rule(CODE, "broken-yaml", Stage.SYNTAX, Principle.P2, PAGE, check, Severity.WARNING)
