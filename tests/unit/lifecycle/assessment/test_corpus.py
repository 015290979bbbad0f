"""Repositories as people have them, each assessed and adopted: what must be found there, and what must not."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from stems.configuration.load import load_cluster
from stems.errors import UsageError
from stems.lifecycle.adopt_repository import propose_for
from stems.lifecycle.assess import assess
from stems.model.assessment import Pillar, Question, Rating

CORPUS = Path(__file__).parents[3] / "corpus" / "repositories"


@dataclass(frozen=True)
class Expected:
    """What is in a repository, and words of gaps that each question must and must not bring."""

    nodes: list[str]
    domains: list[str]
    services: dict[str, list[str]]
    gaps: dict[Question, list[str]] = field(default_factory=dict)
    no_gaps: tuple[str, ...] = ()
    ratings: dict[Pillar, Rating] = field(default_factory=dict)
    proposed: list[str] = field(default_factory=list)


EXPECTED = {
    "colab": Expected(
        nodes=["crtr", "drtr", "prtr"],
        domains=["user chezmoi omni-config", "system ansible ansible", "services compose services"],
        services={"caddy": ["crtr"], "grafana": ["crtr"], "ollama": ["drtr"], "whoami": []},
        gaps={
            Question.VALIDATION: ["nothing judges a change", "no config/cluster.yml: 3 nodes"],
            Question.MANUAL: ["loops over nodes in scripts: 1 place", "steps to type in pages: 3 places"],
            Question.CHANGES: ["2 images change without a commit", "no decision records"],
        },
        no_gaps=("no template", "no README at the top"),
        ratings={
            Pillar.VALIDATION: Rating.MISSING,
            Pillar.PARITY: Rating.PARTLY,
            Pillar.SEPARATION: Rating.STANDS,
        },
        proposed=["crtr", "drtr", "prtr"],
    ),
    "homelab": Expected(
        nodes=[],
        domains=["services compose ."],
        services={"jellyfin": [], "nextcloud": [], "traefik": []},
        gaps={
            Question.VALIDATION: ["nothing judges a change", "nothing else says which nodes there are"],
            Question.CHANGES: ["1 image changes without a commit", "3 of 3 services have no README"],
        },
        no_gaps=("loops", "env.template"),
    ),
    "roles": Expected(
        nodes=["nas", "pi1", "pi2"],
        domains=["system ansible ."],
        services={"jellyfin": ["nas"], "pihole": ["pi1", "pi2"]},
        gaps={Question.VALIDATION: ["no config/cluster.yml: 3 nodes"], Question.CHANGES: ["no decision records"]},
        no_gaps=("nothing judges a change", "nothing runs them by itself", "no template"),
        ratings={Pillar.VALIDATION: Rating.STANDS, Pillar.PARITY: Rating.STANDS},
        proposed=["nas", "pi1", "pi2"],
    ),
    "dotfiles": Expected(
        nodes=[],
        domains=["user chezmoi ."],
        services={},
        gaps={Question.VALIDATION: ["nothing judges a change"]},
        no_gaps=("no template", "no README"),
    ),
    "nixos": Expected(
        nodes=["laptop", "server"],
        domains=["system nix ."],
        services={},
        gaps={Question.VALIDATION: ["no config/cluster.yml: 2 nodes"]},
        proposed=["laptop", "server"],
    ),
}


@pytest.fixture(params=EXPECTED)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Expected]:
    """A copy, so that it is a repository of its own and not a folder of this one."""
    folder = tmp_path / request.param
    shutil.copytree(CORPUS / request.param, folder)
    return folder, EXPECTED[request.param]


def test_every_repository_has_its_expectations() -> None:
    assert {path.name for path in CORPUS.iterdir()} == EXPECTED.keys()


def test_what_exists(case: tuple[Path, Expected]) -> None:
    folder, expected = case
    found = assess(folder)

    assert sorted(node.name for node in found.nodes) == expected.nodes
    assert [f"{one.domain.value} {one.tool} {one.root}" for one in found.domains] == sorted(
        expected.domains, key=lambda words: ["system", "user", "services"].index(words.split()[0])
    )
    assert {one.name: list(one.nodes) for one in found.services} == expected.services


def test_what_is_missing(case: tuple[Path, Expected]) -> None:
    folder, expected = case
    found = assess(folder)
    messages = {question: [gap.message for gap in found.of(question)] for question in Question}

    for question, words in expected.gaps.items():
        for each in words:
            assert any(message.startswith(each) or each in message for message in messages[question]), messages
    for each in expected.no_gaps:
        assert not any(each in message for told in messages.values() for message in told), messages
    assert {view.pillar: view.rating for view in found.pillars}.items() >= expected.ratings.items()
    assert 0 < len(found.steps) <= 3


def test_what_is_proposed(case: tuple[Path, Expected]) -> None:
    folder, expected = case
    if not expected.proposed:
        with pytest.raises(UsageError):
            propose_for(folder)
        return

    assert sorted(load_cluster(propose_for(folder).text).nodes) == expected.proposed


def test_every_place_is_one_of_the_repository(case: tuple[Path, Expected]) -> None:
    folder, _ = case
    found = assess(folder)
    places = [one.place for node in found.nodes for one in node.sightings]
    places += [one.place for one in found.services] + [one.evidence.place for one in found.domains]
    places += [one.place for gap in found.gaps for one in gap.evidence]
    places += [one.place for part in (*found.templates, *found.checks, *found.pages) for one in part.evidence]

    for place in places:
        lines = (folder / place.path).read_text().splitlines()
        assert place.line <= max(len(lines), 1), place
