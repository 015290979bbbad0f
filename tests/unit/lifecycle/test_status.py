"""A node is judged by the commit that it runs, not by what was committed since."""

from __future__ import annotations

import socket
from dataclasses import replace
from pathlib import Path

from stems.infrastructure.probe import Section
from stems.infrastructure.this_node import ThisNodeRunner
from stems.lifecycle.look.checks import CheckResult
from stems.lifecycle.look.health import service_states
from stems.lifecycle.status import awaited, deployed_checks, standing
from stems.model.check import HttpCheck, MountCheck
from stems.model.cluster import Domains, ServicesDomain
from stems.model.state import Health
from tests.support.builders import CLUSTER, NODES
from tests.support.fake import FakeRunner
from tests.support.scratch import Scratch

WEB = replace(CLUSTER.services["web"], checks=(HttpCheck("http://127.0.0.1:80/"), MountCheck("/nas")))
NOW = replace(CLUSTER, services={**CLUSTER.services, "web": WEB})
THEN = replace(NOW, services={"grafana": CLUSTER.services["grafana"]})


def test_a_service_that_came_later_is_awaited_where_it_will_run() -> None:
    assert awaited(NOW, THEN, "prtr") == ("web",)
    assert awaited(NOW, THEN, "crtr") == ()
    assert awaited(NOW, NOW, "prtr") == ()


def test_checks_of_awaited_services_do_not_count_unless_others_ask_the_same() -> None:
    results = [CheckResult(str(check), passed=False) for check in WEB.checks]
    node = replace(NODES["prtr"], checks=(MountCheck("/nas"),))
    nobody = FakeRunner({})

    assert deployed_checks(results, THEN, NODES["prtr"], nobody) == ()
    assert deployed_checks(results, THEN, node, nobody) == (results[1],)
    of_web = [replace(result, of=("web",)) for result in results]
    assert deployed_checks(results, NOW, node, nobody) == tuple(of_web)


def test_a_check_that_is_not_deployed_yet_makes_nobody_ill() -> None:
    """A service that runs got another check in the current commit: the one that was deployed with it counts."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    old = replace(WEB, checks=(HttpCheck(f"http://127.0.0.1:{port}/old"), MountCheck("/old")))
    then = replace(NOW, services={"web": old})
    results = [CheckResult(str(check), passed=False, detail="404, expected 200") for check in WEB.checks]

    asked, unasked = deployed_checks(results, then, NODES["prtr"], ThisNodeRunner(NODES["prtr"]))
    assert (asked.check, asked.passed, asked.of) == (str(old.checks[0]), False, ("web",))
    assert "404" not in asked.detail
    assert (unasked.check, unasked.passed, unasked.of) == (str(old.checks[1]), None, ("web",))


def test_services_that_nobody_asked_for_are_unknown() -> None:
    """The current commit has no services any more, and the node still runs those of an earlier one."""
    then = replace(NOW, domains=Domains(services=ServicesDomain("compose", "services")))
    states = service_states(then, NODES["prtr"], {"checks": Section(0, "")})

    assert [(state.service, state.health) for state in states] == [("web", Health.UNKNOWN)]


def test_a_branch_that_runs_on_a_node_is_not_the_current_commit(tmp_path: Path) -> None:
    """It has every commit that the current branch has, so it is not behind, and is another one all the same."""
    scratch = Scratch(tmp_path / "colab")
    scratch.git("config", "user.name", "Owner")
    scratch.git("config", "user.email", "owner@colab.example")
    first = scratch.commit({"a": "1"})
    scratch.git("switch", "-q", "-c", "tried")
    tried = scratch.commit({"a": "2"})
    repository = scratch.open()

    assert standing(repository, first, tried) == (0, 1, "tried")
    assert standing(repository, tried, first) == (1, 0, "")
    assert standing(repository, tried, tried) == (0, 0, "")
    assert standing(repository, tried, "f" * 40) == (None, 0, "")
    assert standing(repository, tried, "") == (None, 0, "")
