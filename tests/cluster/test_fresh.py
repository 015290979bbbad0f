"""A node without Docker: what needs it is not yet previewable, and is planned and approved once Docker is there."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from stems.infrastructure.lab.down import down
from stems.infrastructure.lab.state import Lab, LabNode, lab_folder
from stems.infrastructure.lab.up import start
from stems.infrastructure.local import LocalRunner
from tests.support.lab import ask, lab_name
from tests.support.story import story

# What a package would bring: no lab has a way to a package archive.
PACKAGE = r"""
sudo tar c --ignore-failed-read $(dpkg -L docker.io containerd runc tini | sort -u | while read -r path; do
  [ -d "$path" ] || echo "$path"; done) 2>/dev/null | gzip -1
"""

INSTALLS = """- name: Docker
      ansible.builtin.unarchive:
        {src: /opt/docker.tar.gz, dest: /, remote_src: true, creates: /usr/sbin/dockerd}
    - name: Docker runs
      ansible.builtin.systemd_service: {name: docker, state: started, daemon_reload: true}
    - name: The image is there
      ansible.builtin.shell:
        cmd: docker load -i /opt/stems-lab/images.tar && touch /var/lib/stems-lab-loaded
        creates: /var/lib/stems-lab-loaded
"""


@pytest.fixture
def fresh(lab: Lab) -> Iterator[Lab]:
    """A lab of one node that has no Docker, and a package of it from a node that has."""
    name = lab_name("-fresh")
    folder = lab_folder(name)
    made = Lab(name, folder, folder / "repository", nodes=(LabNode("crtr", "cooperator", "gateway", fresh=True),))
    try:
        made = start(made, LocalRunner(), say=print)
        assert ask(made, "crtr", "command -v dockerd").status != 0
        _bring_package(lab, made)
        yield made
    finally:
        down(name, LocalRunner(), force=True)


def _bring_package(lab: Lab, made: Lab) -> None:
    package = made.folder / "docker.tar.gz"
    source, target = lab.container(lab.node("crtr")), made.container(made.node("crtr"))
    with package.open("wb") as file:
        subprocess.run(("docker", "exec", source, "bash", "-c", PACKAGE), stdout=file, check=True)
    subprocess.run(("docker", "cp", str(package), f"{target}:/opt/docker.tar.gz"), check=True)


def test_a_node_without_docker_gets_there_approval_by_approval(fresh: Lab, tmp_path: Path) -> None:
    """The plan ends where it cannot see on; what comes then is shown and approved in its turn."""
    with story(fresh, tmp_path, "fresh", system="all") as told:
        told.site.cluster["services"] = {f"{told.site.name}-keeper": {"node": "crtr"}}
        told.site.cluster["rollout"] |= {"order": ["crtr"], "pilot": "crtr"}
        told.commit({"ansible/site.yml": told.site.playbook(INSTALLS)})
        planned = told.plan()["nodes"][0]
        assert [part["tool"] for part in planned["not_yet_previewable"]]
        assert not [change for change in planned["changes"] if change["tool"] == "compose"]
        assert "not yet previewable" in told.stems("plan").out

        answered_once = told.stems("deploy", answers="y\n" + "n\n", exits=5)
        assert "what could not be previewed before is asked for again" in answered_once.err
        told.stems("deploy", answers="y\n" * 3)
        assert told.status()["crtr"]["in_sync"] is True
        assert "nothing to do" in told.stems("deploy").out
