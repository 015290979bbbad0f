"""What is wrong with services is found without any node, at its place."""

from __future__ import annotations

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
        ("servces: {}\n", "services/web/compose.yml:1:1", "servces: Compose has no such key"),
        ("services:\n  web: {}\n", "services/web/compose.yml:2:8", "web has neither image nor build"),
        ("services:\n  web:\n    image: x:${TAG}\n", "services/web/compose.yml:3:12", "TAG has no value on crtr"),
        ("services: [", "services/web/compose.yml:1:12", ""),
        ("services:\n  $(id): {image: x}\n", "services/web/compose.yml:2:10", "`$(id)` is no name for a service"),
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
    assert finding.message == "web extends basis, which services/web/base.yml does not have"


def test_an_included_file_may_have_values_of_its_own(make_job: MakeJob) -> None:
    service = Service("web", ("crtr",), "compose")
    files = {
        "web/compose.yml": "include: [../common/a.yml]\nservices: {}\n",
        "common/a.yml": "services: {a: {image: 'x:${TAG}'}}\n",
    }

    assert [finding.code for finding in check(make_job(files, services=(service,)))] == ["STM504"]
    assert list(check(make_job({**files, "common/.env": "TAG=1\n"}, services=(service,)))) == []
