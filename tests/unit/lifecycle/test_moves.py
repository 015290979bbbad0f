"""Data never stays behind by accident, and a service never runs twice because a node was silent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stems.errors import ConfigurationError, UnknownError
from stems.infrastructure.journal import Act
from stems.lifecycle.moves import Move, moves, newcomers, problem, require_no_move
from stems.model.cluster import Cluster
from stems.model.deployment import Outcome
from stems.model.node import Node, SshAddress
from stems.model.service import Data, Service
from tests.support.builders import entry, observed, workspace

NODES = {name: Node(name, name, SshAddress(f"{name}.example")) for name in ("crtr", "drtr", "prtr")}
WEB = Service("web", ("drtr",), "compose")


def cluster(service: Service) -> Cluster:
    return Cluster("colab", "~/colab", NODES, services={service.name: service})


def moved(service: Service, *before: str) -> list[Move]:
    return list(moves(cluster(service), {service.name: frozenset(before)}))


def test_a_service_that_stays_or_grows_or_is_new_does_not_move() -> None:
    assert moved(WEB, "drtr") == []
    assert moved(replace(WEB, nodes=("drtr", "prtr")), "drtr") == []
    assert moved(replace(WEB, nodes=("drtr",)), "drtr", "prtr") == []
    assert list(moves(cluster(WEB), {})) == []


def test_a_service_with_data_is_not_started_without_it() -> None:
    service = replace(WEB, data=Data.LOCAL)

    error = problem(cluster(service), moved(service, "prtr")[0], reached=NODES)

    assert isinstance(error, ConfigurationError) and "stems move" in error.remedy and "prtr" in error.problem


def test_no_second_copy_while_the_former_node_is_silent() -> None:
    move = moved(WEB, "prtr")[0]

    assert isinstance(problem(cluster(WEB), move, reached=["drtr", "crtr"]), UnknownError)
    assert problem(cluster(WEB), move, reached=NODES) is None


def test_a_node_that_was_taken_out_of_the_cluster_holds_nothing_up() -> None:
    assert moved(WEB, "gone") == []


def test_data_on_a_node_that_was_taken_out_of_the_cluster_is_not_left_behind() -> None:
    service = replace(WEB, data=Data.LOCAL)

    assert [move.leaves for move in moved(service, "gone")] == [{"gone"}]


def test_only_a_service_that_comes_to_a_planned_node_makes_others_be_asked() -> None:
    assert list(newcomers(cluster(WEB), {}, ["drtr"])) == [WEB]
    assert list(newcomers(cluster(WEB), {"web": frozenset({"prtr"})}, ["drtr"])) == [WEB]
    assert list(newcomers(cluster(WEB), {"web": frozenset({"drtr"})}, ["drtr"])) == []
    assert list(newcomers(cluster(WEB), {}, ["prtr"])) == []


def test_data_is_not_moved_past_a_commit_that_this_clone_lacks(tmp_path: Path) -> None:
    """Where the service is placed by a commit that cannot be read is unknown, and unknown is never absent."""
    seen = {"prtr": observed("prtr", entry(Act.RESULT, outcome=Outcome.DEPLOYED.value))}
    place = workspace(tmp_path)

    with pytest.raises(UnknownError, match="prtr"):
        require_no_move(place, cluster(replace(WEB, data=Data.LOCAL)), seen, planned=NODES)
    require_no_move(place, cluster(WEB), seen, planned=NODES)
