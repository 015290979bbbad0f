"""Units of a user outlive its sessions, and a service may move between the system and the user."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from stems.errors import ToolError
from stems.infrastructure.lab.state import Lab
from stems.model.change import Risk
from stems.model.node import Privilege
from stems.model.observation import Unknown
from stems.model.service import Scope
from stems.model.state import Health
from stems.tools.systemd import tool as systemd
from tests.contract.suite import FIRST, SECOND, deploy, restore
from tests.support.units import FIRST_RELEASE, WEB, Units, units

IS_ACTIVE = "$systemctl is-active contract-web.service contract-old.timer | xargs"
LINGERS = "[ ! -e /var/lib/systemd/linger/owner ] || echo yes"
# Behind the back of logind, which would also end the manager, sooner or later.
LINGER_NO_MORE = "sudo rm -f /var/lib/systemd/linger/owner"


@pytest.fixture
def adapter(lab: Lab, tmp_path: Path) -> Iterator[Units]:
    with units(lab, tmp_path, Scope.USER) as target:
        yield target


def test_a_user_lingers_for_its_units_and_not_longer(adapter: Units) -> None:
    adapter.ask(LINGER_NO_MORE)
    job = adapter.job(FIRST, deployment="1")
    found = adapter.changes(job)
    assert [(change.resource, change.action, change.risk, change.by_hand) for change in found][:2] == [
        ("linger:owner", "enable", Risk.SYSTEM, False),
        ("file:~/.config/systemd/user/contract-old.service", "create", Risk.SERVICE, False),
    ]
    systemd.apply(job, adapter.site, found)
    assert adapter.ask(LINGERS) == "yes\n"
    assert adapter.changes(job) == ()
    assert [(state.health, state.as_deployed) for state in adapter.states()] == [(Health.HEALTHY, True)]

    adapter.ask(LINGER_NO_MORE)
    assert [(change.resource, change.by_hand) for change in adapter.changes(job)] == [("linger:owner", True)]
    (state,) = adapter.states()
    assert state.health is Health.UNHEALTHY and "does not linger" in state.detail
    deploy(adapter, FIRST, deployment="2")

    gone = adapter.job_of({}, "3", replace(adapter.service, name="other", scope=Scope.SYSTEM, unit="dbus.service"))
    found = adapter.changes(gone)
    assert ("linger:owner", "disable", Risk.DESTRUCTIVE) in [(c.resource, c.action, c.risk) for c in found]
    systemd.apply(gone, adapter.site, found)
    assert adapter.ask(LINGERS) == ""

    assert list(systemd.restore(gone, adapter.site)) == []
    assert adapter.ask(LINGERS + "\n" + IS_ACTIVE) == "yes\nactive active\n"


def test_without_root_a_user_that_does_not_linger_is_no_place_for_a_unit(adapter: Units) -> None:
    adapter.site = replace(adapter.site, node=replace(adapter.site.node, privilege=Privilege.NONE))
    assert adapter.changes(adapter.job(FIRST, deployment="")) != ()
    adapter.ask(LINGER_NO_MORE)
    seen = adapter.preview(adapter.job(FIRST, deployment=""))

    assert seen.changes == () and "`sudo loginctl enable-linger owner`" in seen.blocked


def test_taking_back_the_first_deployment_leaves_nothing(adapter: Units) -> None:
    adapter.ask(f"rm -rf ~/.config/systemd; {LINGER_NO_MORE}")
    before = adapter.photograph()
    deploy(adapter, FIRST, deployment="1")
    assert adapter.photograph() != before

    assert list(restore(adapter, FIRST, deployment="1")) == []
    # Who does not linger has no manager in the end, as before the first session.
    adapter.ask("sudo loginctl enable-linger owner; sudo systemctl start user@1000.service")
    adapter.ask(LINGER_NO_MORE)
    assert adapter.photograph() == before


def test_a_service_moves_to_the_user_and_back(adapter: Units) -> None:
    """It goes in one place before it comes in the other, and is taken back in the same way."""
    system = Units(adapter.site, adapter.folder, replace(adapter.service, scope=Scope.SYSTEM))
    deploy(system, FIRST, deployment="1")
    found = adapter.changes(adapter.job(FIRST, deployment=""))
    assert {(change.resource, change.action) for change in found} >= {
        ("unit:contract-web.service", "remove"),
        ("user-unit:contract-web.service", "start"),
    }
    deploy(adapter, FIRST, deployment="2")
    assert (system.ask(f"{IS_ACTIVE} || :"), adapter.ask(IS_ACTIVE)) == ("inactive inactive\n", "active active\n")
    assert adapter.changes(adapter.job(FIRST, deployment="")) == ()

    assert list(restore(adapter, FIRST, deployment="2")) == []
    assert (system.ask(IS_ACTIVE), adapter.ask(f"{IS_ACTIVE} || :")) == ("active active\n", "inactive inactive\n")
    deploy(adapter, FIRST, deployment="3")
    deploy(system, FIRST, deployment="4")
    assert (system.ask(IS_ACTIVE), adapter.ask(f"{IS_ACTIVE} || :")) == ("active active\n", "inactive inactive\n")
    assert adapter.ask("ls -A ~/.config/systemd/user 2>/dev/null || :") == ""


def test_a_unit_that_does_not_start_says_what_it_said(adapter: Units) -> None:
    adapter.break_off(SECOND)
    with pytest.raises(ToolError) as raised:
        deploy(adapter, SECOND, deployment="1")

    assert raised.value.problem == "prtr: contract-web.service: systemctl start failed"
    assert "/no/such/program" in raised.value.said
    assert "/no/such/program" in systemd.last_lines(adapter.job(SECOND, deployment=""), adapter.site, "contract")


def test_without_its_manager_a_service_is_down(adapter: Units) -> None:
    deploy(adapter, FIRST, deployment="1")
    adapter.ask("sudo systemctl stop user@1000.service")
    (state,) = adapter.states()
    seen = adapter.preview(adapter.job(FIRST, deployment=""))
    adapter.ask("sudo systemctl start user@1000.service")

    assert (state.health, state.as_deployed) == (Health.DOWN, False)
    assert seen.changes == () and "no manager of units runs for owner" in seen.blocked


ODD = "[Service]\nUnheardOf=1\nExecStart=/no/such/program\n"
ODDITIES = (
    ": Command /no/such/program is not executable: No such file or directory",
    ":2: Unknown key 'UnheardOf' in section [Service], ignoring.",
)
GOOD = WEB.format(seconds=1)


@pytest.mark.parametrize("scope", Scope)
def test_systemd_is_asked_about_unit_files_before_they_are_placed(adapter: Units, scope: Scope) -> None:
    """What would not load ends the preview, other remarks are notes, and of units of others nothing is said."""
    adapter.service = replace(adapter.service, scope=scope)
    before = adapter.photograph()
    seen = adapter.preview(adapter.job_of({"contract-web.service": ODD, "contract-web@.service": ODD}))
    folder = "services/contract"
    files = ("contract-web.service", "contract-web@.service")
    assert set(seen.notes) == {f"{folder}/{file}{oddity}" for file in files for oddity in ODDITIES}

    for release, problem in (
        ({"contract-web.service": "[Service]\nExecStart=./relative\n"}, "contract-web.service:2: "),
        ({"contract-web.service": GOOD, "contract-web.service.d/a.conf": GOOD}, "contract-web.service: "),
        ({"contract-web.service": "[Service]\nType=exec\n"}, "contract-web.service: "),
    ):
        answer = systemd.preview(adapter.job_of(release), [adapter.site])["prtr"]
        assert isinstance(answer, Unknown) and answer.reason.startswith(f"prtr: {folder}/{problem}"), answer

    fine = {**FIRST_RELEASE, "dbus.service.d/contract.conf": "[Unit]\nDescription=Mine\n"}
    assert adapter.preview(adapter.job_of(fine)).notes == ()
    assert adapter.photograph() == before
