"""systemd keeps the promises of a tool on a real node: units of the repository, and the state of a package's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from shlex import quote

import pytest

from stems.errors import ToolError
from stems.infrastructure.command import Effect, script
from stems.infrastructure.lab.state import Lab
from stems.infrastructure.local import LocalRunner
from stems.infrastructure.probe import probe
from stems.infrastructure.ssh import SshRunner, control_folder
from stems.model.change import Change, Risk
from stems.model.cluster import Cluster, Domains, ServicesDomain
from stems.model.node import Node, SshAddress
from stems.model.observation import Present
from stems.model.service import Service, UnitState
from stems.model.state import Health, ServiceState
from stems.tools.base import Job, Site, Tool, Tree
from stems.tools.systemd import look as systemd_look
from stems.tools.systemd import tool as systemd
from tests.contract.suite import FIRST, SECOND, ToolSuite, changes, deploy, predictable, restore
from tests.support.dotfiles import write_tree

SERVICE = Service("contract", ("prtr",), "systemd")
UNITS = "/etc/systemd/system"
WEB = "[Service]\nType=exec\nExecStart=/bin/sleep {seconds}\n[Install]\nWantedBy=multi-user.target\n"
FIRST_RELEASE = {
    "contract-web.service": WEB.format(seconds=10001),
    "contract-web.service.d/10-first.conf": "[Service]\nEnvironment=A=1\n",
    "contract-old.service": "[Service]\nType=oneshot\nExecStart=/bin/true\n",
    "contract-old.timer": "[Timer]\nOnCalendar=2099-01-01\n[Install]\nWantedBy=timers.target\n",
    "README.md": "for people\n",
}
SECOND_RELEASE = {
    "contract-web.service": WEB.format(seconds=10002),
    "contract-web.service.d/20-second.conf": "[Service]\nEnvironment=A=2\n",
    "contract-new.service": "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\n",
}
PHOTOGRAPH = r"""
find /etc/systemd/system -path '*contract*' -exec stat -c '%A %U %n' {} + | sort
find /etc/systemd/system -path '*contract*' -type f -exec sha256sum {} + | sort
for unit in contract-web.service contract-old.timer contract-old.service contract-new.service cron.service; do
  systemctl show -p Id,LoadState,ActiveState,UnitFileState -- "$unit" | tr '\n' ' '; echo
done
cat "$state/units/placed" 2>/dev/null || :
"""
CLEAN = r"""
for unit in contract-web.service contract-old.timer contract-new.service; do
  sudo systemctl disable --now "$unit" 2>/dev/null || :
done
sudo find /etc/systemd/system -path '*contract*' -delete
sudo systemctl daemon-reload; sudo systemctl reset-failed 'contract-*' 2>/dev/null || :
sudo rm -rf "$state"; mkdir -p "$state"; head -c 32 /dev/urandom >"$state/key"
"""


@dataclass
class Target:
    """The systemd of one node of the lab, and releases of one service for it."""

    site: Site
    folder: Path
    service: Service = SERVICE
    tool: Tool = systemd
    extra: dict[str, str] = field(default_factory=dict)

    def job(self, release: str, *, deployment: str) -> Job:
        return self.job_of(FIRST_RELEASE if release == FIRST else {**SECOND_RELEASE, **self.extra}, deployment)

    def job_of(self, files: Mapping[str, str], deployment: str = "", *services: Service) -> Job:
        root = self.folder / f"tree-{len(list(self.folder.iterdir()))}"
        write_tree(root / "services/contract", files)
        settings = ServicesDomain("systemd", "services")
        tree = Tree(root, "0" * 40, frozenset(f"services/contract/{name}" for name in files))
        return Job(self.cluster(*services), settings, tree, {}, LocalRunner(), self.folder, deployment)

    def cluster(self, *services: Service) -> Cluster:
        domains = Domains(services=ServicesDomain("systemd", "services"))
        named = {service.name: service for service in (services or (self.service,))}
        return Cluster("contract-systemd", "~/config", {"prtr": self.site.node}, services=named, domains=domains)

    def photograph(self) -> str:
        return self.ask(PHOTOGRAPH)

    def edit_by_hand(self) -> str:
        self.ask("sudo systemctl stop contract-web")
        return "unit:contract-web.service"

    def break_off(self, release: str) -> Callable[[], None]:
        del release
        self.extra = {"contract-web.service": WEB.replace("/bin/sleep", "/no/such/program").format(seconds=1)}
        return self.extra.clear

    def states(self, *services: Service) -> list[ServiceState]:
        cluster = self.cluster(*services)
        sections = probe(self.site.runner, {"units": systemd_look.look(cluster, self.site.node)})
        assert sections["units"].status == 0, sections["units"].text
        return list(systemd_look.parse_look(cluster, self.site.node, sections["units"].text))

    def ask(self, text: str) -> str:
        result = self.site.runner.run(script(f"state={quote(self.site.state)}\n{text}", Effect.WRITES, timeout=90))
        assert result.ok, result.errors
        return result.text


@pytest.fixture
def adapter(lab: Lab, tmp_path: Path) -> Iterator[Target]:
    found = lab.node("prtr")
    node = Node("prtr", found.hostname, SshAddress(found.host, found.user, found.port, str(lab.identity)))
    runner = SshRunner(node, lab.known_hosts, control_folder())
    state = "/home/owner/.local/state/stems/contract-systemd"
    target = Target(Site(node, runner, "/home/owner", state, f"{state}/stage", "/home/owner/config"), tmp_path)
    target.ask(CLEAN)
    yield target
    target.ask(CLEAN)


def previewed(adapter: Target, job: Job) -> tuple[Change, ...]:
    answer = systemd.preview(job, [adapter.site])["prtr"]
    assert isinstance(answer, Present), answer.reason
    return answer.value.changes


def unmanaged(adapter: Target) -> tuple[str, ...]:
    answer = systemd.preview(adapter.job(FIRST, deployment=""), [adapter.site])["prtr"]
    assert isinstance(answer, Present), answer.reason
    return answer.value.unmanaged


class TestSystemd(ToolSuite):
    pass


def test_what_is_deployed_runs_and_what_did_not_change_goes_on(adapter: Target) -> None:
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
    found = previewed(adapter, job)
    assert [(change.resource, change.action) for change in found] == [
        (f"file:{UNITS}/contract-web.service.d/10-first.conf", "change"),
        ("unit:contract-web.service", "restart"),
    ]
    systemd.apply(job, adapter.site, found)
    assert adapter.ask("systemctl show --value -p Environment contract-web") == "A=3\n"
    assert adapter.ask(ask).splitlines()[0] != before.splitlines()[0]


def test_an_edited_unit_file_is_drift(adapter: Target) -> None:
    deploy(adapter, FIRST, deployment="1")
    adapter.ask(f"echo '# by hand' | sudo tee -a {UNITS}/contract-web.service")
    drift = {change.resource: change for change in changes(adapter, FIRST) if change.by_hand}

    assert list(drift) == [f"file:{UNITS}/contract-web.service"]
    assert drift[f"file:{UNITS}/contract-web.service"].risk is Risk.DESTRUCTIVE
    adapter.ask(f"printf '[Service]\\n' | sudo tee {UNITS}/contract-stray.service")
    assert f"unit:contract-stray.service ({UNITS}/contract-stray.service)" in unmanaged(adapter)

    taken = adapter.job_of({**FIRST_RELEASE, "contract-web.service": f"{WEB.format(seconds=10001)}# by hand\n"}, "2")
    found = {(change.action, change.resource): change for change in previewed(adapter, taken)}
    assert set(found) == {("adopt", f"file:{UNITS}/contract-web.service"), ("restart", "unit:contract-web.service")}
    systemd.apply(taken, adapter.site, list(found.values()))
    assert previewed(adapter, taken) == ()
    assert list(systemd.restore(taken, adapter.site)) == []
    assert "# by hand" in adapter.ask(f"cat {UNITS}/contract-web.service")


def test_what_lay_there_is_not_overwritten_without_being_asked_and_comes_back(adapter: Target) -> None:
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
def test_a_unit_that_a_package_brought(adapter: Target, case: Case) -> None:
    """It gets the declared state and is put back; nothing of the package's is written over."""
    unit = "dpkg-db-backup.timer"
    ask = f"systemctl show -p ActiveState,UnitFileState {unit} | cut -d = -f 2 | xargs"
    service = replace(adapter.service, unit=unit, state=case.state, enabled=case.enabled)
    if case.before == "enabled":
        adapter.ask(f"sudo systemctl unmask {unit}; sudo systemctl enable --now {unit}")
    try:
        was = adapter.ask(ask)
        job = adapter.job_of({}, "1", service)
        systemd.apply(job, adapter.site, previewed(adapter, job))
        assert adapter.ask(ask) == f"{case.left}\n"
        assert previewed(adapter, job) == ()
        assert [state.health for state in adapter.states(service)] == [Health.HEALTHY]

        assert list(systemd.restore(job, adapter.site)) == []
        assert adapter.ask(ask) == was
    finally:
        adapter.ask(f"sudo systemctl disable --now {unit}; sudo systemctl mask {unit}")


def test_a_service_that_is_no_longer_declared_goes(adapter: Target) -> None:
    deploy(adapter, FIRST, deployment="1")
    job = adapter.job_of({}, "2", replace(adapter.service, name="other", unit="dbus.service"))
    found = previewed(adapter, job)
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


def test_taking_back_the_first_deployment_leaves_nothing(adapter: Target) -> None:
    before = adapter.photograph()
    deploy(adapter, FIRST, deployment="1")

    assert list(restore(adapter, FIRST, deployment="1")) == []
    assert adapter.photograph() == before


def test_a_unit_that_does_not_start_says_what_it_said(adapter: Target) -> None:
    adapter.break_off(SECOND)
    with pytest.raises(ToolError) as raised:
        deploy(adapter, SECOND, deployment="1")

    assert raised.value.problem == "prtr: contract-web.service: systemctl start failed"
    assert "/no/such/program" in raised.value.said


def test_a_line_that_the_journal_could_not_place_is_among_the_last(adapter: Target) -> None:
    """What a child of systemd says before it dies often comes to the journal too late to be told whose it was."""
    deploy(adapter, FIRST, deployment="1")
    adapter.ask(
        "printf 'MESSAGE=could not\\nUNIT=contract-web.service\\n' | sudo logger --journald; sudo journalctl --sync"
    )

    job = adapter.job(FIRST, deployment="")
    assert "contract-web.service: could not" in systemd.last_lines(job, adapter.site, adapter.service.name).splitlines()


def test_health_of_units(adapter: Target) -> None:
    """Not deployed, well, down, and in a loop of restarts that looks well between two of them."""
    assert [(state.health, state.as_deployed) for state in adapter.states()] == [(Health.DOWN, False)]
    deploy(adapter, FIRST, deployment="1")
    assert [(state.health, state.as_deployed) for state in adapter.states()] == [(Health.HEALTHY, True)]
    adapter.ask("sudo systemctl stop contract-web")
    (state,) = adapter.states()
    assert (state.health, state.detail) == (Health.DOWN, "contract-web.service is inactive")

    looping = "[Service]\nExecStart=/bin/sleep 0.3\nRestart=always\nRestartSec=100ms\n[Unit]\nStartLimitIntervalSec=0\n"
    job = adapter.job_of({**FIRST_RELEASE, "contract-web.service": looping}, "2")
    found = previewed(adapter, job)
    systemd.apply(job, adapter.site, found)
    adapter.ask('until [ "$(systemctl show --value -p NRestarts contract-web)" -gt 0 ]; do sleep 0.1; done')
    assert all(state.health is not Health.HEALTHY for _ in range(5) for state in adapter.states())


def test_a_paused_part_is_left_alone(adapter: Target) -> None:
    """What was not approved is neither written nor forgotten."""
    deploy(adapter, FIRST, deployment="1")
    placed = adapter.ask('cat "$state/units/placed"')
    adapter.ask("sudo systemctl stop contract-web")
    systemd.apply(adapter.job(FIRST, deployment="2"), adapter.site, ())

    assert adapter.ask("systemctl is-active contract-web || :") == "inactive\n"
    assert adapter.ask('cat "$state/units/placed"') == placed
