"""Stages are judged in order, and one that fails ends the judgement."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from stems.configuration.load import load_cluster
from stems.errors import ConfigurationError
from stems.model.finding import Finding, Place, Severity
from stems.model.rule_exception import RuleException
from stems.readers.nodes import YamlError
from stems.tools.base import Job
from stems.tools.exceptions import Exceptions
from stems.validation.check import MAX_FINDINGS, has_errors, validate
from stems.validation.files import Files
from stems.validation.stage import Stage
from stems.validation.subject import NO_CLUSTER, Subject
from tests.unit.validation.judged import JOB, TEXT, Claiming, cluster, judge

BROKEN = Finding("STM400", Place("ansible/site.yml", 3), "no plays")
ODD = Finding("STM401", Place("ansible/site.yml", 1), "odd", severity=Severity.WARNING)
MOTD = {"file:/etc/motd": "a"}


def test_what_is_found_is_shown_by_stage_and_the_worst_first() -> None:
    later = replace(ODD, code="STM405")
    worse = replace(later, place=Place("ansible/site.yml", 7), severity=Severity.ERROR)

    assert judge(Claiming("a", {}, [worse, later, ODD])) == (ODD, worse, later)


def test_owners_are_not_compared_while_a_tool_refuses_its_files() -> None:
    assert judge(Claiming("a", MOTD, [BROKEN]), Claiming("b", MOTD)) == (BROKEN,)


def test_a_warning_does_not_end_the_judgement() -> None:
    found = judge(Claiming("a", MOTD, [ODD]), Claiming("b", MOTD))

    assert [finding.code for finding in found] == ["STM401", "STM701"]
    assert has_errors(found)
    assert not has_errors([ODD])


def test_a_stage_is_not_judged_after_one_with_an_error_unless_that_is_asked_for() -> None:
    subject = Subject(cluster("web: {node: one}", "web: {node: one, after: [store], requires: {arch: [x86_64]}}"))
    first, all_of_them = validate(subject), validate(subject, every_stage=True)

    assert [finding.code for finding in first.findings] == ["STM554"]
    assert first.judged == (Stage.SYNTAX, Stage.SCHEMA, Stage.DEPENDENCIES)
    assert first.left[0] is Stage.OWNERSHIP and not first.is_valid
    assert [finding.code for finding in all_of_them.findings] == ["STM554", "STM555"]
    assert (all_of_them.judged, all_of_them.left) == (tuple(Stage), ())


def test_what_a_tool_of_another_package_finds_is_refused_by_it() -> None:
    foreign = Finding("ETC1", Place("etc/x", 1), "odd", severity=Severity.WARNING)
    subject = Subject(cluster(), [(Claiming("etc", {}, [foreign]), JOB)])
    judgement = validate(subject)

    assert judgement.findings == (foreign,)
    assert judgement.rule(foreign).name == "refused-by-tool"


def test_where_there_is_no_cluster_nothing_was_judged_to_the_end(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"-----BEGIN PRIVATE KEY-----\n{'A' * 64}\n")
    wrong = Finding("STM104", Place("config/cluster.yml", 3), "must be text")
    subject = Subject(NO_CLUSTER, files=Files(tmp_path, ["key"]), read=[wrong])
    accepted = Exceptions(listed=[RuleException("STM104", "config", "why not", wrong.place)])

    assert validate(subject, accepted).findings == (wrong,)
    assert [finding.code for finding in validate(subject, every_stage=True).findings] == ["STM104", "STM600"]
    assert validate(subject, every_stage=True).judged == ()


def test_a_tool_is_asked_once() -> None:
    class Counting(Claiming):
        asked = 0

        def check(self, job: Job) -> list[Finding]:
            del job
            Counting.asked += 1
            return [ODD]

    assert validate(Subject(cluster(), [(Counting("a", {}), JOB)])).findings == (ODD,)
    assert Counting.asked == 1


def test_a_tool_that_cannot_read_its_files_is_a_finding() -> None:
    unreadable = YamlError(Place("services/web/compose.yml", 2, 1), "a tab cannot indent YAML: use spaces")
    missing = ConfigurationError("services/web: no compose file", remedy="add one")

    assert judge(Claiming("a", {}, failure=unreadable), Claiming("b", {}, failure=missing)) == (
        Finding("STM101", Place("services/web/compose.yml", 2, 1), "a tab cannot indent YAML: use spaces"),
    )
    assert judge(Claiming("b", {}, failure=missing)) == (
        Finding("STM700", Place("dotfiles"), "services/web: no compose file", "add one"),
    )


def test_a_rule_that_everything_breaks_ends_soon() -> None:
    nodes = "".join(f"  n{n}: {{hostname: n, ssh: {{host: n, port: {n + 1}}}, arch: arm64}}\n" for n in range(1000))
    services = "".join(f"  s{n}: {{node: all, requires: {{arch: [x86_64]}}}}\n" for n in range(1000))
    domains = "domains: {services: {tool: compose, source: s}}"
    text = f"{TEXT.split('nodes:')[0]}nodes:\n{nodes}{domains}\nservices:\n{services}"
    started = time.monotonic()

    judgement = validate(Subject(load_cluster(text)))
    assert (len(judgement.findings), judgement.cut) == (MAX_FINDINGS, ("STM555",))
    assert time.monotonic() - started < 20
