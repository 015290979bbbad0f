"""Which changes of the repository concern a node."""

from __future__ import annotations

from dataclasses import replace

from stems.lifecycle.drift import concerning
from stems.model.cluster import Domains, ServicesDomain
from tests.support.builders import CLUSTER

NOW = replace(CLUSTER, domains=Domains(services=ServicesDomain("compose", "services/")))
CHANGED = ("ansible/site.yml", "services/README.md", "services/grafana/compose.yml", "services/web/compose.yml")


def test_files_of_services_on_other_nodes_do_not_concern_a_node() -> None:
    assert concerning("prtr", CHANGED, [NOW]) == (CHANGED[0], CHANGED[1], CHANGED[3])
    assert concerning("crtr", CHANGED, [NOW]) == CHANGED[:3]


def test_a_service_that_went_away_concerns_the_node_that_still_runs_it() -> None:
    gone = replace(NOW, services={"grafana": NOW.services["grafana"]})

    assert concerning("prtr", CHANGED, [gone, NOW]) == (CHANGED[0], CHANGED[1], CHANGED[3])


def test_files_of_nothing_that_is_declared_concern_every_node() -> None:
    assert concerning("prtr", CHANGED, [replace(NOW, services={})]) == CHANGED
    assert concerning("prtr", CHANGED, [replace(NOW, domains=Domains())]) == CHANGED
