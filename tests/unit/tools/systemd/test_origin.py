"""A difference of a unit file leads to the file of its service; a unit's state is no file."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.errors import ToolError
from stems.infrastructure.local import LocalRunner
from stems.model.change import Change, Domain, Risk
from stems.tools.base import Site
from stems.tools.origin import Origin
from stems.tools.systemd.tool import origin
from tests.support.dotfiles import Files
from tests.unit.tools.systemd.test_units import INSTALL, NODE, RUNS, job

TREE: Files = {"web.service": RUNS + INSTALL, "web.service.d/10.conf": "[Service]\n", "db.container": "[Container]\n"}


def found(folder: Path, resource: str) -> Origin | None:
    change = Change("red", Domain.SERVICES, "systemd", resource, "change", Risk.SERVICE, service="web")
    return origin(job(folder, TREE), Site(NODE, LocalRunner(), "", "", "", ""), change)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/etc/systemd/system/web.service", "web.service"),
        ("/etc/systemd/system/web.service.d/10.conf", "web.service.d/10.conf"),
        ("/etc/containers/systemd/db.container", "db.container"),
    ],
)
def test_units_drop_ins_and_quadlets(tmp_path: Path, path: str, name: str) -> None:
    assert found(tmp_path, f"file:{path}") == Origin(path, f"services/web/{name}", "root")


@pytest.mark.parametrize(
    ("resource", "remedy"),
    [
        ("unit:web.service", "`state` or `enabled` of services.web"),
        ("file:/etc/systemd/system/x.service", "declare it"),
    ],
)
def test_what_is_no_file_says_where_to_write_it(tmp_path: Path, resource: str, remedy: str) -> None:
    with pytest.raises(ToolError) as refused:
        found(tmp_path, resource)

    assert remedy in refused.value.remedy
