"""Quadlets where no Podman is: a stand-in makes units of them as its generator would, and systemd is the real one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from stems.infrastructure.lab.state import Lab
from stems.model.service import Scope, UnitState
from stems.model.state import Health
from stems.tools.systemd import tool as systemd
from tests.support.units import HOME, Units, units

# Of what Podman's generator does only this counts here: a unit that has no file of its own and cannot be enabled.
STAND_IN = r"""#!/bin/sh
for file in {folder}/contract-*.container; do
  [ -e "$file" ] || continue
  name=${{file##*/}}
  {{ echo '[Unit]'; echo "SourcePath=$file"; echo '[Service]'; echo 'Type=exec'; sed -n 's/^Exec=/ExecStart=/p' "$file"
  }} >"$1/${{name%.container}}.service"
done
"""
CONTAINER = "[Container]\nImage=example.com/image\nExec=/bin/sleep {seconds}\n[Install]\nWantedBy=default.target\n"
STATE = "$systemctl show -p ActiveState,UnitFileState contract-db | cut -d = -f 2 | xargs"
PID = "$systemctl show --value -p MainPID contract-db"


@pytest.fixture(params=Scope)
def adapter(lab: Lab, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Units]:
    with units(lab, tmp_path, request.param) as target:
        yield target
        target.ask(f"sudo rm -rf {generator(target)} {target.manager.quadlets}; $systemctl daemon-reload")


def generator(adapter: Units) -> str:
    scope = adapter.service.scope.value
    return f"/usr/lib/systemd/{scope}-generators/podman-{scope}-generator"


def test_quadlets_become_units(adapter: Units) -> None:
    """They come, change, go and are taken back as unit files do, though nothing of them can be enabled."""
    files = {"contract-db.container": CONTAINER.format(seconds=1001), "contract-data.volume": "[Volume]\n"}
    job = adapter.job_of(files, "1")
    assert "Podman" in adapter.preview(job).blocked
    path, text = generator(adapter), STAND_IN.format(folder=adapter.manager.quadlets)
    adapter.ask(
        f"sudo mkdir -p {path.rpartition('/')[0]}; sudo tee {path} >/dev/null <<'END'\n{text}END\nsudo chmod 755 {path}"
    )
    found = adapter.changes(job)
    shown = adapter.manager.quadlets.replace(HOME, "~")
    assert [(change.resource, change.action) for change in found] == [
        (f"file:{shown}/contract-data.volume", "create"),
        (f"file:{shown}/contract-db.container", "create"),
        (adapter.manager.unit("contract-db.service"), "start"),
    ]
    systemd.apply(job, adapter.site, found)
    assert adapter.ask(STATE) == "active generated\n"
    assert adapter.changes(job) == ()
    assert [state.health for state in adapter.states()] == [Health.HEALTHY]
    before = adapter.ask(PID)

    job = adapter.job_of({"contract-db.container": CONTAINER.format(seconds=1002)}, "2")
    found = adapter.changes(job)
    assert [change.action for change in found] == ["change", "restart", "remove"]
    systemd.apply(job, adapter.site, found)
    assert adapter.changes(job) == ()
    assert adapter.ask(PID) != before
    assert list(systemd.restore(job, adapter.site)) == []
    assert adapter.changes(adapter.job_of(files)) == ()
    assert (
        adapter.ask(f"grep -c 1001 {adapter.manager.quadlets}/contract-db.container; {STATE}")
        == "1\nactive generated\n"
    )

    masked = adapter.job_of(files, "3", replace(adapter.service, state=UnitState.MASKED))
    systemd.apply(masked, adapter.site, adapter.changes(masked))
    assert (adapter.ask(STATE), adapter.changes(masked)) == ("inactive masked\n", ())
    assert list(systemd.restore(masked, adapter.site)) == []
    assert adapter.ask(STATE) == "active generated\n"

    assert list(systemd.restore(adapter.job_of(files, "1"), adapter.site)) == []
    assert adapter.ask(f"{STATE}; find {adapter.manager.quadlets} -type f 2>/dev/null || :") == "inactive\n"
