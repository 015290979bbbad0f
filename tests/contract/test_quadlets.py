"""Quadlets on a node without Podman: its generator is the real one where STEMS_QUADLET names it, else a stand-in.

Of the generator only this counts for what comes, changes and goes: its units have no file of their own and cannot be
enabled. What Podman itself would do is always a stand-in.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from stems.infrastructure.lab.state import Lab
from stems.model.observation import Unknown
from stems.model.service import Scope, UnitState
from stems.model.state import Health
from stems.tools.systemd import tool as systemd
from tests.support.units import HOME, Units, units

QUADLET = os.environ.get("STEMS_QUADLET")
STAND_IN = """#!/bin/sh
case " $* " in *" --dryrun "*) exit 0 ;; esac
for file in {folder}/contract-*.container; do
  [ -e "$file" ] || continue
  name=${{file##*/}}
  {{ echo '[Unit]'; echo "SourcePath=$file"; echo '[Service]'; echo 'Type=exec'; sed -n 's/^Exec=/ExecStart=/p' "$file"
  }} >"$1/${{name%.container}}.service"
done
"""
PODMAN = "#!/bin/sh\ncase $1 in run) systemd-notify --ready; exec sleep 100000 ;; esac\n"
CONTAINER = "[Container]\nImage=example.com/image:1\nExec=/bin/sleep {seconds}\n[Install]\nWantedBy=default.target\n"
STATE = "$systemctl show -p ActiveState,UnitFileState contract-db | cut -d = -f 2 | xargs"
PID = "$systemctl show --value -p MainPID contract-db"


@pytest.fixture(params=Scope)
def adapter(lab: Lab, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Units]:
    with units(lab, tmp_path, request.param) as target:
        yield target
        gone = f"{generator(target)} /usr/bin/podman {target.manager.quadlets}"
        target.ask(f"$systemctl stop contract-db; sudo rm -rf {gone}; $systemctl daemon-reload")


def generator(adapter: Units) -> str:
    scope = adapter.service.scope.value
    return f"/usr/lib/systemd/{scope}-generators/podman-{scope}-generator"


def install(adapter: Units, path: str, content: bytes) -> None:
    folder, text = path.rpartition("/")[0], base64.b64encode(content).decode()
    adapter.ask(f"sudo mkdir -p {folder}; sudo tee {path}.64 >/dev/null <<'END'\n{text}\nEND\n"
                f"sudo sh -c 'base64 -d <{path}.64 >{path}; chmod 755 {path}; rm {path}.64'")  # fmt: skip


def install_podman(adapter: Units) -> None:
    stand_in = STAND_IN.format(folder=adapter.manager.quadlets).encode()
    install(adapter, generator(adapter), Path(QUADLET).read_bytes() if QUADLET else stand_in)
    install(adapter, "/usr/bin/podman", PODMAN.encode())


def test_quadlets_become_units(adapter: Units) -> None:
    """They come, change, go and are taken back as unit files do, though nothing of them can be enabled."""
    files = {"contract-db.container": CONTAINER.format(seconds=1001), "contract-data.volume": "[Volume]\n"}
    job = adapter.job_of(files, "1")
    assert "Podman" in adapter.preview(job).blocked
    install_podman(adapter)
    seen = adapter.preview(job)
    shown = adapter.manager.quadlets.replace(HOME, "~")
    assert [(change.resource, change.action) for change in seen.changes] == [
        (f"file:{shown}/contract-data.volume", "create"),
        (f"file:{shown}/contract-db.container", "create"),
        (adapter.manager.unit("contract-db.service"), "start"),
    ]
    assert seen.notes == ()
    systemd.apply(job, adapter.site, seen.changes)
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
    text = f"{adapter.manager.quadlets}/contract-db.container"
    assert adapter.ask(f"grep -c 1001 {text}; {STATE}") == "1\nactive generated\n"

    masked = adapter.job_of(files, "3", replace(adapter.service, state=UnitState.MASKED))
    systemd.apply(masked, adapter.site, adapter.changes(masked))
    assert (adapter.ask(STATE), adapter.changes(masked)) == ("inactive masked\n", ())
    assert list(systemd.restore(masked, adapter.site)) == []
    assert adapter.ask(STATE) == "active generated\n"

    assert list(systemd.restore(adapter.job_of(files, "1"), adapter.site)) == []
    assert adapter.ask(f"{STATE}; find {adapter.manager.quadlets} -type f 2>/dev/null || :") == "inactive\n"


@pytest.mark.skipif(not QUADLET, reason="NOT TRIED AGAINST PODMAN'S GENERATOR: STEMS_QUADLET names none")
def test_podmans_generator_is_asked_before_a_quadlet_is_placed(adapter: Units) -> None:
    install_podman(adapter)
    before = adapter.photograph()
    folder, good = "services/contract", CONTAINER.format(seconds=1)
    waits = "[Unit]\nRequires=contract-db.service\n[Service]\nExecStart=/bin/true\n"
    odd = adapter.preview(adapter.job_of({"contract-db.container": f"{good}[Container]\nNetwork=no.network\n"}))
    assert odd.notes == (f"{folder}/contract-db.container: requested Quadlet unit no.network was not found",)
    assert adapter.preview(adapter.job_of({"contract-db.container": good, "contract-web.service": waits})).notes == ()

    bad = systemd.preview(adapter.job_of({"contract-db.container": f"{good}[Container]\nOdd=1\n"}), [adapter.site])[
        "prtr"
    ]
    assert isinstance(bad, Unknown)
    assert bad.reason.startswith(f"prtr: {folder}/contract-db.container: unsupported key 'Odd' in group 'Container'")
    assert adapter.photograph() == before
