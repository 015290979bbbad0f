"""What a node without Docker, Compose or services means."""

from __future__ import annotations

from dataclasses import replace

import pytest

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
