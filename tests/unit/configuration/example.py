"""The cluster file that the tests of the configuration change in one place at a time."""

from __future__ import annotations

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHVMSXcHdDB1eXJkYWhsYmFzYmFzYmFzYmFzYmFzYmFz owner@laptop"

EXAMPLE = f"""\
version: 1
cluster: {{name: colab, domain: local, timezone: UTC}}
checkout: ~/colab-config

variables: {{nas_path: /cluster-nas}}
architectures: {{arm64: {{variables: {{docker_platform: linux/arm64}}}}}}
roles: {{gateway: {{variables: {{ingress: true}}}}}}

nodes:
  crtr:
    hostname: cooperator
    ssh: {{host: crtr.example, user: trtr, port: 22}}
    privilege: sudo
    role: gateway
    arch: arm64
    hardware: {{cpus: 4, memory: 16G, disk: 1T, gpu: 0}}
    variables: {{}}
    checks: [{{mount: /cluster-nas}}, {{disk_free: {{path: /, at_least: 10%}}}}]
    when_down: {{impact: No way in from outside, mitigation: Reach the other nodes directly}}
  prtr:
    hostname: projector
    ssh: {{host: prtr.example, identity: ~/.ssh/lab}}
    arch: x86_64
    paused: waits for a new disk

domains:
  user: {{tool: chezmoi, source: dotfiles, owns: ["~/"]}}
  system: {{tool: ansible, source: ansible, playbook: site.yml, owns: ["/etc/", "/usr/local/"], inventory: hosts.yml}}
  services: {{tool: compose, source: services}}

services:
  prometheus: {{node: prtr, data: local}}
  grafana:
    node: [crtr]
    reason: Next to the ingress
    requires: {{memory: 512M, arch: [arm64, x86_64], gpu: 0}}
    project: grafana
    data: local
    checks: [{{http: "http://127.0.0.1:3000/api/health", expect: 200}}]
    after: [prometheus]
    rollback_safe: it only reads
  exporter: {{node: all, paused: too loud}}
  caddy: {{node: crtr, tool: systemd, unit: caddy.service, reason: External access point}}

gates: {{automatic: [user], manual: [system, service, network, destructive, unknown]}}
approvers: [{{name: owner, key: "{KEY}"}}]
rollout: {{order: [prtr, crtr], pilot: prtr, pause: 5s, healthy_for: 10s, deadline: 2m, on_failure: revert-node}}
alerts: ["ntfy://topic"]
"""
