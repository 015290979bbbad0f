"""Every kind of place that speaks of a node is read, and what only looks like one is not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from stems.lifecycle.assessment.evidence import sightings
from stems.lifecycle.assessment.evidence.inventories import unseen
from stems.lifecycle.assessment.nodes import nodes_of
from stems.model.truth import FoundContainer, Truth
from stems.readers.written_truth import write_truth
from tests.unit.lifecycle.assessment.trees import looked

CLUSTER = """
    version: 1
    cluster: {name: home}
    checkout: ~/home-config
    nodes:
      gate: {hostname: gate-1, ssh: {host: gate.example, user: me}, role: gateway}
    """
INI = """
    ungrouped.lan ansible_host=192.0.2.9 ansible_user=me ansible_port=2222
    localhost ansible_connection=local

    [web:vars]
    not_a_host=1

    [web]
    web[01:03].lan   # three of them
    # gone.lan
    "quoted.lan" note='a b'

    [all:children]
    web
    """
YAML = """
    all:
      hosts:
        gate: {ansible_host: 192.0.2.1}
      children:
        media:
          hosts:
            nas:
              ansible_user: admin
          children:
            players: {hosts: {tv: }}
    """
TRUTH = """
    metadata: {name: truth, type: ssot}
    nodes:
      crtr: {hostname: cooperator, network: {ip: 192.0.2.1/24}, role: gateway, memory: 8G, services: [a, {name: b}]}
    """


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"config/cluster.yml": CLUSTER}, ["gate gate.example config/cluster.yml:5:3"]),
        (
            {"hosts.ini": INI},
            ["ungrouped.lan 192.0.2.9 hosts.ini:1:1", "web01.lan  hosts.ini:8:1", "web02.lan  hosts.ini:8:1",
             "web03.lan  hosts.ini:8:1", "quoted.lan  hosts.ini:10:1"],
        ),
        ({"ansible/hosts": "[a]\nbox\n"}, ["box  ansible/hosts:2:1"]),
        ({"inventories/prod/all": "box ansible_host=192.0.2.1\n"}, ["box 192.0.2.1 inventories/prod/all:1:1"]),
        ({"a/ansible.cfg": "[defaults]\ninventory = ./mine\n", "a/mine": "[x]\nbox\n"}, ["box  a/mine:2:1"]),
        (
            {"inventory/hosts.yml": YAML},
            ["gate 192.0.2.1 inventory/hosts.yml:3:5", "nas  inventory/hosts.yml:7:9", "tv  inventory/hosts.yml:10:27"],
        ),
        ({"host_vars/nas.yml": "a: 1\n", "host_vars/all.yml": "a: 1\n"}, ["nas  host_vars/nas.yml:1"]),
        ({"host_vars/nas/main.yml": "a: 1\n", "host_vars/nas/vault.yml": "b: 1\n"}, ["nas  host_vars/nas/main.yml:1"]),
        # Nobody reaches a node any more that no inventory names.
        (
            {"hosts.ini": "[a]\nbox\n", "site.yml": "- hosts: a\n  tasks: []\n", "host_vars/old.yml": "a: 1\n"},
            ["box  hosts.ini:2:1"],
        ),
        ({"hosts/laptop/x.nix": "{ }\n", "hosts/common/x.nix": "{ }\n"}, ["laptop  hosts/laptop/x.nix:1"]),
        ({".meta/ssot/infrastructure-truth.yaml": TRUTH}, ["crtr 192.0.2.1 .meta/ssot/infrastructure-truth.yaml:3:3"]),
        ({"truth/crtr.yml": "ip: 192.0.2.1\narch: arm64\n"}, ["crtr 192.0.2.1 truth/crtr.yml:1:1"]),
        ({".meta/ssot/x.yml": "nodes: [crtr, prtr]\n"}, ["crtr  .meta/ssot/x.yml:1:9", "prtr  .meta/ssot/x.yml:1:15"]),
        ({"nodes.json": '{"nodes": [{"name": "crtr", "ip": "192.0.2.1"}]}'}, ["crtr 192.0.2.1 nodes.json:1:12"]),
        ({"d/.chezmoidata.yaml": "nodes: {crtr: {ip: 192.0.2.1}}\n"}, ["crtr 192.0.2.1 d/.chezmoidata.yaml:1:9"]),
        ({"d/.chezmoidata.toml": "[hosts.crtr]\nip = '192.0.2.1'\n"}, ["crtr 192.0.2.1 d/.chezmoidata.toml:1"]),
        (
            {"d/dot_x.tmpl": '{{ if or (eq .chezmoi.hostname "a" "b") (eq "c" .chezmoi.hostname) }}\n{{ end }}\n'},
            ["a  d/dot_x.tmpl:1:1", "b  d/dot_x.tmpl:1:1", "c  d/dot_x.tmpl:1:1"],
        ),
        ({"flake.nix": "{\n nixosConfigurations.box = x;\n}\n"}, ["box  flake.nix:2:22"]),
        (
            {"private_dot_ssh/private_config.tmpl": "Host a b\n HostName 192.0.2.1\n User me\nHost c d\n"},
            ["a 192.0.2.1 private_dot_ssh/private_config.tmpl:1:1", "c  private_dot_ssh/private_config.tmpl:4:1",
             "d  private_dot_ssh/private_config.tmpl:4:1"],
        ),
        (
            {".ssh/config": "Include lan/*\n", ".ssh/lan/one": "Host a\n HostName a.lan\n"},
            ["a a.lan .ssh/lan/one:1:1"],
        ),
        (
            {"up.sh": 'NODES="a b.lan"\nHOSTS=(me@c)\nfor node in d e; do\n ssh $node x\ndone\nssh -A me@f uptime\n'},
            ["a  up.sh:1", "b.lan  up.sh:1", "c  up.sh:2", "d  up.sh:3", "e  up.sh:3", "f  up.sh:6"],
        ),
        ({"etc/hosts": "127.0.0.1 localhost\n192.0.2.1 crtr.lan crtr\n"}, ["crtr 192.0.2.1 etc/hosts:2:1"]),
    ],
)  # fmt: skip
def test_a_place_that_speaks_of_a_node(tmp_path: Path, files: Mapping[str, str], expected: list[str]) -> None:
    found = [f"{one.name} {one.address} {one.place}" for one in sightings(looked(tmp_path, files))]

    assert found == expected


@pytest.mark.parametrize(
    "files",
    [
        {"examples/hosts.ini": "[web]\nbox\n"},
        {"hosts.ini.example": "[web]\nbox\n"},
        {"inventory.sample.yml": YAML},
        {"docs/inventory.md": "[web]\nbox\n"},
        {"inventory/script": "#!/usr/bin/env python3\nprint('box')\n"},
        {"inventory/aws.yml": "plugin: amazon.aws.aws_ec2\nregions: [eu]\n"},
        {"group_vars/web.yml": "nodes: 3\n"},
        {".ssh/config": "Host *\n User me\nHost github.com git\n User git\nHost g\n HostName gitlab.com\nMatch all\n"},
        {"etc/ssh/sshd_config": "Host a\n"},
        {"etc/hosts": "".join(f"10.1.{number // 250}.{number % 250} ad{number}.example\n" for number in range(1, 300))},
        {"etc/hosts": "0.0.0.0 ads.example\n::1 localhost ip6-localhost\nff02::1 ip6-allnodes\n"},
        {"up.sh": "# for node in a b; do ssh $node\nfor node in $NODES; do ssh $node; done\nssh git@github.com"},
        {"up.sh": "for node in a b; do echo $node; done\nTARGETS=(x y)\n"},
        {"up.sh": 'for host in "$@"; do ssh $host x; done\nssh "$USER@$h" x\n'},
        {"servers.yml": "servers: [{name: web, port: 80}, {name: db, port: 5432}]\n"},
        {"conf/servers.yml": "servers: {http: {listen: 80}}\n"},
        {"d/dot_x.tmpl": '{{/* if eq .chezmoi.hostname "a" */}}\n{{ if eq .chezmoi.os "linux" }}{{ end }}\n'},
        {"hosts/common/x.nix": "{ }\n", "hosts/README.md": "a\n", "nodes/default.yml": "a: 1\n"},
        {"inventory/hosts.yml": "[not: yaml"},
        {"hosts.ini": b"\xff\xfe\x00[web]\nbox\n"},
    ],
)
def test_what_is_no_evidence_of_a_node(tmp_path: Path, files: Mapping[str, str | bytes]) -> None:
    assert list(sightings(looked(tmp_path, files))) == []


def test_truth_says_more_than_a_name(tmp_path: Path) -> None:
    (one,) = sightings(looked(tmp_path, {"ssot/nodes.yml": TRUTH}))

    assert one.others == ("cooperator",)
    assert one.facts == {"hostname": "cooperator", "role": "gateway", "memory": "8G", "services": "a,b"}


def test_what_was_discovered_is_understood(tmp_path: Path) -> None:
    truth = Truth(
        "crtr",
        hostname="cooperator",
        arch="arm64",
        memory=8 * 1024**3,
        addresses={"eth0": ("192.0.2.1/24", "2001:db8::1/64")},
        containers=(FoundContainer("web-app-1", "app:1", "web"), FoundContainer("web-db-1", "db:1", "web")),
    )
    (one,) = sightings(looked(tmp_path, {"truth/crtr.yml": write_truth(truth)}))

    assert (one.name, one.others, one.address) == ("crtr", ("cooperator",), "192.0.2.1")
    assert one.facts == {"hostname": "cooperator", "arch": "arm64", "memory": "8G", "services": "web"}


def test_groups_are_those_of_the_inventory(tmp_path: Path) -> None:
    found = {one.name: (one.groups, one.says) for one in sightings(looked(tmp_path, {"inventory/hosts.yml": YAML}))}

    assert found == {
        "gate": ((), "inventory"),
        "nas": (("media",), "inventory, group media"),
        "tv": (("players", "media"), "inventory, group players"),
    }


HOSTS = """\
[gateway]
crtr ansible_host=192.0.2.1
[work]
prtr
[all:vars]
ansible_user=me
[home:children]
gateway
work
"""


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, {"crtr": "me hosts.ini:6", "prtr": "me hosts.ini:6"}),
        (
            {"group_vars/all.yml": "ansible_user: you\n"},
            {"crtr": "you group_vars/all.yml:1", "prtr": "you group_vars/all.yml:1"},
        ),
        (
            {"group_vars/home/main.yml": "ansible_user: us\n", "group_vars/work.yml": "a: 1\nansible_user: w\n"},
            {"crtr": "us group_vars/home/main.yml:1", "prtr": "w group_vars/work.yml:2"},
        ),
        ({"host_vars/prtr.yml": "ansible_user: own\n"}, {"crtr": "me hosts.ini:6", "prtr": "own host_vars/prtr.yml:1"}),
        # Only Ansible can tell.
        ({"group_vars/all.yml": "ansible_user: '{{ x }}'\n"}, {}),
        ({"group_vars/all.yml": "ansible_user: !vault a b\n"}, {}),
    ],
)  # fmt: skip
def test_what_many_nodes_share_is_known_of_each(
    tmp_path: Path, files: Mapping[str, str], expected: Mapping[str, str]
) -> None:
    play = {"site.yml": "- hosts: all\n  tasks: []\n", "hosts.ini": HOSTS}
    nodes = nodes_of(sightings(looked(tmp_path, {**play, **files})))
    users = {node.name: user for node in nodes if (user := node.said("user"))}

    assert {name: f"{one.says} {one.place.path}:{one.place.line}" for name, one in users.items()} == expected


def test_an_inventory_without_playbooks_is_read_alike(tmp_path: Path) -> None:
    found = {one.name: one for one in sightings(looked(tmp_path, {"lab/hosts.cfg": HOSTS})) if not one.user}

    assert found["crtr"].groups == ("gateway", "home") and found["crtr"].address == "192.0.2.1"


def test_inventories_that_would_have_to_run_are_named(tmp_path: Path) -> None:
    look = looked(
        tmp_path,
        {
            "site.yml": "- hosts: all\n  tasks: []\n",
            "inventory/lab.py": "#!/usr/bin/env python3\n",
            "inventory/cloud.yml": "plugin: amazon.aws.aws_ec2\n",
            "inventory/secret.yml": "$ANSIBLE_VAULT;1.1;AES256\n6638\n",
            "inventory/hosts.ini": "[a]\none\n",
        },
    )

    assert [note.partition(" is ")[0] for note in unseen(look)] == [
        "inventory/cloud.yml",
        "inventory/lab.py",
        "inventory/secret.yml",
    ]
