"""A project is read without Compose, and each part of it knows where it is written."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from stems.model.finding import Place
from stems.readers.substitution import UNKNOWN
from stems.tools.compose.model.project import Project
from stems.tools.compose.model.read import read_project
from stems.tools.compose.model.reading import EVERYTHING, Given


def project(files: Mapping[str, str] | str, given: Given | None = None, folder: str = "web") -> Project:
    written = {"web/compose.yaml": files} if isinstance(files, str) else files
    return read_project(written.get, folder, given)


def messages(read: Project) -> list[str]:
    return [f"{finding.place}: {finding.message}" for finding in read.findings]


def test_every_part_of_a_service_has_its_place() -> None:
    text = """\
services:
  app:
    image: ghcr.io/team/app:1.2
    ports:
      - "127.0.0.1:8080:80"
      - target: 53
        published: 5353
        protocol: udp
    volumes:
      - ./data:/data:ro
    environment:
      - MODE=fast
"""
    app = project(text).services["app"]

    assert app.place == Place("web/compose.yaml", 2, 3)
    assert app.image is not None and app.image.place == Place("web/compose.yaml", 3, 12)
    assert [str(port.place) for port in app.ports] == ["web/compose.yaml:5:9", "web/compose.yaml:6:9"]
    assert app.mounts[0].place == Place("web/compose.yaml", 10, 9)
    assert app.environment["MODE"].place == Place("web/compose.yaml", 12, 9)
    assert app.place_of("ports") == Place("web/compose.yaml", 5, 7)


def test_a_path_of_the_node_starts_at_the_root_of_the_repository() -> None:
    mounts = project("services: {a: {image: x, volumes: [./d:/d, ../e:/e, /f:/f, ~/g:/g]}}").services["a"].mounts

    assert [mount.source for mount in mounts] == ["web/d", "e", "/f", "~/g"]


def test_what_an_override_changes_is_where_the_override_says_it() -> None:
    files = {
        "web/compose.yaml": "services:\n  a:\n    image: x\n    restart: always\n",
        "web/compose.override.yml": "services:\n  a:\n    restart: 'no'\n",
    }
    a = project(files).services["a"]

    assert (a.text("restart"), a.place_of("restart")) == ("no", Place("web/compose.override.yml", 3, 14))
    assert a.place == Place("web/compose.yaml", 2, 3)


def test_a_variable_that_is_set_elsewhere_makes_a_value_unknown_and_nothing_else() -> None:
    ports = 'ports: ["${PORT:-80}:80", "81:81"]'
    text = f'services: {{a: {{image: "x:${{TAG}}", {ports}, scale: "${{N}}", environment: ["A=${{TAG}}"]}}}}'
    a = project(text, Given(unknown=frozenset({"TAG", "PORT", "N"}))).services["a"]

    assert a.image is not None and a.image.text is UNKNOWN and a.image.written == "x:${TAG}"
    assert [port.published for port in a.ports] == [UNKNOWN, "81"]
    assert a.environment["A"].value is UNKNOWN
    assert project(text, Given(unknown=EVERYTHING)).findings == ()


def test_what_nobody_sets_is_empty_and_named() -> None:
    read = project("services:\n  a:\n    image: x:${TAG}\n")

    image = read.services["a"].image
    assert image is not None and image.text == "x:"
    assert read.unset == {"TAG": Place("web/compose.yaml", 3, 12)}


def test_a_name_that_is_set_elsewhere_for_sure_wins_over_the_env_file_and_one_that_may_be_does_not() -> None:
    files = {"web/compose.yaml": 'services: {a: {image: "x:$TAG"}}', "web/.env": "TAG=1\n"}

    def tag(given: Given) -> object:
        image = project(files, given).services["a"].image
        return image.text if image else None

    assert tag(Given(unknown=frozenset({"TAG"}))) is UNKNOWN
    assert tag(Given(unknown=EVERYTHING)) == "x:1"
    assert tag(Given(variables={"TAG": "2"})) == "x:2"


def test_an_env_file_that_something_renders_may_set_anything() -> None:
    files = {"web/compose.yaml": 'services: {a: {image: "x:$TAG", env_file: app.env}}'}
    read = project(files, Given(rendered=frozenset({"web/.env", "web/app.env"})))

    a = read.services["a"]
    assert read.findings == () and a.image is not None and a.image.text is UNKNOWN
    assert not a.environment_is_whole


def test_what_may_be_in_a_file_that_nobody_can_see_is_not_missing() -> None:
    files = {"web/compose.yaml": "include: [../../shared/compose.yaml]\nservices: {a: {image: x, networks: [proxy]}}"}

    assert project(files).findings == ()
    assert not project(files).is_complete


def test_a_mistake_in_an_included_file_is_where_it_is_written() -> None:
    files = {"web/compose.yaml": "include: [../db/compose.yaml]", "db/compose.yaml": "services:\n  db:\n    imag: x\n"}

    assert "db/compose.yaml:3:5: services.db: Compose has no key `imag` here; did you mean `image`?" in messages(
        project(files)
    )


def test_every_mistake_is_found_at_once() -> None:
    text = 'services:\n  a: {image: x, ports: ["x:1", "70000:1"], networks: [n]}\n  b: {privileged: maybe}\n'

    assert {finding.place.line for finding in project(text).findings} == {2, 3}
    assert len(project(text).findings) == 5


def test_what_runs_only_with_a_profile_is_warned_about() -> None:
    text = "services:\n  a: {image: x}\n  b: {image: y, profiles: [debug], networks: [n]}\n"

    assert [finding.severity.value for finding in project(text).findings] == ["warning"]
    assert [finding.severity.value for finding in project(text, Given(profiles=("debug",))).findings] == ["error"]
    assert [name for name, service in project(text).services.items() if service.is_started] == ["a"]


@pytest.mark.parametrize(
    "body", ["extends: nobody", "extends: {file: missing.yaml, service: b}", "imag: x", "privileged: maybe, image: x"]
)
def test_one_mistake_is_said_once(body: str) -> None:
    assert len(project(f"services:\n  a: {{{body}}}\n").findings) == 1


def test_a_variable_of_an_environment_file_is_where_that_file_says_it() -> None:
    files = {"web/compose.yaml": "services: {a: {image: x, env_file: a.env}}", "web/a.env": "A=1\nexport B=2\n"}

    assert project(files).services["a"].environment["B"].place == Place("web/a.env", 2, 8)


def test_a_variable_that_nothing_sets_may_be_unknown_instead_of_empty() -> None:
    text = 'services: {a: {image: "x:${TAG}", volumes: ["${ROOT}:/data", "${ROOT:?where}/more:/more"]}}\n'
    files = {"compose.yml": text}
    empty = read_project(files.get, "", Given())
    unknown = read_project(files.get, "", Given(is_unset_unknown=True))

    assert len(empty.findings) == 2
    assert unknown.findings == ()
    assert unknown.services["a"].image and unknown.services["a"].image.text is UNKNOWN
    assert set(unknown.unset) == {"TAG", "ROOT"}
