"""stems takes the projects of the corpus as `docker compose config` takes them, and points at what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.compose_corpus import (
    Said,
    digest_of,
    disagreements,
    errors,
    folder_of,
    marked,
    project_names,
    read,
    recorded,
    said_by_stems,
)

REFUSED = [name for name in project_names() if name.startswith("refused/")]
AGREED = [name for name in project_names() if name not in disagreements()]


def comparable(said: Said) -> Said:
    """Without what stems does not repeat: messages, the network and the dependencies that nobody wrote."""
    if not said["is_accepted"]:
        return {"is_accepted": False}
    services = {name: _written(service) for name, service in said["services"].items()}
    return {**{key: said[key] for key in ("is_accepted", "name")}, "services": services}


def _written(service: Said) -> Said:
    changed: dict[str, Any] = dict(service)
    changed["networks"] = [] if service["networks"] == ["default"] else service["networks"]
    changed["depends_on"] = sorted(service["depends_on"])
    for key in ("ports", "volumes"):
        changed[key] = sorted(service[key], key=str)
    return changed


def test_the_corpus_is_large_and_has_both_kinds() -> None:
    assert len(AGREED) >= 60
    assert len(REFUSED) >= 60 and len(set(AGREED) - set(REFUSED)) >= 40


@pytest.mark.parametrize("name", project_names())
def test_what_is_recorded_is_about_this_project(name: str) -> None:
    assert recorded()[name]["digest"] == digest_of(name), "python -m tests.support.compose_corpus PROGRAM"


@pytest.mark.parametrize("name", AGREED)
def test_stems_says_what_compose_says(name: str) -> None:
    ours, theirs = said_by_stems(name), recorded()[name]
    # Compose also shows the services that another one needs in other ways than `depends_on`.
    for key, service in theirs.get("services", {}).items():
        if key in ours.get("services", {}):
            written, shown = ours["services"][key]["depends_on"], service["depends_on"]
            assert written.items() <= shown.items()
            ours["services"][key]["depends_on"] = shown

    assert comparable(ours) == comparable(theirs)


@pytest.mark.parametrize("name", AGREED)
def test_what_is_named_has_the_name_that_docker_knows(name: str) -> None:
    ours, theirs = said_by_stems(name), recorded()[name]
    # Compose does not show what no service uses.
    for kind in ("volumes", "secrets", "configs"):
        for key, real_name in theirs.get(kind, {}).items():
            assert ours[kind][key] == real_name


@pytest.mark.parametrize("name", disagreements())
def test_a_disagreement_is_one(name: str) -> None:
    assert comparable(said_by_stems(name)) != comparable(recorded()[name])


@pytest.mark.parametrize("name", [name for name in REFUSED if name != "refused/no-file"])
def test_a_mistake_is_shown_where_it_is(name: str) -> None:
    place = errors(read(name))[0].place

    assert (place.path, place.line) in {(f"{folder_of(name)}/{path}", line) for path, line in marked(name)}
    assert place.column > 0


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_in_the_folder_of_refused_projects_is_refused(name: str) -> None:
    assert not recorded()[name]["is_accepted"]
