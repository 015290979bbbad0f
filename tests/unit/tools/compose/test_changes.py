"""What a real node said, recorded, and the changes that it means."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stems.model.change import Change, Risk, Undo
from stems.model.service import Data, Service
from stems.tools.compose.adoption import mount_differences
from stems.tools.compose.changes import orphans, project_changes, unmanaged
from stems.tools.compose.project import Project, read_project
from stems.tools.compose.reading import Reading, parse_reading
from stems.tools.compose.recreation import only_compose_changed
from tests.unit.tools.compose.conftest import NODE, MakeJob

RECORDINGS = Path(__file__).parent / "recordings"
TEXT = """
services:
  web: {image: stems-lab/busybox:1, depends_on: {once: {condition: service_completed_successfully}}}
  once: {image: stems-lab/busybox:1}
  old: {image: stems-lab/busybox:1}
"""


def recorded(name: str) -> str:
    return (RECORDINGS / f"2.40.3-{name}.txt").read_text()


@pytest.fixture
def project(make_job: MakeJob) -> Project:
    job = make_job({"demo/compose.yml": TEXT})
    return read_project(job, job.cluster.services["demo"], NODE)


def changes(project: Project, reading: Reading) -> list[Change]:
    return list(project_changes("crtr", project, reading=reading, parts={}))


def compose_changed(reading: Reading) -> bool:
    return only_compose_changed(reading.projects["demo"], reading.containers, reading.version)


def told(found: list[Change]) -> list[tuple[str, str]]:
    return [(change.resource, change.action) for change in found]


def test_everything_is_made_on_a_node_that_has_nothing(project: Project) -> None:
    found = changes(project, parse_reading(recorded("fresh")))

    assert sorted(told(found)) == [
        ("container:demo-old-1", "create"),
        ("container:demo-once-1", "create"),
        ("container:demo-web-1", "create"),
        ("network:demo_default", "create"),
        ("volume:demo_data", "create"),
    ]
    assert {change.risk for change in found} == {Risk.SERVICE}


def test_one_changed_service_is_one_recreate(project: Project) -> None:
    found = changes(project, parse_reading(recorded("changed")))

    assert told(found) == [("container:demo-web-1", "recreate")]
    assert not found[0].by_hand
    assert found[0].undo is Undo.BY_REPLAY


def test_a_stopped_container_is_a_start_by_hand_and_a_finished_job_is_none(project: Project) -> None:
    text = recorded("changed").replace('"demo-old-1","running"', '"demo-old-1","exited"')
    found = {change.resource: change for change in changes(project, parse_reading(text))}

    assert found["container:demo-old-1"].action == "start"
    assert found["container:demo-old-1"].by_hand
    assert "container:demo-once-1" not in found


def test_a_removed_container_is_a_create_by_hand(project: Project) -> None:
    lines = [line for line in recorded("changed").split("\n") if '"demo-old-1","' not in line]
    text = "\n".join(lines).replace(
        '"Container demo-old-1","status":"Running"', '"Container demo-old-1","status":"Created"'
    )
    found = {change.resource: change for change in changes(project, parse_reading(text))}

    assert found["container:demo-old-1"].action == "create"
    assert found["container:demo-old-1"].by_hand


def test_a_container_of_compose_run_is_nobodys(project: Project) -> None:
    lines = recorded("changed").split("\n")
    (one,) = (line for line in lines if line.startswith('| ["') and '"demo-old-1","' in line)
    extra = one.replace("demo-old-1", "demo-old-run-1").replace("running", "exited").replace('"False"]', '"True"]')
    reading = parse_reading("\n".join(lines).replace(one, f"{one}\n{extra}"))

    assert told(changes(project, reading)) == [("container:demo-web-1", "recreate")]
    assert list(unmanaged(reading, cluster="test", declared={"demo": project})) == [
        "container:demo-old-run-1 (project demo)"
    ]
    assert list(orphans("crtr", reading, cluster="test", declared=frozenset({"demo"}))) == []


def test_a_container_that_fails_at_once_gives_the_same_change_each_time(project: Project) -> None:
    texts = [
        recorded("changed").replace('"demo-web-1","running"', f'"demo-web-1","{state}"')
        for state in ("running", "restarting")
    ]
    first, second = (changes(project, parse_reading(text)) for text in texts)

    assert [change.identity for change in first] == [change.identity for change in second]


def test_a_new_compose_recreates_nothing(project: Project) -> None:
    text = recorded("changed").replace("@version 2.40.3", "@version 2.41.0")
    text = text.replace('"Container demo-old-1","status":"Running"', '"Container demo-old-1","status":"Recreate"')
    reading = parse_reading(text)

    assert told(changes(project, reading)) == [("container:demo-web-1", "recreate")]
    assert compose_changed(reading)
    assert not compose_changed(parse_reading(recorded("changed")))


def test_a_running_project_without_labels_is_taken_over_or_refused(project: Project) -> None:
    reading = parse_reading(recorded("running-unlabelled"))
    found = changes(project, reading)

    assert {(change.action, change.risk, change.undo) for change in found} == {("recreate", Risk.DESTRUCTIVE, Undo.NO)}
    web = next(one for one in reading.containers if one.name == "demo-web-1")
    (difference,) = mount_differences(reading.projects["demo"], web)
    assert difference.startswith("/data is volume demo_data and would be bind ")


def test_a_project_that_is_not_declared_is_removed_and_a_foreign_one_is_left_alone() -> None:
    ours, foreign = parse_reading(recorded("changed")), parse_reading(recorded("running-unlabelled"))
    removed = list(orphans("crtr", ours, cluster="test", declared=frozenset()))

    assert {(change.action, change.risk) for change in removed} == {("remove", Risk.DESTRUCTIVE)}
    assert list(orphans("crtr", foreign, cluster="test", declared=frozenset())) == []
    assert "container:demo-web-1 (project demo)" in unmanaged(foreign, cluster="test", declared={})
    assert list(unmanaged(ours, cluster="test", declared={})) == []


@pytest.mark.parametrize("label", ["", "../demo", "it's; id"])
def test_a_label_that_is_no_project_is_no_reason_to_remove(label: str) -> None:
    reading = parse_reading(recorded("changed"))
    reading.containers = [replace(found, project=label) for found in reading.containers]

    assert list(orphans("crtr", reading, cluster="test", declared=frozenset())) == []
    assert len(list(unmanaged(reading, cluster="test", declared={}))) == 3


def test_another_image_of_a_service_with_data_cannot_be_taken_back(project: Project) -> None:
    text = recorded("changed").replace('@uses "stems-lab/busybox:1"', '@uses "stems-lab/busybox:2"')
    service = Service("demo", ("crtr",), "compose", data=Data.LOCAL)
    (found,) = changes(replace(project, service=service), parse_reading(text))

    assert found.undo is Undo.NO
    assert "image stems-lab/busybox:1 (ee4db32383a4) becomes stems-lab/busybox:2" in found.note


def scaled(count: int, *, cluster: str = "test", **events: str) -> Reading:
    """Two containers of `old`, as many as `count` to be there, and what Compose would do with some."""
    text = recorded("changed").replace("@service old\n", f"@service old\n@scale {count}\n")
    (one,) = (line for line in text.split("\n") if line.startswith('| ["') and '"demo-old-1","' in line)
    second = one.replace("demo-old-1", "demo-old-2").replace('"test","demo"', f'"{cluster}","demo"')
    told = "".join(f'\n| {{"id":"Container demo-old-{n[1:]}","status":"{what}"}}' for n, what in events.items())
    return parse_reading(text.replace(one, f"{one}\n{second}").replace("@dry 0", f"@dry 0{told}"))


@pytest.mark.parametrize(
    ("cluster", "applied", "undo", "by_hand"),
    [("test", 1, Undo.BY_REPLAY, True), ("test", 2, Undo.BY_REPLAY, False), ("", 2, Undo.NO, False)],
)
def test_a_container_too_many_is_a_removal_that_is_shown(
    project: Project, cluster: str, applied: int, undo: Undo, by_hand: bool
) -> None:
    reading = scaled(1, cluster=cluster, _2="Removing")
    reading.projects["demo"].counts["old"] = applied
    found = {change.resource: change for change in changes(project, reading)}["container:demo-old-2"]

    assert (found.action, found.risk, found.undo) == ("remove", Risk.DESTRUCTIVE, undo)
    assert found.by_hand is by_hand
    assert found.note == "old has 1 container; its volumes are kept"


def test_each_container_of_a_scaled_service_is_shown(project: Project) -> None:
    reading = scaled(4, _3="Creating", _4="Creating")
    reading.projects["demo"].counts["old"] = 2
    found = [change for change in changes(project, reading) if "old" in change.resource]

    assert told(found) == [("container:demo-old-3", "create"), ("container:demo-old-4", "create")]
    assert not any(change.by_hand for change in found)
    reading.projects["demo"].counts["old"] = 4
    assert all(change.by_hand for change in changes(project, reading) if "old" in change.resource)


def test_what_is_built_first_is_as_many_as_there_are_to_be(project: Project) -> None:
    reading = scaled(3)
    reading.projects["demo"].builds_first = True
    reading.containers = [found for found in reading.containers if found.service != "old"]

    assert [name for name, action in told(changes(project, reading)) if action == "create"] == [
        f"container:demo-old-{number}" for number in (1, 2, 3)
    ]


def test_what_no_profile_activates_is_removed(make_job: MakeJob) -> None:
    text = TEXT.replace("old: {image", "old: {profiles: [debug], image")
    job = make_job({"demo/compose.yml": text})
    reading = parse_reading(recorded("changed").replace('@service old\n@uses "stems-lab/busybox:1"\n', ""))
    found = {
        change.resource: change for change in changes(read_project(job, job.cluster.services["demo"], NODE), reading)
    }["container:demo-old-1"]

    assert (found.action, found.risk, found.undo) == ("remove", Risk.DESTRUCTIVE, Undo.BY_REPLAY)
    assert found.note == "no profile of it is active (debug); its volumes are kept"
    reading.containers = [replace(one, cluster="") for one in reading.containers if one.service == "old"]
    demo = read_project(job, job.cluster.services["demo"], NODE)
    assert changes(demo, reading) == []
    assert list(unmanaged(reading, cluster="test", declared={"demo": demo})) == ["container:demo-old-1 (project demo)"]


def test_one_name_may_stand_for_another_image_by_now(project: Project) -> None:
    text = recorded("changed").replace("@image sha256:ee4db32383a4", "@image sha256:0123456789ab")
    text = text.replace('"Container demo-old-1","status":"Running"', '"Container demo-old-1","status":"Recreate"')
    found = {change.resource: change for change in changes(project, parse_reading(text))}["container:demo-old-1"]

    assert found.action == "recreate"
    assert "image stems-lab/busybox:1 (ee4db32383a4) becomes stems-lab/busybox:1 (0123456789ab)" in found.note


@pytest.mark.parametrize(
    ("was", "before"), [("image", "ee4db32383a4"), ("other", "stems-lab/busybox:1 (ee4db32383a4)")]
)
def test_a_name_that_docker_forgot_is_known_when_it_did_not_change(project: Project, was: str, before: str) -> None:
    text = recorded("changed").replace("@image sha256:ee4db32383a4", "@image sha256:0123456789ab")
    text = text.replace('"stems-lab/busybox:1","test"', f'"sha256:ee4db32383a4{"0" * 52}","test"')
    text = text.replace("@digest old f02a", "@digest old 0000")
    reading = parse_reading(text)
    reading.projects["demo"].parts["old"] = {was: "0"}
    found = {change.resource: change for change in changes(project, reading)}["container:demo-old-1"]

    assert f"image {before} becomes stems-lab/busybox:1 (0123456789ab)" in found.note


@pytest.mark.parametrize(
    ("said", "written", "order"),
    [
        ("", "", "starts first"),
        ('@ports\n| {"target": 80, "published": "8080"},\n| {"target": 81}\n', "", "stops first (port 8080)"),
        ('@mounts\n| {"type": "bind", "source": "/x", "target": "/y"}\n', "", "stops first (folder /x)"),
        ('@mounts\n| {"type": "bind", "source": "/x", "target": "/y", "read_only": true}\n', "", "starts first"),
        ('@mounts\n| {"type": "volume", "source": "data", "target": "/y"}\n', "", "stops first (volume data)"),
        ('@named "www"\n', "", "stops first (name www)"),
        ('@network_mode "host"\n@alone devices\n', "", "stops first (network mode host, devices)"),
        ("@scale 2\n", "", "stops first (it does not run as it was deployed)"),
        ("", "depends_on: [web]", "stops first (web changes too)"),
        ("", "links: [once]", "starts first"),
        ("", "deploy: {update_config: {order: stop-first}}", "stops first (its update_config)"),
    ],
)
def test_the_plan_says_which_of_two_containers_runs_first(
    make_job: MakeJob, said: str, written: str, order: str
) -> None:
    text = TEXT.replace("old: {image", f"old: {{{written}{',' if written else ''} image")
    job = make_job({"demo/compose.yml": text})
    text = recorded("changed").replace("@service old\n", f"@service old\n{said}")
    text = text.replace("@digest old f02a", "@digest old 0000")
    found = {
        change.resource: change
        for change in changes(read_project(job, job.cluster.services["demo"], NODE), parse_reading(text))
    }["container:demo-old-1"]

    assert found.action == "recreate"
    assert found.note.rpartition("; ")[2] == order


def test_a_volume_that_an_image_asks_for_is_one_of_a_container(project: Project) -> None:
    text = recorded("changed").replace("@digest old f02a", "@digest old 0000")
    reading = parse_reading(text)
    (old,) = (found for found in reading.containers if found.service == "old")
    reading.projects["demo"].running_mounts[old.identity] = [{"Type": "volume", "Destination": "/var/db"}]
    found = {change.resource: change for change in changes(project, reading)}["container:demo-old-1"]

    assert "stops first (volume /var/db)" in found.note


@pytest.mark.parametrize("spoil", ["@end", "@version", '| ["'])
def test_an_answer_that_is_not_whole_is_refused(spoil: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_reading(recorded("changed").replace(spoil, "x", 1))


def test_the_events_of_compose_5_mean_the_same(project: Project) -> None:
    text = recorded("changed").replace('"status":"Recreate"', '"status":"Working","text":"Recreate"')

    assert told(changes(project, parse_reading(text))) == [("container:demo-web-1", "recreate")]
