"""The small site that a story starts from: three dotfiles, two services, and where asked for a playbook."""

from __future__ import annotations

import json
import platform
import zlib
from typing import Any

from stems.infrastructure.lab.example import ARCHITECTURES
from stems.infrastructure.lab.state import Lab

WEB = """
services:
  web:
    image: stems-lab/busybox:{image}
    command: [httpd, -f, -p, "8080", -h, /site]
    environment: {{NODE: "${{NODE_NAME}}"}}
    ports: ["127.0.0.1:{port}:8080"]
    volumes: ["./site:/site:ro"]
    init: true
    stop_grace_period: 1s
    healthcheck:
      test: [CMD, wget, -q, -O, /dev/null, "http://127.0.0.1:8080/{health}"]
      interval: 4s
      timeout: 20s
      retries: 2
"""

KEEPER = """
services:
  keeper:
    image: stems-lab/busybox:{image}
    command: {command}
    volumes: ["data:/data"]
    init: true
    stop_grace_period: 1s
volumes: {{data: {{}}}}
"""

ARCH = ARCHITECTURES[platform.machine()][0]
REMEMBERS = '[sh, -c, "date >>/data/starts; exec sleep 100000"]'

PLAYBOOK = """
- name: System
  hosts: {hosts}
  become: true
  gather_facts: false
  tasks:
    - name: Greeting
      ansible.builtin.template: {{src: motd.j2, dest: /etc/{name}-motd, mode: "0644"}}
    {more}
"""


class Site:
    """The parts of a story's repository, and the cluster as a document that a story changes and commits."""

    def __init__(self, lab: Lab, name: str, *, system: str = "", services: bool = True, alone: bool = False) -> None:
        """`system` names the nodes that have a playbook, as Ansible does. `alone` is for a story of one node."""
        self.name = name
        self.services = services
        self.port = 20000 + zlib.crc32(name.encode()) % 4000
        self.system = system
        self.cluster: dict[str, Any] = {
            "version": 1,
            "cluster": {"name": name, "domain": "local", "timezone": "UTC"},
            "checkout": f"~/{name}-config",
            "variables": {"greeting": "hello"},
            "nodes": {node.name: _node(lab, node.name) for node in lab.nodes},
            "domains": {
                "user": {"tool": "files", "source": "dotfiles", "owns": ["~/"]},
                "services": {"tool": "compose", "source": "services"},
            },
            "services": {
                f"{name}-web": {
                    "node": ["prtr", "drtr"],
                    "checks": [{"http": f"http://127.0.0.1:{self.port}/index.html", "expect": 200}],
                },
                f"{name}-keeper": {"node": "crtr", "data": "local"},
            },
            "gates": {"automatic": ["user"], "manual": ["system", "service", "network", "destructive", "unknown"]},
            "rollout": {
                "order": ["prtr", "drtr", "crtr"], "pilot": "prtr", "pause": "0s", "healthy_for": "1s",
                "deadline": "20s", "on_failure": "revert",
            },
        }  # fmt: skip
        if not services:
            del self.cluster["services"], self.cluster["domains"]["services"]
        if system:
            self.cluster["domains"]["system"] = {
                "tool": "ansible", "source": "ansible", "playbook": "site.yml", "owns": ["/etc/"],
            }  # fmt: skip
        if alone:
            self.cluster["nodes"] = {"prtr": self.cluster["nodes"]["prtr"]}
            self.cluster["rollout"]["order"] = ["prtr"]

    def text(self) -> str:
        """`config/cluster.yml`: JSON is YAML."""
        return json.dumps(self.cluster, indent=1)

    @property
    def web(self) -> str:
        return f"services/{self.name}-web"

    @property
    def keeper(self) -> str:
        return f"services/{self.name}-keeper"

    def web_compose(self, *, image: str = "1", health: str = "index.html") -> str:
        return WEB.format(image=image, port=self.port, health=health)

    def keeper_compose(self, *, image: str = "1", command: str = REMEMBERS) -> str:
        return KEEPER.format(image=image, command=command)

    def playbook(self, more: str = "") -> str:
        return PLAYBOOK.format(name=self.name, hosts=self.system, more=more)


def _node(lab: Lab, name: str) -> dict[str, Any]:
    node = lab.node(name)
    ssh = {"host": node.host, "user": node.user, "port": node.port, "identity": str(lab.identity)}
    return {
        "hostname": node.hostname, "ssh": ssh, "privilege": "sudo", "role": node.role, "arch": ARCH,
        "variables": {"tone": f"of {name}"},
        "when_down": {"impact": f"nothing on {name}", "mitigation": f"ask another than {name}"},
    }  # fmt: skip


def first_files(site: Site) -> dict[str, str]:
    files = {
        f"dotfiles/.{site.name}rc": "first\n",
        f"dotfiles/.{site.name}-greeting.j2": "{{ greeting }} {{ tone }}\n",
        f"dotfiles/.{site.name}.d/one": "one\n",
    }
    if site.services:
        files |= {
            f"{site.web}/compose.yml": site.web_compose(),
            f"{site.web}/site/index.html": "first\n",
            f"{site.keeper}/compose.yml": site.keeper_compose(),
        }
    if site.system:
        files |= {
            "ansible/site.yml": site.playbook(),
            "ansible/templates/motd.j2": "{{ greeting }} from {{ node_name }}\n",
        }
    return files
