"""A repository of three nodes that has a little of everything that is made from one."""

from __future__ import annotations

from pathlib import Path

from stems.configuration.load import load_cluster
from stems.lifecycle.generate.read import Read, read_cluster
from stems.lifecycle.generate.source import Source
from stems.model.cluster import Cluster
from tests.support.scratch import Scratch

CLUSTER = """\
version: 1
cluster: {name: colab, domain: local}
checkout: ~/colab-config
variables: {motto: "{{ not a template }}", odd: "a\\u202Eb: #1"}
nodes:
  crtr:
    hostname: cooperator
    ssh: {host: 192.0.2.11, user: owner, port: 2222, identity: "~/.ssh/my key"}
    role: gateway
    arch: arm64
    hardware: {cpus: 4, memory: 16G, disk: 1T}
    checks: [{mount: /cluster-nas}]
    when_down: {impact: 'No <way> in & "nothing" else', mitigation: Wait}
  drtr:
    hostname: director
    ssh: {host: 127.0.0.1, user: owner, port: 40022}
    role: gpu
    arch: x86_64
    variables: {address: "2001:db8::12"}
  prtr:
    hostname: projector.example
    ssh: {host: work}
    role: work
    paused: On the bench
domains:
  user: {tool: files, source: dotfiles}
  services: {tool: compose, source: services}
services:
  caddy: {node: crtr, reason: 'The | way in', checks: [{http: "http://127.0.0.1/health"}]}
  metrics: {node: crtr, data: local, after: [caddy], checks: [{http: "http://127.0.0.1:9090/-/ready", expect: 204}]}
  web: {node: [drtr, prtr], project: pages, after: [metrics], checks: [{http: "http://127.0.0.1:8080/"}]}
  agent: {node: all, after: [caddy]}
"""
FILES = {
    "config/cluster.yml": CLUSTER,
    "config/known_hosts": "",
    "dotfiles/.bashrc": "\n",
    "services/caddy/compose.yml": "services: {proxy: {image: 'caddy:2.8', ports: ['80:80', '443:443/udp']}}\n",
    "services/caddy/README.md": "# caddy\n",
    "services/metrics/compose.yml": "services: {metrics: {image: 'prom:2', ports: ['127.0.0.1:9090:9090']}}\n",
    "services/web/compose.yml": """\
services:
  web: {image: "nginx:1.27", ports: ["${WEB_PORT:-8080}:80", "7000-7003:7000-7003"]}
""",
    "services/agent/compose.yml": "services: {agent: {image: 'agent:1', network_mode: host}}\n",
    "docs/decisions/0001-put-caddy-first.md": "# 1. Put caddy at the door\n\nOn `cooperator`.\n",
    "docs/decisions/README.md": "# Decisions\n\n`caddy`\n",
}


def cluster(text: str = CLUSTER) -> Cluster:
    return load_cluster(text)


def read(root: Path, files: dict[str, str] | None = None) -> Read:
    scratch = Scratch(root / "my repository")
    scratch.commit({**FILES, **(files or {})})
    return read_cluster(scratch.root)


def source(root: Path) -> Source:
    return read(root).source()
