"""Projects, containers and ports are claimed as far as the repository says them."""

from __future__ import annotations

from dataclasses import replace

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
        ("    deploy: {replicas: 2}\n", "container:web-web-1, container:web-web-2"),
        ("    scale: ${OTHER:-2}\n", ""),
        ("    scale: 0\n    ports: ['80:80']\n", ""),
        ("    deploy: {resources: {limits: {memory: 1G}}}\n", "container:web-web-1"),
        ("    profiles: [debug]\n    ports: ['80:80']\n", "perhaps container:web-web-1, perhaps port:*:80/tcp"),
        ("    network_mode: bridge\n    ports: ['80:80']\n", "container:web-web-1, port:*:80/tcp"),
        ("    network_mode: host\n    ports: ['80:80']\n", "container:web-web-1"),
        ("    container_name: www\n    ports: ['${port}:80']\n", "container:www, port:*:8080/tcp"),
        ("    container_name: www\n    ports: ['${OTHER:-81}:80']\n", "container:www, perhaps port:*:81/tcp"),
        ("    container_name: www\n    ports: ['${OTHER}:80']\n", "container:www, unknown port:${OTHER}:80"),
        ("    container_name: www\n    ports: [{published: '7-8', target: 80, host_ip: '::1'}]\n",
         "container:www, perhaps port:[::1]:7/tcp, perhaps port:[::1]:8/tcp"),
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


PROFILES = "services:\n  web: {image: x:1, profiles: [debug, more], ports: ['80:80']}\n"


@pytest.mark.parametrize(
    ("env", "variable", "word"),
    [
        (None, None, "perhaps "),
        ("COMPOSE_PROFILES=other,debug\n", None, ""),
        ("COMPOSE_PROFILES=*\n", None, ""),
        ("A=1\n", None, None),
        ("COMPOSE_PROFILES=other\n", "more", ""),
        (None, "other", None),
    ],
)
def test_a_profile_decides_what_is_part_of_the_project(
    make_job: MakeJob, env: str | None, variable: str | None, word: str | None
) -> None:
    files = {"web/compose.yml": PROFILES, **({} if env is None else {"web/.env": env})}
    job = make_job(files, **({} if variable is None else {"COMPOSE_PROFILES": variable}))
    words = {Certainty.CERTAIN: "", Certainty.POSSIBLE: "perhaps "}
    found = [words[claim.certainty] + claim.resource for claim in claims(job, NODE)][1:]

    assert found == ([] if word is None else [f"{word}container:web-web-1", f"{word}port:*:80/tcp"])


def test_a_service_that_is_asked_for_by_name_needs_no_profile(make_job: MakeJob) -> None:
    job = make_job({"web/compose.yml": PROFILES}, services=(Service("web", ("crtr",), "compose", only=("web",)),))

    assert {claim.certainty for claim in claims(job, NODE)} == {Certainty.CERTAIN}


BASE = "services:\n  base:\n    image: x:1\n    ports: ['80:80']\n"


def test_a_service_claims_what_it_extends_and_not_what_it_replaces(make_job: MakeJob) -> None:
    files = {
        "web/compose.yml": "services:\n  web:\n    extends: {file: ../common/base.yml, service: base}\n",
        "common/base.yml": BASE,
        "web/compose.override.yml": "services:\n  web:\n    ports: ['81:81']\n",
    }
    service = Service("web", ("crtr",), "compose")

    def ports() -> list[tuple[str, str]]:
        found = claims(make_job(files, services=(service,)), NODE)
        return [(one.resource, str(one.place)) for one in found if one.resource.startswith("port:")]

    assert ports() == [
        ("port:*:80/tcp", "services/common/base.yml:4:13"),
        ("port:*:81/tcp", "services/web/compose.override.yml:3:13"),
    ]
    files["web/compose.override.yml"] = "services:\n  web:\n    ports: !override ['81:81']\n"
    assert ports() == [("port:*:81/tcp", "services/web/compose.override.yml:3:23")]
    files["web/compose.override.yml"] = "services:\n  web:\n    ports: !reset []\n"
    assert ports() == []


def test_the_files_are_those_that_compose_would_take(make_job: MakeJob) -> None:
    port = "services:\n  web:\n    image: x:1\n    ports: ['{0}:80']\n"
    files = {f"web/{name}": port.format(number) for name, number in
             (("compose.yml", 1), ("compose.override.yml", 2), ("more/a.yml", 3), ("b.yml", 4))}  # fmt: skip

    def ports() -> list[str]:
        found = claims(make_job(files), NODE)
        return [one.resource for one in found if one.resource.startswith("port:")]

    assert ports() == ["port:*:1/tcp", "port:*:2/tcp"]
    files["web/env.template"] = "COMPOSE_FILE=b.yml:more/a.yml\n"
    assert ports() == ["port:*:4/tcp", "port:*:3/tcp"]
    files["web/.env"] = "COMPOSE_PATH_SEPARATOR=,\nCOMPOSE_FILE=compose.yml,b.yml\n"
    assert ports() == ["port:*:1/tcp", "port:*:4/tcp"]


@pytest.mark.parametrize("name", ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"])
def test_every_usual_name_is_read_with_its_override(make_job: MakeJob, name: str) -> None:
    stem, _, ending = name.rpartition(".")
    files = {f"web/{name}": GOOD, f"web/{stem}.override.{ending}": "services:\n  web:\n    ports: ['80:80']\n"}

    assert "port:*:80/tcp" in [one.resource for one in claims(make_job(files), NODE)]


def test_an_included_file_has_its_own_folder_and_values(make_job: MakeJob) -> None:
    files = {
        "web/compose.yml": f"include: [../common/base.yml]\n{GOOD}",
        "common/base.yml": BASE.replace("80:80", "${PORT}:${INNER}"),
        "common/.env": "PORT=8080\nINNER=7\n",
        "web/.env": "INNER=80\n",
    }
    found = claims(make_job(files, services=(Service("web", ("crtr",), "compose"),)), NODE)

    assert "port:*:8080/tcp" in [one.resource for one in found if one.certainty is Certainty.CERTAIN]


@pytest.mark.parametrize(
    ("ports", "expected"),
    [
        ("['8000-8001:80-81']", ["port:*:8000/tcp", "port:*:8001/tcp"]),
        ("['[::1]:53:53/udp']", ["port:[::1]:53/udp"]),
        ("['0.0.0.0:53:53']", ["port:0.0.0.0:53/tcp"]),
        ("[{target: 80, published: 8080, host_ip: 127.0.0.1}]", ["port:127.0.0.1:8080/tcp"]),
        ("['0:80']", []),
        ("['80']", []),
    ],
)
def test_ports_are_those_of_the_node(make_job: MakeJob, ports: str, expected: list[str]) -> None:
    assert claimed(make_job, f"    container_name: www\n    ports: {ports}\n")[1:] == expected


def test_a_long_range_is_claimed_without_end_in_sight(make_job: MakeJob) -> None:
    found = claimed(make_job, "    container_name: www\n    ports: ['20000-30000:20000-30000']\n")[1:]

    assert (len(found), found[0]) == (1024, "port:*:20000/tcp")


def test_an_env_of_the_repository_leaves_nothing_open(make_job: MakeJob) -> None:
    files = {"web/compose.yml": GOOD + "    ports: ['${A:-80}:80', '${B:-81}:81']\n", "web/.env": "A=8080\n"}
    found = [claim for claim in claims(make_job(files), NODE) if claim.resource.startswith("port:")]

    assert [claim.resource for claim in found] == ["port:*:8080/tcp", "port:*:81/tcp"]
    assert {claim.certainty for claim in found} == {Certainty.CERTAIN}


def test_what_the_template_promises_is_known_to_the_node_alone(make_job: MakeJob) -> None:
    ports = "    ports: ['${PORT:-80}:80', '${MORE}:81']\n"
    files = {"web/compose.yml": GOOD + ports, "web/env.template": "PORT=8080\nMORE=\n"}
    found = [claim for claim in claims(make_job(files), NODE) if claim.resource.startswith("port:")]

    assert [(claim.resource, claim.certainty) for claim in found] == [
        ("port:*:80/tcp", Certainty.POSSIBLE),
        ("port:${MORE}:81", Certainty.UNKNOWN),
    ]


def test_two_instances_with_their_own_addresses_do_not_collide(make_job: MakeJob) -> None:
    text = GOOD + "    ports: ['${ADDRESS}:53:53/udp']\n"
    files = {"a/compose.yml": text, "a/.env": "ADDRESS=192.0.2.2\n", "b/compose.yml": text}

    assert clashes(make_job, {**files, "b/.env": "ADDRESS=192.0.2.3\n"}) == []
    assert [found[0] for found in clashes(make_job, {**files, "b/.env": "ADDRESS=192.0.2.2\n"})] == [
        "port:192.0.2.2:53/udp"
    ]


def test_ports_of_one_service_are_those_of_each_node(make_job: MakeJob) -> None:
    job = make_job({"web/compose.yml": GOOD + "    ports: ['${PORT}:80']\n"})
    nodes = {name: replace(NODE, name=name) for name in ("crtr", "drtr")}
    cluster = replace(job.cluster, nodes=nodes, services={"web": Service("web", ("crtr", "drtr"), "compose")})
    job = replace(job, cluster=cluster, variables={"crtr": {"PORT": 80}, "drtr": {"PORT": 81}})
    found = {name: [claim.resource for claim in claims(job, node)][-1] for name, node in nodes.items()}

    assert found == {"crtr": "port:*:80/tcp", "drtr": "port:*:81/tcp"}


def test_what_a_project_includes_is_claimed_with_it(make_job: MakeJob) -> None:
    files = {
        "web/compose.yml": f"include: [db.yml]\n{GOOD}",
        "web/db.yml": "services: {db: {image: x, ports: ['5:5']}}",
    }
    found = [claim.resource for claim in claims(make_job(files), NODE)]

    assert "container:web-db-1" in found and "port:*:5/tcp" in found


def test_a_provider_makes_no_container(make_job: MakeJob) -> None:
    text = "services:\n  vpn:\n    provider: {type: tailnet}\n"

    assert [claim.resource for claim in claims(make_job({"web/compose.yml": text}), NODE)] == ["project:web"]
