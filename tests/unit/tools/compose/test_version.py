"""A Compose that is too old is told from one that will do, on a node and for a lab alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.infrastructure.command import Result
from stems.infrastructure.lab.compose import version_of
from stems.tools.compose.preview import is_supported
from tests.support.fake import FakeRunner

PROGRAM = Path("/usr/libexec/docker/cli-plugins/docker-compose")
VERSIONS = {
    "2.29.0": True, "2.40.3": True, "2.29.7-desktop.1": True, "5.0.1": True,
    "2.28.9": False, "2.5.0": False, "1.29.2": False, "": False, "dev": False,
}  # fmt: skip


@pytest.mark.parametrize("version", VERSIONS)
def test_the_least_version_is_asked_of_a_node(version: str) -> None:
    assert is_supported(version) is VERSIONS[version]


@pytest.mark.parametrize("version", VERSIONS)
def test_lab_nodes_get_what_stems_can_use(version: str) -> None:
    runner = FakeRunner({(str(PROGRAM), "version", "--short"): Result(0, f"v{version}\n".encode())})

    assert version_of(PROGRAM, runner) == (version if VERSIONS[version] else "")
