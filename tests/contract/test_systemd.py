"""systemd keeps the promises of a tool on a real node: units of the repository, and the state of a package's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from stems.errors import ToolError
from stems.infrastructure.lab.state import Lab
from stems.model.change import Risk
from stems.model.service import Scope, UnitState
from stems.model.state import Health
from stems.tools.systemd import tool as systemd
from tests.contract.suite import FIRST, SECOND, ToolSuite, changes, deploy, predictable, restore
from tests.support.units import FIRST_RELEASE, Units, units

UNITS = "/etc/systemd/system"


@pytest.fixture
def adapter(lab: Lab, tmp_path: Path) -> Iterator[Units]:
    with units(lab, tmp_path, Scope.SYSTEM) as target:
        yield target


class TestSystemd(ToolSuite):
    pass


class TestUnitsOfAUser(ToolSuite):
    @pytest.fixture
    def adapter(self, lab: Lab, tmp_path: Path) -> Iterator[Units]:
        with units(lab, tmp_path, Scope.USER) as target:
            yield target


def test_what_is_deployed_runs_and_what_did_not_change_goes_on(adapter: Units) -> None:
    """A second deployment of the same restarts nothing, one of a changed drop-in restarts that unit."""
    deploy(adapter, FIRST, deployment="1")
    ask = "systemctl show --value -p MainPID,ActiveState contract-web; systemctl is-active contract-old.timer"
    before = adapter.ask(ask)
    assert before.endswith("active\nactive\n")
    assert changes(adapter, FIRST) == ()
    assert adapter.ask("systemctl is-active contract-old.service || :") == "inactive\n", "its timer runs it"

    deploy(adapter, FIRST, deployment="2")
    assert adapter.ask(ask) == before
    job = adapter.job_of({**FIRST_RELEASE, "contract-web.service.d/10-first.conf": "[Service]\nEnvironment=A=3\n"}, "3")
    found = adapter.changes(job)
    assert [(change.resource, change.action) for change in found] == [
        (f"file:{UNITS}/contract-web.service.d/10-first.conf", "change"),
        ("unit:contract-web.service", "restart"),
    ]
    systemd.apply(job, adapter.site, found)
    assert adapter.ask("systemctl show --value -p Environment contract-web") == "A=3\n"
    assert adapter.ask(ask).splitlines()[0] != before.splitlines()[0]


def test_an_edited_unit_file_is_drift(adapter: Units) -> None:
    deploy(adapter, FIRST, deployment="1")
    adapter.ask(f"echo '# by hand' | sudo tee -a {UNITS}/contract-web.service")
    drift = {change.resource: change for change in changes(adapter, FIRST) if change.by_hand}

    assert list(drift) == [f"file:{UNITS}/contract-web.service"]
    assert drift[f"file:{UNITS}/contract-web.service"].risk is Risk.DESTRUCTIVE
    adapter.ask(f"printf '[Service]\\n' | sudo tee {UNITS}/contract-stray.service")
    told = adapter.preview(adapter.job(FIRST, deployment="")).unmanaged
    assert f"unit:contract-stray.service ({UNITS}/contract-stray.service)" in told

    taken = adapter.job_of(
        {**FIRST_RELEASE, "contract-web.service": f"{FIRST_RELEASE['contract-web.service']}# by hand\n"}, "2"
    )
    found = {(change.action, change.resource): change for change in adapter.changes(taken)}
    assert set(found) == {("adopt", f"file:{UNITS}/contract-web.service"), ("restart", "unit:contract-web.service")}
    systemd.apply(taken, adapter.site, list(found.values()))
    assert adapter.changes(taken) == ()
    assert list(systemd.restore(taken, adapter.site)) == []
    assert "# by hand" in adapter.ask(f"cat {UNITS}/contract-web.service")


def test_what_lay_there_is_not_overwritten_without_being_asked_and_comes_back(adapter: Units) -> None:
    adapter.ask(f"echo '# mine' | sudo tee {UNITS}/contract-web.service")
    risks = {change.resource: change.risk for change in changes(adapter, FIRST)}
    assert risks[f"file:{UNITS}/contract-web.service"] is Risk.DESTRUCTIVE

    deploy(adapter, FIRST, deployment="1")
    assert list(restore(adapter, FIRST, deployment="1")) == []
    assert adapter.ask(f"cat {UNITS}/contract-web.service") == "# mine\n"


@dataclass(frozen=True)
class Case:
    """How a package's unit was, is declared, and is left."""

    before: str
    state: UnitState
    enabled: bool | None
    left: str


@pytest.mark.parametrize(
    "case",
    [
        Case("masked", UnitState.RUNNING, enabled=None, left="active enabled"),
        Case("masked", UnitState.RUNNING, enabled=False, left="active disabled"),
        Case("enabled", UnitState.STOPPED, enabled=None, left="inactive disabled"),
        Case("enabled", UnitState.STOPPED, enabled=True, left="inactive enabled"),
        Case("enabled", UnitState.MASKED, enabled=None, left="inactive masked"),
    ],
)
def test_a_unit_that_a_package_brought(adapter: Units, case: Case) -> None:
    """It gets the declared state and is put back; nothing of the package's is written over."""
    unit = "dpkg-db-backup.timer"
    ask = f"systemctl show -p ActiveState,UnitFileState {unit} | cut -d = -f 2 | xargs"
    service = replace(adapter.service, unit=unit, state=case.state, enabled=case.enabled)
    if case.before == "enabled":
        adapter.ask(f"sudo systemctl unmask {unit}; sudo systemctl enable --now {unit}")
    try:
        was = adapter.ask(ask)
        job = adapter.job_of({}, "1", service)
        systemd.apply(job, adapter.site, adapter.changes(job))
        assert adapter.ask(ask) == f"{case.left}\n"
        assert adapter.changes(job) == ()
        assert [state.health for state in adapter.states(service)] == [Health.HEALTHY]

        assert list(systemd.restore(job, adapter.site)) == []
        assert adapter.ask(ask) == was
    finally:
        adapter.ask(f"sudo systemctl disable --now {unit}; sudo systemctl mask {unit}")


def test_a_service_that_is_no_longer_declared_goes(adapter: Units) -> None:
    deploy(adapter, FIRST, deployment="1")
    job = adapter.job_of({}, "2", replace(adapter.service, name="other", unit="dbus.service"))
    found = adapter.changes(job)
    removed = {change.resource for change in found if change.action == "remove"}
    assert {"unit:contract-web.service", "unit:contract-old.timer", f"file:{UNITS}/contract-web.service"} <= removed
    assert {change.risk for change in found if change.action == "remove"} == {Risk.DESTRUCTIVE}

    systemd.apply(job, adapter.site, found)
    assert adapter.ask(
        "systemctl show --value -p LoadState contract-web; ls -d /etc/systemd/system/*contract* || :"
    ) == ("not-found\n")
    assert list(systemd.restore(job, adapter.site)) == []
    assert adapter.ask("systemctl is-active contract-web contract-old.timer") == "active\nactive\n"
    assert predictable(adapter, FIRST) == []


def test_taking_back_the_first_deployment_leaves_nothing(adapter: Units) -> None:
    before = adapter.photograph()
    deploy(adapter, FIRST, deployment="1")

    assert list(restore(adapter, FIRST, deployment="1")) == []
    assert adapter.photograph() == before


def test_a_unit_that_does_not_start_says_what_it_said(adapter: Units) -> None:
    adapter.break_off(SECOND)
    with pytest.raises(ToolError) as raised:
        deploy(adapter, SECOND, deployment="1")

    assert raised.value.problem == "prtr: contract-web.service: systemctl start failed"
    assert "/no/such/program" in raised.value.said


def test_a_line_that_the_journal_could_not_place_is_among_the_last(adapter: Units) -> None:
    """What a child of systemd says before it dies often comes to the journal too late to be told whose it was."""
    deploy(adapter, FIRST, deployment="1")
    adapter.ask(
        "printf 'MESSAGE=could not\\nUNIT=contract-web.service\\n' | sudo logger --journald; sudo journalctl --sync"
    )

    job = adapter.job(FIRST, deployment="")
    assert "contract-web.service: could not" in systemd.last_lines(job, adapter.site, adapter.service.name).splitlines()


def test_health_of_units(adapter: Units) -> None:
    """Not deployed, well, down, and in a loop of restarts that looks well between two of them."""
    assert [(state.health, state.as_deployed) for state in adapter.states()] == [(Health.DOWN, False)]
    deploy(adapter, FIRST, deployment="1")
    assert [(state.health, state.as_deployed) for state in adapter.states()] == [(Health.HEALTHY, True)]
    adapter.ask("sudo systemctl stop contract-web")
    (state,) = adapter.states()
    assert (state.health, state.detail) == (Health.DOWN, "contract-web.service is inactive")

    looping = "[Service]\nExecStart=/bin/sleep 0.3\nRestart=always\nRestartSec=100ms\n[Unit]\nStartLimitIntervalSec=0\n"
    job = adapter.job_of({**FIRST_RELEASE, "contract-web.service": looping}, "2")
    found = adapter.changes(job)
    systemd.apply(job, adapter.site, found)
    adapter.ask('until [ "$(systemctl show --value -p NRestarts contract-web)" -gt 0 ]; do sleep 0.1; done')
    assert all(state.health is not Health.HEALTHY for _ in range(5) for state in adapter.states())


def test_a_paused_part_is_left_alone(adapter: Units) -> None:
    """What was not approved is neither written nor forgotten."""
    deploy(adapter, FIRST, deployment="1")
    placed = adapter.ask('cat "$state/units/placed"')
    adapter.ask("sudo systemctl stop contract-web")
    systemd.apply(adapter.job(FIRST, deployment="2"), adapter.site, ())

    assert adapter.ask("systemctl is-active contract-web || :") == "inactive\n"
    assert adapter.ask('cat "$state/units/placed"') == placed
