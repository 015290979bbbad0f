"""A text that is made a Compose file first is told from one in which Docker replaces something itself."""

from __future__ import annotations

import pytest

from stems.validation.filled_in import is_filled_in


@pytest.mark.parametrize(
    "line",
    [
        "    image: {{ web_image }}",
        '    image: "{{ web_image }}:1.27"',
        "    image: nginx:{{ web_version | default('1.27') }}",
        "    image: {{ .Values.image }}",
        "    - {{ item }}",
        '    hostname: "{{ .chezmoi.hostname }}"',
        "{% for app in apps %}",
        "{%- if tls -%}",
        "  {{#each services}}",
        "  {{> web}}",
        '    hostname: "{{ inventory_hostname }}"',
        '    image: "{{ env `IMAGE` }}"',
    ],
)
def test_what_somebody_fills_in_first_is_a_template(line: str) -> None:
    assert is_filled_in(f"services:\n  web:\n{line}\n")


@pytest.mark.parametrize(
    "line",
    [
        '      tag: "{{.ImageName}}/{{.Name}}"',
        "    test: docker inspect --format '{{json .State.Health}}' web",
        "    command: ps --format '{{ .Names }}'",
        "      - --providers.docker.defaultRule=Host(`{{ normalize .Name }}.home.example`)",
        "      - --providers.docker.defaultRule=Host(`{{ trimSuffix `-x` .Name }}.home.example`)",
        '      homepage.widget.key: "{{HOMEPAGE_VAR_KEY}}"',
        "        {{- if .Report -}}",
        "        {{- end -}}",
        "        {{range .}}{{.Message}}{{println}}{{end}}",
        "    # image: {{ web_image }}",
        "    command: curl -w '%{http_code}'",
        '        sed -e "s|{{USERNAME}}|$$NAME|g" /tmp/a',
        "    labels: {a: {b: c}}",
    ],
)
def test_what_docker_fills_in_itself_is_none(line: str) -> None:
    assert not is_filled_in(f"services:\n  web:\n{line}\n")


def test_a_long_text_is_looked_at_in_time() -> None:
    assert not is_filled_in("{{.A}}" * 100_000)
    assert not is_filled_in("{{ " * 100_000)
