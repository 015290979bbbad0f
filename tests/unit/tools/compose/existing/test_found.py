"""What a node says of its containers is whole and readable, or an error; no value of an environment is in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stems.tools.compose.existing.candidates import Candidate, candidates, grouped, refusal
from stems.tools.compose.existing.found import Existing, Variable, parse_found
from tests.unit.tools.compose.existing.recorded import recorded, recording

SECRETS = ("tok-5ecret", "plain5ecret", "va'ult", "FAKE")


@pytest.mark.parametrize("name", ["all", "media", "vault"])
def test_no_value_of_an_environment_leaves_the_node(name: str) -> None:
    text = recording(name)

    assert [secret for secret in SECRETS if secret in text] == []


def test_variables_come_as_names_and_whether_they_are_the_same() -> None:
    found = recorded("media")
    names = {one.name: one.identity for one in found.containers}
    app, db = (found.variables[names[f"media-{name}-1"]] for name in ("app", "db"))

    assert {one.name for one in app} == {"TOKEN", "LEVEL", "PASSWORD"}
    numbers = [{one.name: one.number for one in each} for each in (app, db)]
    assert numbers[0]["PASSWORD"] == numbers[1]["PASSWORD"]
    assert numbers[0]["TOKEN"] != numbers[1]["TOKEN"]
    vault = recorded("vault")
    (identity,) = vault.variables
    assert {one.name: one.is_odd for one in vault.variables[identity]} == {"VAULT_TOKEN": False, "ODD": True}


def test_files_come_whole_and_environment_files_as_names() -> None:
    found = recorded("media")

    assert found.files["/tmp/media/compose.yml"].startswith("# The photos of the household\nservices:\n")
    assert found.names == {"/tmp/media/.env": ("B", "LONG", "TOKEN")}


def test_projects_and_other_containers_are_told_apart() -> None:
    ones = {one.name: one for one in grouped(recorded("all"))}

    assert {name: one.kind for name, one in ones.items()} == {
        "media": "project", "shared": "container", "vault": "container",
    }  # fmt: skip
    assert ones["media"].images == ("stems-lab/busybox:1",)
    assert ones["media"].ports == ("8088:8080", "127.0.0.1:8089:8081/udp")
    assert "media_data" in ones["media"].volumes and "/tmp/media/site" in ones["vault"].volumes
    assert ones["vault"].states == ("running",)


def test_what_somebody_owns_is_not_listed() -> None:
    found = recorded("all")

    assert [one.name for one in candidates(found, {"project:media", "container:shared"})] == ["vault"]


def labelled(**labels: str) -> Candidate:
    told = {key.replace("__", "."): value for key, value in labels.items()}
    return Candidate("container", "one", (Existing({"Name": "/one", "Config": {"Labels": told}}),))


def test_what_belongs_to_others_is_refused() -> None:
    assert "for the cluster home" in refusal(labelled(stems__cluster="home"), ())
    aside = replace(labelled(), name="vault.before-20261126T131454Z-c9f645")
    assert "made way" in refusal(aside, ())
    assert "Swarm" in refusal(labelled(com__docker__swarm__task__id="x"), ())
    assert refusal(labelled(), ()) == ""


def test_a_container_of_compose_run_is_nobodys() -> None:
    found = recorded("all")
    labels = {"com.docker.compose.project": "media", "com.docker.compose.oneoff": "True"}
    found.containers = [Existing({"Name": "/media-run", "Config": {"Labels": labels}})]

    assert list(grouped(found)) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@containers\n| []\n",
        "@containers\n| not JSON\n@end\n",
        "@containers\n| {}\n@end\n",
        "@containers\n| [1]\n@end\n",
        "@other\n@end\n",
        "some noise\n@end\n",
        '@containers\n| [{"Config": {"Env": ["A=1"]}}]\n@end\n',
        "@variables x\n| one plain A\n@end\n",
    ],
)
def test_what_cannot_be_read_is_an_error(text: str) -> None:
    with pytest.raises(ValueError):
        parse_found(text)


def test_a_name_that_is_strange_is_still_a_name() -> None:
    found = parse_found("@variables x\n| 3 odd a b\n@end\n")

    assert found.variables == {"x": (Variable("a b", 3, is_odd=True),)}
