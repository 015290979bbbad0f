"""Stages are judged in order, and one that fails ends the judgement."""

from __future__ import annotations

import time

from stems.configuration.load import load_cluster
from stems.errors import ConfigurationError
from stems.model.finding import Finding, Place, Severity
from stems.readers.nodes import YamlError
from stems.validation.check import MAX_FINDINGS, has_errors, validate
from tests.unit.validation.judged import TEXT, Claiming, cluster, judge

BROKEN = Finding("STM400", Place("ansible/site.yml", 3), "no plays")
ODD = Finding("STM401", Place("ansible/site.yml", 1), "odd", severity=Severity.WARNING)
MOTD = {"file:/etc/motd": "a"}


def test_what_tools_find_is_shown_in_order_of_places() -> None:
    assert judge(Claiming("a", {}, [BROKEN, ODD])) == (ODD, BROKEN)


def test_owners_are_not_compared_while_a_tool_refuses_its_files() -> None:
    assert judge(Claiming("a", MOTD, [BROKEN]), Claiming("b", MOTD)) == (BROKEN,)


def test_a_warning_does_not_end_the_judgement() -> None:
    found = judge(Claiming("a", MOTD, [ODD]), Claiming("b", MOTD))

    assert [finding.code for finding in found] == ["STM701", "STM401"]
    assert has_errors(found)
    assert not has_errors([ODD])


def test_tools_are_not_asked_about_a_cluster_that_breaks_rules() -> None:
    found = validate(cluster("two.example", "one.example"), [])

    assert [finding.code for finding in found] == ["STM201"]


def test_a_tool_that_cannot_read_its_files_is_a_finding() -> None:
    unreadable = YamlError(Place("services/web/compose.yml", 2, 1), "a tab cannot indent YAML: use spaces")
    missing = ConfigurationError("services/web: no compose file", remedy="add one")

    assert judge(Claiming("a", {}, failure=unreadable), Claiming("b", {}, failure=missing)) == (
        Finding("STM700", Place("dotfiles"), "services/web: no compose file", "add one"),
        Finding("STM101", Place("services/web/compose.yml", 2, 1), "a tab cannot indent YAML: use spaces"),
    )


def test_a_rule_that_everything_breaks_ends_soon() -> None:
    nodes = "".join(f"  n{n}: {{hostname: n, ssh: {{host: n, port: {n + 1}}}, arch: arm64}}\n" for n in range(1000))
    services = "".join(f"  s{n}: {{node: all, requires: {{arch: [x86_64]}}}}\n" for n in range(1000))
    domains = "domains: {services: {tool: compose, source: s}}"
    text = f"{TEXT.split('nodes:')[0]}nodes:\n{nodes}{domains}\nservices:\n{services}"
    started = time.monotonic()

    assert len(validate(load_cluster(text), [])) == MAX_FINDINGS
    assert time.monotonic() - started < 20
