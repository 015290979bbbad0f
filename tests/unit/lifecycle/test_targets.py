"""Nodes are chosen by name in rollout order; an earlier commit meets the nodes of today."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stems.configuration.load import load_cluster
from stems.configuration.variables import plain, resolve
from stems.errors import UsageError
from stems.lifecycle.targets import chosen_nodes, cluster_for
from stems.model.cluster import Approver, Gates
from stems.model.service import Service
from tests.support.builders import CLUSTER, NODES, node

CLUSTER_THEN = """\
version: 1
cluster: {name: home, domain: then.example, timezone: UTC}
checkout: ~/home
architectures: {x86_64: {variables: {platform: amd}}}
roles: {old: {variables: {tone: old}}}
nodes:
  one: {hostname: then, ssh: {host: then.example}, role: old, arch: x86_64}
  gone: {hostname: gone, ssh: {host: gone.example}}
"""
CLUSTER_TODAY = """\
version: 1
cluster: {name: home, domain: today.example, timezone: Europe/Berlin}
checkout: ~/home
roles: {new: {variables: {tone: new}}}
nodes:
  one: {hostname: today, ssh: {host: today.example}, role: new, arch: arm64}
  two: {hostname: second, ssh: {host: second.example}, arch: arm64}
"""


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


def test_templates_of_an_earlier_commit_are_told_what_they_were_told_then() -> None:
    then = load_cluster(CLUSTER_THEN)
    today = load_cluster(CLUSTER_TODAY)
    cluster = cluster_for(today, then)

    assert resolve(cluster, cluster.nodes["one"]) == resolve(then, then.nodes["one"])
    assert cluster.nodes["one"].ssh.host == "today.example"


def test_a_node_that_the_commit_did_not_know_has_its_own_values_of_today() -> None:
    today = load_cluster(CLUSTER_TODAY)
    cluster = cluster_for(today, load_cluster(CLUSTER_THEN))
    variables = plain(resolve(cluster, cluster.nodes["two"]))

    assert (variables["node_hostname"], variables["node_arch"]) == ("second", "arm64")
    assert variables["timezone"] == "UTC"


def test_a_node_that_came_since_keeps_its_variables_and_a_gone_one_stays_gone() -> None:
    today = replace(CLUSTER, nodes={**NODES, "new": replace(node("new"), variables={"tone": "new"})})
    cluster = cluster_for(today, OLD)

    assert cluster.nodes["new"].variables == {"tone": "new"}
    assert "gone" not in cluster.nodes
    assert cluster.services["old"].nodes == ()


def test_an_earlier_commit_is_told_where_its_services_ran() -> None:
    services = "domains: {services: {tool: compose, source: s}}\nservices: {web: {node: [one, gone]}}\n"
    then, today = load_cluster(CLUSTER_THEN + services), load_cluster(CLUSTER_TODAY)
    cluster = cluster_for(today, then)

    assert cluster.services["web"].nodes == ("one",)
    assert plain(resolve(cluster, cluster.nodes["one"]))["cluster_services"] == [
        {"name": "web", "nodes": ["one", "gone"], "addresses": ["then.example", "gone.example"]}
    ]
