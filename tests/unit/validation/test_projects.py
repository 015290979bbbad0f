"""Compose projects are read once for all nodes that give them the same values."""

from __future__ import annotations

from pathlib import Path

from stems.configuration.load import load_cluster
from stems.infrastructure.local import LocalRunner
from stems.lifecycle.jobs import variables_of
from stems.model.cluster import CLUSTER_FILE
from stems.tools.base import Job
from stems.tools.compose import tool as compose
from stems.validation.files import Files
from stems.validation.page import Example, cluster
from stems.validation.projects import projects_of
from stems.validation.subject import Subject
from tests.unit.validation.examples import written


def test_what_reads_alike_on_all_nodes_is_read_once(tmp_path: Path) -> None:
    text = cluster("""
          work: {hostname: work, ssh: {host: work.example, user: owner}, variables: {TAG: "1.26"}}
        variables: {TAG: "1.27"}
        domains:
          services: {tool: compose, source: services}
        services:
          web: {node: all}
          tagged: {node: all}
        """)
    example: Example = {
        CLUSTER_FILE: text,
        "services/web/compose.yml": "services: {web: {image: 'nginx:1.27'}}\n",
        "services/tagged/compose.yml": "services: {web: {image: 'nginx:${TAG}'}}\n",
    }
    tree = written(tmp_path, example)
    read = load_cluster(text)
    assert read.domains.services
    job = Job(read, read.domains.services, tree, variables_of(read), LocalRunner(), tmp_path)
    found = projects_of(Subject(read, [(compose, job)], Files(tmp_path, example)))

    nodes = [(one.project.folder, [node.name for node in one.nodes]) for one in found]
    assert nodes == [
        ("services/web", ["gate", "work"]),
        ("services/tagged", ["gate"]),
        ("services/tagged", ["work"]),
    ]
