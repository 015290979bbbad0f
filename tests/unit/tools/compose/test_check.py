"""What is wrong with services is found without any node, at its place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stems.model.finding import Severity
from stems.model.service import Service
from stems.tools.compose.tool import check, claims
from tests.unit.tools.compose.conftest import NODE, MakeJob

GOOD = "services:\n  web:\n    image: busybox:1\n"


def test_a_good_service_has_no_findings(make_job: MakeJob) -> None:
    job = make_job({"web/compose.yml": GOOD + '    environment: {A: "${NODE_NAME}-${tag}", B: "${C:-c}"}\n'}, tag="1")

    assert list(check(job)) == []


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (
            "servces: {}\n",
            "services/web/compose.yml:1:1",
            "did you mean `services`?",
        ),
        ("services:\n  web: {}\n", "services/web/compose.yml:2:8", "web: has neither `image` nor `build`"),
        ("services:\n  web:\n    image: x:${TAG}\n", "services/web/compose.yml:3:12", "TAG has no value on crtr"),
        ("services: [", "services/web/compose.yml:1:12", ""),
        ("services:\n  $(id): {image: x}\n", "services/web/compose.yml:2:3", "services: `$(id)` is no name here"),
    ],
)
def test_a_mistake_is_found_at_its_place(make_job: MakeJob, text: str, place: str, message: str) -> None:
    finding = next(iter(check(make_job({"web/compose.yml": text}))))

    assert str(finding.place) == place
    assert message in finding.message


def test_a_service_without_its_folder_gets_a_suggestion(make_job: MakeJob) -> None:
    job = make_job({"grafana/compose.yml": GOOD}, services=(Service("grafna", ("crtr",), "compose"),))
    found = {finding.code: finding for finding in check(job)}

    assert found["STM501"].remedy == "did you mean `grafana`?"
    assert found["STM502"].severity is Severity.NOTE


def test_a_folder_may_lie_deeper_than_the_source(make_job: MakeJob) -> None:
    services = (Service("web", ("crtr",), "compose", folder="gate/web"),)
    job = make_job({"gate/web/compose.yml": GOOD, "gate/web/test/compose.yml": GOOD}, services=services)

    assert list(check(job)) == []
    assert "project:web" in {claim.resource for claim in claims(job, NODE)}


def test_what_nobody_runs_is_found_beside_a_deeper_folder(make_job: MakeJob) -> None:
    services = (Service("web", ("crtr",), "compose", folder="gate/web"),)
    job = make_job(
        {"gate/web/compose.yml": GOOD, "gate/dns/compose.yml": GOOD, "x/compose.yml": GOOD}, services=services
    )

    assert [f"{one.code} {one.place}" for one in check(job)] == ["STM502 services/x", "STM502 services/gate/dns"]


@pytest.mark.parametrize("asked", ["gate/wbe", "gate/web/deeper", "gaet/web"])
def test_a_deeper_folder_that_is_not_there_is_said(make_job: MakeJob, asked: str) -> None:
    job = make_job({"gate/web/compose.yml": GOOD}, services=(Service("web", ("crtr",), "compose", folder=asked),))
    found = {finding.code: finding for finding in check(job)}

    assert found["STM501"].message == "the service web has no folder"
    assert asked != "gate/wbe" or found["STM501"].remedy == "did you mean `gate/web`?"


def test_a_value_that_the_template_promises_is_not_missing(make_job: MakeJob) -> None:
    text = GOOD + '    environment: {A: "${TOKEN:?needed}"}\n'

    assert [finding.code for finding in check(make_job({"web/compose.yml": text}))] == ["STM504"]
    assert list(check(make_job({"web/compose.yml": text, "web/env.template": "TOKEN=\n"}))) == []


@pytest.mark.parametrize("name", [".env.example", ".env.sample", ".env.dist"])
def test_an_example_of_the_env_promises_names_too(make_job: MakeJob, name: str) -> None:
    text = GOOD + '    environment: {A: "${TOKEN}"}\n'

    assert list(check(make_job({"web/compose.yml": text, f"web/{name}": "TOKEN=\n"}))) == []
    assert [one.code for one in check(make_job({"web/compose.yml": text, f"web/{name}": "B=\n"}))] == ["STM504"]


def test_a_template_of_the_env_promises_no_other_file(make_job: MakeJob) -> None:
    files = {"web/compose.yml": GOOD + "    env_file: stack.env\n", "web/env.template": "A=\n"}

    assert [one.code for one in check(make_job(files))] == ["STM505"]
    assert list(check(make_job({**files, "web/stack.env.example": "A=\n"}))) == []


SPLIT = "services:\n  web: {image: x:1, depends_on: [db], ports: ['80:80']}\n  db: {image: x:1}\n  gpu: {image: x:1}\n"


@pytest.mark.parametrize(
    ("only", "message"),
    [
        (("web", "db"), ""),
        (("gpu",), ""),
        (("web",), "web needs db, which `only` of services.part leaves out"),
        (("weeb",), "services.part.only: services/big has no service `weeb`; did you mean `web`?"),
    ],
)
def test_a_big_file_is_split_by_naming_what_runs_where(make_job: MakeJob, only: tuple[str, ...], message: str) -> None:
    service = Service("part", ("crtr",), "compose", folder="big", only=only)
    job = make_job({"big/compose.yml": SPLIT}, services=(service,))

    assert [finding.message for finding in check(job)] == [message] * bool(message)
    if not message:
        claimed = {claim.resource for claim in claims(job, NODE)}
        assert "project:big" in claimed and ("port:*:80/tcp" in claimed) is ("web" in only)


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ("compose.yml", ""),
        ("compose.yml:other.yml", "COMPOSE_FILE names other.yml, which is not a file of this repository"),
        ("compose.yml:../../../etc/x", "COMPOSE_FILE names ../../../etc/x, which is not a file of this repository"),
        ("more/a.yml", "COMPOSE_FILE begins with more/a.yml, which does not lie in the folder itself"),
    ],
)
def test_what_compose_file_names_is_in_the_repository(make_job: MakeJob, named: str, message: str) -> None:
    files = {"web/compose.yml": GOOD, "web/more/a.yml": GOOD, "web/.env": f"COMPOSE_FILE={named}\n"}
    found = [finding.message for finding in check(make_job(files))]

    assert len(found) == bool(message)
    assert all(message in one for one in found)


def test_a_base_that_is_not_there_is_found_at_its_place(make_job: MakeJob) -> None:
    text = "services:\n  web:\n    extends: {file: base.yml, service: basis}\n"
    (finding,) = check(make_job({"web/compose.yml": text, "web/base.yml": GOOD}))

    assert str(finding.place) == "services/web/compose.yml:3:14"
    assert finding.code == "STM501"
    assert finding.message == "services.web extends `basis`, which services/web/base.yml does not have"


def test_an_included_file_may_have_values_of_its_own(make_job: MakeJob) -> None:
    service = Service("web", ("crtr",), "compose")
    files = {
        "web/compose.yml": "include: [../common/a.yml]\nservices: {}\n",
        "common/a.yml": "services: {a: {image: 'x:${TAG}'}}\n",
    }

    assert [finding.code for finding in check(make_job(files, services=(service,)))] == ["STM504"]
    assert list(check(make_job({**files, "common/.env": "TAG=1\n"}, services=(service,)))) == []


@pytest.mark.parametrize(
    ("text", "place", "name"),
    [
        (f"include: [/etc/compose/db.yml]\n{GOOD}", "services/web/compose.yml:1:11", "/etc/compose/db.yml"),
        (f"include: ['${{WHERE}}/db.yml']\n{GOOD}", "services/web/compose.yml:1:11", "${WHERE}/db.yml"),
        (
            "services:\n  web:\n    extends: {file: ../../../base.yml, service: web}\n",
            "services/web/compose.yml:3:14",
            "../../../base.yml",
        ),
    ],
)
def test_a_plan_needs_every_file_in_the_repository(make_job: MakeJob, text: str, place: str, name: str) -> None:
    found = list(check(make_job({"web/compose.yml": text, "web/env.template": "WHERE=\n"})))

    assert [(finding.code, str(finding.place)) for finding in found] == [("STM501", place)]
    assert found[0].message == f"{name} is not a file of this repository"


def test_what_another_file_only_adds_to_needs_no_services(make_job: MakeJob) -> None:
    override = "networks:\n  default: {driver: bridge}\n"

    assert list(check(make_job({"web/compose.yml": GOOD, "web/compose.override.yml": override}))) == []


def test_a_project_without_services_runs_nothing(make_job: MakeJob) -> None:
    (finding,) = check(make_job({"web/compose.yml": "networks: {front: {}}\n"}))

    assert (finding.code, finding.message) == ("STM503", "no file of the project has `services`")


def test_a_file_of_another_encoding_is_named(make_job: MakeJob) -> None:
    job = make_job({"web/compose.yml": GOOD})
    (job.source / "web/compose.yml").write_bytes(b"services: {web: {image: \xff}}\n")

    assert [str(finding.place) for finding in check(job)] == ["services/web/compose.yml"]


def test_what_git_does_not_track_says_nothing(make_job: MakeJob) -> None:
    job = make_job({"web/compose.yml": GOOD + "    environment: {A: '${TOKEN}'}\n    env_file: [.env, web.env]\n"})
    (job.source / "web/.env").write_text("TOKEN=1\n")
    (job.source / "web/web.env").write_text("B=1\n")

    assert sorted(finding.code for finding in check(job)) == ["STM504", "STM505"]


@pytest.mark.parametrize(
    ("name", "code"),
    [("web-1", ""), ("${stack}", ""), ("${stack}-${OTHER}", "STM501"), ("${OTHER:-Web}", "STM501"), ("Web", "STM501")],
)
def test_the_name_of_a_project_is_known_without_the_node(make_job: MakeJob, name: str, code: str) -> None:
    files = {"web/compose.yml": f"name: '{name}'\n{GOOD}", "web/env.template": "OTHER=\n"}

    assert [finding.code for finding in check(make_job(files, stack="home"))] == [code] * bool(code)


def test_what_is_wrong_for_want_of_a_value_is_said_once(make_job: MakeJob) -> None:
    found = list(check(make_job({"web/compose.yml": GOOD + "    ports: ['8080:${PORT}']\n"})))

    assert [finding.code for finding in found] == ["STM504"]


def test_nodes_that_lack_one_value_are_named_together(make_job: MakeJob) -> None:
    job = make_job({"web/compose.yml": GOOD.replace("busybox:1", "busybox:${TAG}")})
    nodes = {name: replace(NODE, name=name) for name in ("crtr", "drtr")}
    service = Service("web", ("crtr", "drtr"), "compose")
    job = replace(job, cluster=replace(job.cluster, nodes=nodes, services={"web": service}))

    assert [finding.message for finding in check(job)] == ["TAG has no value on crtr, drtr"]
