"""What a service that is wanted becomes in the cluster file, and what is refused before anything is written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stems.errors import UsageError
from stems.lifecycle.service.mistakes import require_pinned, require_valid
from stems.lifecycle.service.wanted import COMPOSE, SYSTEMD, Wanted, usual_data, usual_health

WEB = Wanted("web", image="nginx:1.27.5", port="8080:80", health="/")
UNIT = Wanted("web", SYSTEMD, command="/usr/bin/web")


def test_an_entry_says_what_is_not_the_default() -> None:
    assert WEB.entry("gate", "It is on", COMPOSE) == {
        "node": "gate",
        "reason": "It is on",
        "requires": {"memory": "256M"},
        "checks": [{"http": "http://127.0.0.1:8080/", "expect": 200}],
    }


def test_an_entry_names_a_tool_that_is_not_the_usual_one() -> None:
    entry = replace(UNIT, gpu=1, data="local").entry("gate", "It is on", COMPOSE)

    assert (entry["tool"], entry["data"], entry["requires"]) == ("systemd", "local", {"memory": "256M", "gpu": 1})
    assert "checks" not in entry


def test_a_health_that_is_a_command_is_not_asked_for_over_http() -> None:
    assert replace(WEB, health="redis-cli ping").url == ""


def test_known_images_say_where_their_data_is_and_whether_they_speak_http() -> None:
    assert usual_data("docker.io/library/postgres:16.4") == ("local", "/var/lib/postgresql/data")
    assert usual_data("nginx:1.27.5") == ("none", "")
    assert (usual_health("redis:7.4"), usual_health("nginx:1.27.5")) == ("", "/")


@pytest.mark.parametrize("image", ["nginx:1.27.5", "registry.example:5000/team/web:1", f"nginx@sha256:{'0a' * 32}"])
def test_an_image_with_a_version_or_a_digest_is_pinned(image: str) -> None:
    require_pinned(image)


@pytest.mark.parametrize(
    ("image", "remedy"),
    [
        ("nginx", "--image nginx:VERSION"),
        ("nginx:latest", "--image nginx:VERSION"),
        ("registry.example:5000/team/web", "--image registry.example:5000/team/web:VERSION"),
        ("redis:alpine", "--image redis:VERSION"),
        ("nginx:1 && x", "IMAGE:TAG"),
        ("${IMAGE}", "IMAGE:TAG"),
    ],
)
def test_an_image_that_moves_is_refused_with_what_to_write(image: str, remedy: str) -> None:
    with pytest.raises(UsageError) as error:
        require_pinned(image)

    assert remedy in error.value.remedy


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (replace(WEB, health=""), "whether it is well"),
        (replace(WEB, port=""), "on which port"),
        (replace(WEB, port="0"), "not a port"),
        (replace(WEB, port="80:70000"), "not a port"),
        (replace(WEB, port="80;80"), "not a port"),
        (replace(WEB, health="/$(reboot)"), "not a path"),
        (replace(WEB, health="a\nb"), "one line"),
        (replace(WEB, command="say 'x"), "quote"),
        (replace(WEB, memory="256"), "unit"),
        (replace(WEB, memory="1M"), "less than 6M"),
        (replace(WEB, data="local"), "where in its image"),
        (replace(WEB, data="local", data_path="../x"), "where in its image"),
        (replace(WEB, data="shared", data_path="/data"), "where the shared data is"),
        (replace(WEB, data="shared", data_path="/srv/../etc:/data"), "where the shared data is"),
        (replace(WEB, secrets=("TOKEN=x",)), "name for a secret"),
        (replace(WEB, secrets=("NODE_NAME",)), "name for a secret"),
        (replace(UNIT, command="web"), "whole path"),
        (replace(UNIT, image="nginx:1.27.5"), "no image"),
        (replace(UNIT, secrets=("TOKEN",)), "no .env"),
        (replace(UNIT, health="/"), "health of a unit"),
        (replace(UNIT, data="shared"), "where the shared data is"),
    ],
)
def test_what_cannot_be_written_down_is_refused(wanted: Wanted, said: str) -> None:
    with pytest.raises(UsageError, match="web: ") as error:
        require_valid(wanted)

    assert said in error.value.problem


@pytest.mark.parametrize(
    "wanted", [WEB, UNIT, replace(UNIT, port="90", health="/x"), replace(WEB, port="", health="a")]
)
def test_what_is_complete_is_not(wanted: Wanted) -> None:
    require_valid(wanted)
