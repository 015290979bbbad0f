"""Only a node's `ssh:` changes in the text of somebody's cluster.yml; what cannot be changed so is refused."""

from __future__ import annotations

import pytest

from stems.errors import ConfigurationError
from stems.infrastructure.lab.address import with_ssh, with_variable
from stems.infrastructure.lab.clone import parse_nodes
from stems.readers.yaml import read_yaml

SSH: dict[str, str | int] = {"host": "172.30.0.11", "port": 22}
WRITTEN = 'ssh: {host: "172.30.0.11", port: 22}'

TEXTS = {
    "flow": ("nodes:\n  a:\n    ssh: {host: a.example, user: 'x}'}  # here\n    role: r\n",
             f"nodes:\n  a:\n    {WRITTEN}  # here\n    role: r\n"),
    "flow over lines": ("nodes:\n  a:\n    ssh: {\n      host: a.example,\n    }\n    role: r\n",
                        f"nodes:\n  a:\n    {WRITTEN}\n    role: r\n"),
    "block": ("nodes:\n  a:\n    ssh:\n      # door\n      host: a\n\n      port: 22\n    # a role\n    role: r\n",
              f"nodes:\n  a:\n    {WRITTEN}\n    # a role\n    role: r\n"),
    "last": ("nodes:\n  a:\n    role: r\n    ssh:\n      host: a.example",
             f"nodes:\n  a:\n    role: r\n    {WRITTEN}"),
    "node in one line": ("nodes: {a: {ssh: {host: a.example}, role: r}}\n", f"nodes: {{a: {{{WRITTEN}, role: r}}}}\n"),
}  # fmt: skip


@pytest.mark.parametrize("written", TEXTS)
def test_only_the_address_changes(written: str) -> None:
    before, after = TEXTS[written]

    assert with_ssh(before, "cluster.yml", node="a", ssh=SSH) == after


def test_alias_becomes_an_address() -> None:
    text = "nodes:\n  a:\n    ssh: &door {host: a.example}\n  b:\n    ssh: *door\n"
    after = with_ssh(text, "cluster.yml", node="b", ssh=SSH)

    assert after == f"nodes:\n  a:\n    ssh: &door {{host: a.example}}\n  b:\n    {WRITTEN}\n"


def test_merged_address_is_refused() -> None:
    text = "base: &base\n  ssh: {host: a.example}\nnodes:\n  a:\n    <<: *base\n"

    with pytest.raises(ConfigurationError, match="cannot be replaced"):
        with_ssh(text, "cluster.yml", node="a", ssh=SSH)


def test_nodes_keep_names_and_accounts() -> None:
    text = "nodes:\n  a: {hostname: alpha, role: work, ssh: {host: a.example, user: trtr}}\n"
    (node,) = parse_nodes(read_yaml(text, "cluster.yml").value)

    assert (node.name, node.hostname, node.role, node.user) == ("a", "alpha", "work", "trtr")


@pytest.mark.parametrize("text", ["", "nodes: {}", "nodes: [a]", "nodes: {'A b': {}}", "nodes: {a: {hostname: '-x'}}"])
def test_nodes_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(ConfigurationError):
        parse_nodes(read_yaml(text, "cluster.yml").value)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "nodes:\n  a: {variables: {address: 192.0.2.7, b: 1}}  # door\n",
            'nodes:\n  a: {variables: {address: "x", b: 1}}  # door\n',
        ),
        (
            "nodes:\n  a:\n    variables:\n      address: '192.0.2.7'  # door\n",
            'nodes:\n  a:\n    variables:\n      address: "x"  # door\n',
        ),
        ("nodes:\n  a: {variables: {b: 1}}\n", "nodes:\n  a: {variables: {b: 1}}\n"),
        ("nodes:\n  a: {hostname: a}\n", "nodes:\n  a: {hostname: a}\n"),
    ],
    ids=["flow", "quoted", "not set", "no variables"],
)
def test_where_other_nodes_reach_it_is_replaced(before: str, after: str) -> None:
    assert with_variable(before, "cluster.yml", node="a", name="address", value="x") == after


def test_an_address_behind_an_anchor_is_refused() -> None:
    text = "nodes:\n  a: {variables: {address: &here 192.0.2.7}}\n  b: {variables: {address: *here}}\n"

    with pytest.raises(ConfigurationError, match="cannot be replaced"):
        with_variable(text, "cluster.yml", node="a", name="address", value="x")
