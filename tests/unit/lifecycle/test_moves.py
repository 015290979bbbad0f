"""Data never stays behind by accident, and a service never runs twice because a node was silent."""

from __future__ import annotations

from dataclasses import replace

from stems.errors import ConfigurationError, UnknownError
from stems.lifecycle.moves import Move, moves, problem
from stems.model.cluster import Cluster
from stems.model.node import Node, SshAddress
from stems.model.service import Data, Service

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
