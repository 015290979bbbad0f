"""A node's variables come from the highest layer that sets them, and each knows its layer."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.configuration.invalid import InvalidClusterError
from stems.configuration.load import load_cluster
from stems.configuration.variables import Variable, address_of, for_compose, plain, resolve, resolve_all
from stems.infrastructure.local import LocalRunner
from stems.model.cluster import ServicesDomain
from stems.tools.ansible.inventory import CONNECTION
from stems.tools.base import Job, Tree
from stems.tools.compose.variables import environment

TEXT = """\
version: 1
cluster: {name: home, domain: home.example}
checkout: ~/home
variables: {a: 1, b: 1, c: 1, d: 1, deep: {x: 1, y: 1}}
architectures: {arm64: {variables: {b: 2, c: 2, d: 2}}, x86_64: {variables: {b: 9}}}
roles: {gateway: {variables: {c: 3, d: 3, deep: {x: 2}}}}
nodes:
  one: {hostname: first, ssh: {host: one.example}, arch: arm64, role: gateway, variables: {d: 4}}
  two: {hostname: second, ssh: {host: two.example}}
"""


def test_higher_layers_win() -> None:
    cluster = load_cluster(TEXT)
    variables = resolve(cluster, cluster.nodes["one"])

    assert variables["a"] == Variable(1, "cluster")
    assert variables["b"] == Variable(2, "architecture arm64")
    assert variables["c"] == Variable(3, "role gateway")
    assert variables["d"] == Variable(4, "node one")
    assert list(variables) == sorted(variables)


def test_a_mapping_is_replaced_and_not_merged() -> None:
    cluster = load_cluster(TEXT)

    assert plain(resolve(cluster, cluster.nodes["one"]))["deep"] == {"x": 2}


def test_a_node_without_role_and_architecture_has_the_clusters_variables() -> None:
    cluster = load_cluster(TEXT)

    assert resolve(cluster, cluster.nodes["two"])["b"] == Variable(1, "cluster")


def test_stems_sets_names_of_its_own() -> None:
    cluster = load_cluster(TEXT)
    variables = resolve(cluster, cluster.nodes["one"])

    assert variables["node_name"] == Variable("one", "stems")
    assert plain(variables) | {"node_hostname": "first", "cluster_domain": "home.example"} == plain(variables)
    assert plain(variables)["nodes"] == [
        {"name": "one", "hostname": "first", "role": "gateway", "arch": "arm64", "address": "one.example"},
        {"name": "two", "hostname": "second", "role": "", "arch": "", "address": "two.example"},
    ]


def test_a_node_says_where_the_others_reach_it() -> None:
    cluster = load_cluster(TEXT.replace("{d: 4}", "{d: 4, address: 192.0.2.1}"))
    told = plain(resolve(cluster, cluster.nodes["two"]))["nodes"]

    assert isinstance(told, list)
    assert [each["address"] for each in told] == ["192.0.2.1", "two.example"]
    assert [address_of(cluster, node) for node in cluster.nodes.values()] == ["192.0.2.1", "two.example"]


def test_every_node_is_told_where_services_run() -> None:
    services = "domains: {services: {tool: compose, source: s}}\nservices: {a: {node: two}, b: {node: all}}\n"
    cluster = load_cluster(TEXT + services)

    told = {name: plain(found)["cluster_services"] for name, found in resolve_all(cluster).items()}
    assert told["one"] == told["two"]
    assert told["one"] == [
        {"name": "a", "nodes": ["two"], "addresses": ["two.example"]},
        {"name": "b", "nodes": ["one", "two"], "addresses": ["one.example", "two.example"]},
    ]


def test_the_variables_of_all_nodes_are_those_of_each() -> None:
    cluster = load_cluster(TEXT)

    assert resolve_all(cluster) == {name: resolve(cluster, node) for name, node in cluster.nodes.items()}


@pytest.mark.parametrize("layer", ["{a: 1, b", "{b: 2", "{c: 3", "{d: 4"])
@pytest.mark.parametrize("name", ["node_name", "cluster_services", "nodes", "HOSTNAME"])
def test_no_layer_may_set_them(layer: str, name: str) -> None:
    with pytest.raises(InvalidClusterError, match=f"stems itself sets `{name}`"):
        load_cluster(TEXT.replace(layer, layer.replace("{", f"{{{name}: x, "), 1))


@pytest.mark.parametrize("layer", ["{a: 1, b", "{b: 2", "{c: 3", "{d: 4"])
def test_no_layer_may_say_how_to_reach_a_node(layer: str) -> None:
    with pytest.raises(InvalidClusterError, match=r"ansible_ssh_executable: how to reach a node") as refused:
        load_cluster(TEXT.replace(layer, layer.replace("{", "{ansible_ssh_executable: x, "), 1))

    assert refused.value.findings[0].place.line > 3


@pytest.mark.parametrize("name", sorted(CONNECTION | {"ansible_password", "ansible_become_password"}))
def test_what_a_playbook_may_not_set_the_cluster_may_not_either(name: str) -> None:
    with pytest.raises(InvalidClusterError, match=f"variables.{name}: how to reach a node"):
        load_cluster(TEXT.replace("{a: 1, b", f"{{{name}: x, b", 1))


@pytest.mark.parametrize("name", ["ansible_python_interpreter", "ansible_become", "ansible_hostile", "ssh_port"])
def test_other_variables_of_ansible_are_the_users_own(name: str) -> None:
    cluster = load_cluster(TEXT.replace("{a: 1, b", f"{{{name}: x, b", 1))

    assert cluster.variables[name] == "x"


def test_names_in_capitals_are_shown_where_services_get_them() -> None:
    services = TEXT + "domains: {services: {tool: compose, source: services}}\n"
    cluster = load_cluster(services)
    found = for_compose(cluster, cluster.nodes["one"])

    job = Job(cluster, ServicesDomain("compose", "services"), Tree(Path(), ""), {}, LocalRunner(), Path())
    assert plain(found) == environment(job, cluster.nodes["one"])
    assert for_compose(load_cluster(TEXT), cluster.nodes["one"]) == {}
