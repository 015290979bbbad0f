"""Repositories that are made up: one with many services, and one whose nodes all refuse."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.place import Place, call

_COMPOSE = """\
services:
  app:
    image: registry.example/app-{number}:1.{number}
    restart: unless-stopped
    environment: {{NAME: app-{number}, GREETING: "${{greeting}}"}}
    ports: ["127.0.0.1:{port}:8080"]
    volumes: ["./app.conf:/etc/app.conf:ro", "data:/data"]
    healthcheck: {{test: ["CMD", "app", "--check"], interval: 10s}}
  store:
    image: registry.example/store:3
    volumes: ["store:/var/lib/store"]
volumes: {{data: {{}}, store: {{}}}}
"""
_SERVICE = """\
  app-{number}:
    node: {node}
    reason: Measured
    requires: {{memory: 16M}}
    data: local
    checks: [{{http: "http://127.0.0.1:{port}/health", expect: 200}}]
"""


def many_services(place: Place, count: int = 50) -> Path:
    """A clone of the lab's repository with that many services of two containers each, committed."""
    folder = place.scratch / f"services-{count}"
    call("git", "clone", "--quiet", str(place.repository), str(folder))
    nodes = [node.name for node in place.lab.nodes]
    declared = []
    for number in range(count):
        service = folder / "services" / f"app-{number}"
        service.mkdir()
        port = 20000 + number
        (service / "compose.yml").write_text(_COMPOSE.format(number=number, port=port))
        (service / "app.conf").write_text(f"number = {number}\n")
        declared.append(_SERVICE.format(number=number, port=port, node=nodes[number % len(nodes)]))
    config = folder / "config/cluster.yml"
    config.write_text(re.sub(r"(?m)^services:\n", "services:\n" + "".join(declared), config.read_text()))
    _commit(folder, f"Declare {count} more services")
    return folder


@contextmanager
def refusing(place: Place) -> Iterator[Path]:
    """A clone whose nodes are loopback ports that stay closed: bound, so that nobody else opens them meanwhile."""
    folder = place.scratch / "refusing"
    call("git", "clone", "--quiet", str(place.repository), str(folder))
    config = folder / "config/cluster.yml"
    text = config.read_text()
    with ExitStack() as held:
        for node in place.lab.nodes:
            closed = held.enter_context(socket.socket())
            closed.bind(("127.0.0.1", 0))
            text = re.sub(rf"\bport: {node.port}\b", f"port: {closed.getsockname()[1]}", text)
        config.write_text(text)
        _commit(folder, "Move every node to a closed port")
        yield folder


def _commit(folder: Path, message: str) -> None:
    call("git", "add", "--all", cwd=folder)
    call("git", "-c", "user.name=bench", "-c", "user.email=bench@colab.example", "commit", "-qm", message, cwd=folder)
