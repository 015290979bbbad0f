"""What a node without Docker, Compose or services means."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from stems.errors import ToolError
from stems.infrastructure.command import Result
from stems.model.service import Service
from stems.tools.base import Job, Preview, Site
from stems.tools.compose.preview import preview_node
from tests.support.fake import FakeRunner
from tests.unit.tools.compose.conftest import NODE, MakeJob

NO_DOCKER = "Docker is not on the node"
STOPPED = "Docker does not run on the node"


def previewed(job: Job, said: str) -> Preview:
    runner = FakeRunner({("/bin/sh", "-s"): Result(0, f"{said}\n@end\n".encode())})
    return preview_node(job, Site(NODE, runner, "/home/me", "/state", "/stage", "/checkout"))


@pytest.fixture
def elsewhere(make_job: MakeJob) -> Job:
    """A node on which no service is declared."""
    return make_job({"web/compose.yml": "services: {}"}, services=(Service("web", ("other",), "compose"),))


def test_a_node_without_services_needs_no_docker(elsewhere: Job) -> None:
    assert previewed(elsewhere, f"@blocked {NO_DOCKER}") == Preview()


def test_a_stopped_docker_may_have_orphans(elsewhere: Job) -> None:
    assert previewed(elsewhere, f"@blocked {STOPPED}").blocked == STOPPED


def test_a_node_without_services_needs_no_compose(elsewhere: Job) -> None:
    assert previewed(elsewhere, "@version 2.1.0\n@containers") == Preview(version="2.1.0")
    assert previewed(elsewhere, "@containers") == Preview()


def test_a_volume_that_a_service_left_is_named(elsewhere: Job) -> None:
    said = "@containers\n@volumes\n| web_data web"

    assert previewed(elsewhere, said).unmanaged == ("volume:web_data (left by web)",)


def test_a_node_with_services_needs_docker(elsewhere: Job) -> None:
    here = replace(elsewhere.cluster, services={"web": Service("web", ("crtr",), "compose")})

    assert previewed(replace(elsewhere, cluster=here), f"@blocked {NO_DOCKER}").blocked == NO_DOCKER


NAMED = """@version 2.40.3
@containers
| {container}
@project web
@digest web {digest} -
@service web
@uses "x:1"
@named "www"
@image sha256:1 x:1
@dry 0
| {{"id":"Container www","status":"Creating"}}
@running-mounts
| ["i",[]]"""


def test_a_missing_value_says_what_to_type(make_job: MakeJob) -> None:
    job = make_job({"web/compose.yml": "services: {web: {image: x, environment: {A: '${TOKEN}'}}}"})
    with pytest.raises(ToolError, match="a value missing for TOKEN") as raised:
        previewed(job, "@version 2.40.3\n@containers\n@project web\n@missing TOKEN")

    folder = "/checkout/services/web"
    typed = f"`umask 077; mkdir -p {folder}; vi {folder}/.env`"
    assert raised.value.remedy == f"on {NODE.name}, write TOKEN as KEY=value: {typed}"


@pytest.mark.parametrize(
    ("name", "cluster", "project", "refused"),
    [
        ("www", "", "other", "of the project other"),
        ("www", "another", "other", "of the project other"),
        ("www", "colab", "other", ""),
        ("wwww", "", "other", ""),
        ("www", "", "", ""),
    ],
)
def test_the_name_of_a_container_is_nobody_elses(
    make_job: MakeJob, name: str, cluster: str, project: str, refused: str
) -> None:
    """What this cluster made is removed first, and a container that was started by itself makes way."""
    job = make_job({"web/compose.yml": "services: {web: {image: x:1, container_name: www}}"})
    words = ["i", name, "running", "Up 1 hour", "x:1", cluster, "", "", project, "other", "", "", "2.40.3", "False"]
    said = NAMED.format(container=json.dumps(words), digest="d" * 64)
    if refused:
        with pytest.raises(ToolError, match=f"needs the name www, which a container {refused} has"):
            previewed(job, said)
    else:
        assert "container:www" in [change.resource for change in previewed(job, said).changes]
