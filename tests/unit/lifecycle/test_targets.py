"""Nodes are chosen by name in rollout order; an earlier commit meets the nodes of today."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stems.errors import UsageError
from stems.lifecycle.targets import chosen_nodes, cluster_for
from stems.model.cluster import Approver, Gates
from stems.model.service import Service
from tests.support.builders import CLUSTER, NODES, node


def names(**wish: tuple[str, ...]) -> list[str]:
    return [each.name for each in chosen_nodes(CLUSTER, **wish)]


def test_the_pilot_comes_first_and_unnamed_nodes_last() -> None:
    some = replace(CLUSTER, rollout=replace(CLUSTER.rollout, order=("crtr",)))

    assert names() == ["prtr", "drtr", "crtr"]
    assert [each.name for each in chosen_nodes(some)] == ["prtr", "crtr", "drtr"]


def test_nodes_are_named_in_or_out() -> None:
    assert names(only=("crtr", "prtr")) == ["prtr", "crtr"]
    assert names(without=("prtr",)) == ["drtr", "crtr"]
    assert names(only=("prtr", "crtr"), without=("prtr",)) == ["crtr"]


@pytest.mark.parametrize("wish", [{"only": ("web",)}, {"without": ("--all",)}, {"only": ("",)}])
def test_a_node_that_is_not_declared_is_wrong_usage(wish: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(UsageError, match="no such node") as refused:
        names(**wish)

    assert "crtr, drtr, prtr" in refused.value.remedy


def test_no_node_left_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="no node is left"):
        names(without=tuple(NODES))


OLD = replace(
    CLUSTER,
    nodes={
        "crtr": replace(NODES["crtr"], variables={"tone": "old"}, ssh=replace(NODES["crtr"].ssh, host="old.example"))
    },
    variables={"greeting": "old"},
    services={"web": Service("web", ("crtr", "gone"), "compose"), "old": Service("old", ("gone",), "compose")},
    gates=Gates(automatic=frozenset()),
    approvers=(Approver("somebody", "ssh-ed25519 AAAA"),),
)


def test_addresses_gates_and_approvers_are_those_of_today() -> None:
    cluster = cluster_for(CLUSTER, OLD)

    assert cluster.nodes["crtr"].ssh.host == "crtr.example"
    assert (cluster.gates, cluster.approvers, cluster.rollout) == (CLUSTER.gates, (), CLUSTER.rollout)


def test_services_domains_and_variables_are_those_of_the_commit() -> None:
    cluster = cluster_for(CLUSTER, OLD)

    assert cluster.variables == {"greeting": "old"}
    assert cluster.nodes["crtr"].variables == {"tone": "old"}
    assert cluster.services["web"].nodes == ("crtr",)


def test_a_node_that_came_since_keeps_its_variables_and_a_gone_one_stays_gone() -> None:
    today = replace(CLUSTER, nodes={**NODES, "new": replace(node("new"), variables={"tone": "new"})})
    cluster = cluster_for(today, OLD)

    assert cluster.nodes["new"].variables == {"tone": "new"}
    assert "gone" not in cluster.nodes
    assert cluster.services["old"].nodes == ()
