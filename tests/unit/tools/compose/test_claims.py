"""Projects, containers and ports are claimed as far as the repository says them."""

from __future__ import annotations

import pytest

from stems.model.claim import Certainty
from stems.model.service import Service
from stems.tools.compose.tool import claims
from stems.validation.ownership import claims_of, clashes_of
from tests.unit.tools.compose.conftest import NODE, MakeJob

GOOD = "services:\n  web:\n    image: busybox:1\n"
TWO = "    ports: ['80:80']\n  more:\n    image: busybox:1\n    ports: ['127.0.0.1:80:80']\n"


def claimed(make_job: MakeJob, text: str, **variables: object) -> list[str]:
    """What is certain, without the project; what is not, with a word before it."""
    words = {Certainty.CERTAIN: "", Certainty.POSSIBLE: "perhaps ", Certainty.UNKNOWN: "unknown "}
    job = make_job({"web/compose.yml": GOOD + text}, **variables)
    return [words[claim.certainty] + claim.resource for claim in claims(job, NODE)][1:]


def clashes(make_job: MakeJob, files: dict[str, str], *services: Service) -> list[tuple[str, str, str, bool]]:
    job = make_job(files, services=services)

    class Tool:
        NAME = "compose"
        claims = staticmethod(claims)

    found = clashes_of(claims_of(job.cluster, [(Tool, job)]))  # type: ignore[list-item]  # only claims are asked for
    return [
        (each.second.claim.resource, str(each.first.claim.place), str(each.second.claim.place), each.is_certain)
        for each in found
    ]


def test_claims_name_projects_containers_and_ports(make_job: MakeJob) -> None:
    ports = '    container_name: www\n    ports: ["127.0.0.1:80:8080", "53:53/udp", {published: 9, target: 9}, "7"]\n'
    job = make_job({"web/compose.yml": GOOD + ports})

    assert [claim.resource for claim in claims(job, NODE)] == [
        "project:web", "container:www", "port:127.0.0.1:80/tcp", "port:*:53/udp", "port:*:9/tcp",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "container:web-web-1"),
        ("    scale: 0\n", ""),
        ("    deploy: {replicas: 2}\n", ""),
        ("    deploy: {resources: {limits: {memory: 1G}}}\n", "container:web-web-1"),
        ("    scale: 1\n    profiles: [debug]\n    ports: ['80:80']\n", "perhaps port:*:80/tcp"),
        ("    scale: 1\n    network_mode: host\n    ports: ['80:80']\n", ""),
        ("    scale: 1\n    ports: ['${port}:80']\n", "port:*:8080/tcp"),
        ("    scale: 1\n    ports: ['${OTHER:-81}:80']\n", "perhaps port:*:81/tcp"),
        ("    scale: 1\n    ports: ['${OTHER}:80']\n", "unknown port:${OTHER}:80"),
        ("    scale: 1\n    ports: [{published: '7-8', target: 80, host_ip: '::1'}]\n",
         "perhaps port:[::1]:7/tcp, perhaps port:[::1]:8/tcp"),
        ("    container_name: ${NODE_NAME}-www\n", "container:crtr-www"),
        ("    container_name: ${OTHER:-www}\n", "perhaps container:www"),
    ],
)  # fmt: skip
def test_what_is_claimed_and_how_surely(make_job: MakeJob, text: str, expected: str) -> None:
    assert ", ".join(claimed(make_job, text, port=8080)) == expected


def test_two_services_with_one_project_are_found(make_job: MakeJob) -> None:
    one = Service("b", ("crtr",), "compose", project="x")
    files = {"a/compose.yml": f"name: x\n{GOOD}", "b/compose.yml": GOOD.replace("web", "other")}

    assert clashes(make_job, files, Service("a", ("crtr",), "compose"), one) == [
        ("project:x", "services/a/compose.yml:1:7", "config/cluster.yml", True)
    ]


def test_two_services_may_have_each_others_names(make_job: MakeJob) -> None:
    services = (Service("a", ("crtr",), "compose", project="b"), Service("b", ("crtr",), "compose", project="a"))

    assert clashes(make_job, {"a/compose.yml": GOOD, "b/compose.yml": GOOD}, *services) == []


def test_two_containers_with_one_name_are_found(make_job: MakeJob) -> None:
    named = GOOD + "    container_name: ${NODE_NAME}-www\n"

    assert clashes(make_job, {"a/compose.yml": named, "b/compose.yml": named}) == [
        ("container:crtr-www", "services/a/compose.yml:4:21", "services/b/compose.yml:4:21", True)
    ]


def test_names_that_compose_makes_may_be_one(make_job: MakeJob) -> None:
    files = {"a/compose.yml": "services: {b-c: {image: x}}\n", "a-b/compose.yml": "services: {c: {image: x}}\n"}

    assert [found[0] for found in clashes(make_job, files)] == ["container:a-b-c-1"]


def test_two_parts_of_one_file_cannot_listen_on_one_port(make_job: MakeJob) -> None:
    assert clashes(make_job, {"web/compose.yml": GOOD + TWO}) == [
        ("port:127.0.0.1:80/tcp", "services/web/compose.yml:4:13", "services/web/compose.yml:7:13", True)
    ]


def test_an_override_is_claimed_where_it_is_written(make_job: MakeJob) -> None:
    files = {"web/compose.yml": GOOD, "web/compose.override.yml": "services:\n  web:\n    ports: ['80:80']\n"}
    places = [str(claim.place) for claim in claims(make_job(files), NODE) if claim.resource.startswith("port:")]

    assert places == ["services/web/compose.override.yml:3:13"]
