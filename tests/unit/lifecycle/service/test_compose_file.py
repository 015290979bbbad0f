"""What is wanted stands in the Compose file of the template, in the place of what was there, and comments stay."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from stems.lifecycle.service.compose_file import compose_file, env_template
from stems.lifecycle.service.edited import edited
from stems.lifecycle.service.wanted import Wanted
from stems.lifecycle.template import Template, template_files
from stems.readers.env import read_env
from stems.readers.yaml import read_yaml

SHIPPED = {file.path: file.text for file in template_files(Template.SERVICE)}
WANTED = Wanted("grafana", image="grafana/grafana:11.3.0", port="8300:3000", health="/api/health", memory="512M")


def made(wanted: Wanted) -> str:
    return compose_file(SHIPPED["compose.yml"], wanted)


def service(wanted: Wanted) -> Any:
    document: Any = read_yaml(made(wanted), "compose.yml", strict=True).value
    return document["services"][wanted.name]


def test_a_project_has_all_that_rules_ask_for() -> None:
    document: Any = read_yaml(made(WANTED), "compose.yml", strict=True).value
    url = "http://127.0.0.1:3000/api/health"

    assert document == {
        "services": {
            "grafana": {
                "image": "grafana/grafana:11.3.0",
                "environment": {"NODE_NAME": "${NODE_NAME}"},
                "ports": ["127.0.0.1:8300:3000"],
                "restart": "unless-stopped",
                "mem_limit": "512m",
                "logging": {"driver": "json-file", "options": {"max-size": "10m", "max-file": "3"}},
                "healthcheck": {
                    "test": ["CMD-SHELL", f"wget -q -O /dev/null {url} || curl -fsS -o /dev/null {url}"],
                    "interval": "10s",
                    "timeout": "10s",
                    "retries": 3,
                    "start_period": "30s",
                },
            }
        }
    }


def test_comments_of_the_template_stay() -> None:
    before = [line for line in SHIPPED["compose.yml"].splitlines() if "#" in line and "volumes" not in line]

    after = made(WANTED)
    assert len(before) > 4
    assert all(f"#{line.partition('#')[2]}" in after for line in before)


def test_local_data_is_in_a_named_volume() -> None:
    wanted = replace(WANTED, data="local", data_path="/var/lib/grafana")
    document: Any = read_yaml(made(wanted), "compose.yml", strict=True).value

    assert document["services"]["grafana"]["volumes"] == ["data:/var/lib/grafana"]
    assert document["volumes"] == {"data": {}}


def test_shared_data_is_a_folder_of_the_node() -> None:
    wanted = replace(WANTED, data="shared", data_path="/srv/shared/grafana:/var/lib/grafana")
    document: Any = read_yaml(made(wanted), "compose.yml", strict=True).value

    assert document["services"]["grafana"]["volumes"] == ["/srv/shared/grafana:/var/lib/grafana"]
    assert "volumes" not in document


def test_a_command_and_what_says_that_it_is_well_reach_the_container_as_typed() -> None:
    wanted = replace(WANTED, port="", command="""worker --greet 'Say "hello" to $USER'""", health='test "$READY" = 1')

    assert service(wanted)["command"] == ["worker", "--greet", 'Say "hello" to $$USER']
    assert service(wanted)["healthcheck"]["test"] == ["CMD-SHELL", 'test "$$READY" = 1']
    assert "ports" not in service(wanted)


def test_graphics_processors_are_reserved() -> None:
    reserved = service(replace(WANTED, gpu=2))["deploy"]["resources"]["reservations"]

    assert reserved == {"devices": [{"driver": "nvidia", "count": 2, "capabilities": ["gpu"]}]}


def test_a_secret_is_named_and_has_no_value() -> None:
    wanted = replace(WANTED, secrets=("ADMIN_PASSWORD", "API_TOKEN"))
    keys = read_env(env_template(SHIPPED["env.template"], wanted), "env.template")

    assert service(wanted)["environment"]["API_TOKEN"] == "${API_TOKEN}"
    assert [(key.name, key.value) for key in keys] == [("ADMIN_PASSWORD", ""), ("API_TOKEN", "")]


def test_without_secrets_nothing_is_asked_of_the_node() -> None:
    assert read_env(env_template(SHIPPED["env.template"], WANTED), "env.template") == ()


@pytest.mark.parametrize("name", ["123", "no", "a.b", "1e5"])
def test_a_name_is_text_whatever_it_looks_like(name: str) -> None:
    assert service(replace(WANTED, name=name))["image"] == WANTED.image


def test_another_template_than_the_known_one_is_not_edited_by_luck() -> None:
    with pytest.raises(AssertionError, match="2 times"):
        edited("a b a", {"a": "c"})
