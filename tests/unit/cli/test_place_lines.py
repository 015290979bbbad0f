"""The table of nodes for a service: what speaks against each, what is not known, and which one is proposed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import click
import pytest

from stems.__main__ import run
from stems.cli.render.place import ground, place_document, proposal, proposed_reason, render_place
from stems.lifecycle.place import Candidate, Placement
from stems.lifecycle.placement.verdict import Fit, Reason
from stems.model.finding import Place
from stems.model.node import WhenDown
from stems.model.service import Data, Service
from stems.validation.hardware import Has
from tests.unit.lifecycle.test_place import CLUSTER, PHOTOS, placed

GIB = 1024**3
WORK = Candidate(
    "work", Fit.FITS, (), "gpu", Has("x86_64", 8, 16 * GIB, 1), 7 * GIB, 5.5, ("web",), (), WhenDown(), is_current=False
)
GATE = replace(
    WORK,
    node="gate",
    fit=Fit.DOES_NOT_FIT,
    reasons=(
        Reason(Fit.DOES_NOT_FIT, "photos: asks for 1 gpu, and gate has none", Place("compose.yml", 3), "STM212"),
        Reason(Fit.UNKNOWN, "nothing says whether gate has /dev/dri", remedy="look there"),
    ),
    role="",
    has=Has("", None, None, 0),
    memory_left=None,
    cpus_left=None,
    apart=("it runs after db, which is on work",),
    when_down=WhenDown("No way in", "Use work"),
)
PHOTOS_THERE = Placement(
    Service("photos", (), "compose"), is_declared=False, candidates=(WORK, GATE), needed_by=("tv",)
)


def lines(placement: Placement) -> list[str]:
    return [click.unstyle(line) for line in render_place(placement)]


def test_each_node_has_its_verdict_and_every_reason() -> None:
    assert lines(PHOTOS_THERE) == [
        "NODE  VERDICT         ROLE  ARCH     MEMORY LEFT  CPUS LEFT  BESIDE",
        "work  ✓ fits          gpu   x86_64   7G of 16G    5.5 of 8   web",
        "gate  ✗ does not fit  -     unknown  unknown      unknown    web",
        "  ✗ photos: asks for 1 gpu, and gate has none  compose.yml:3 (STM212)",
        "  ? nothing says whether gate has /dev/dri",
        "  · it runs after db, which is on work",
        "  when it is down: No way in (Use work)",
        "after photos: tv",
        "work comes first: the only node that is known to fit",
        " next: look there",
    ]


@pytest.mark.parametrize(
    ("second", "why"),
    [
        (replace(WORK, node="new", reasons=(Reason(Fit.FITS, "new is paused: repair"),)), "less is to be minded"),
        (replace(WORK, node="new", apart=GATE.apart), "there it depends on fewer other nodes than on new"),
        (replace(WORK, node="new", memory_left=GIB), "it fits, and most memory is left there (7G)"),
        (replace(WORK, node="new"), "it fits, as it would on new"),
    ],
)
def test_why_the_first_is_before_the_second(second: Candidate, why: str) -> None:
    assert ground(replace(PHOTOS_THERE, candidates=(WORK, second))).startswith(why)


def test_where_nothing_fits_or_nothing_is_known_none_is_praised() -> None:
    unknown = replace(WORK, fit=Fit.UNKNOWN, reasons=(Reason(Fit.UNKNOWN, "nothing says how much memory work has"),))

    assert proposal(replace(PHOTOS_THERE, candidates=(GATE,))) == "photos fits on no node"
    assert proposal(replace(PHOTOS_THERE, candidates=(unknown,))).endswith(": nothing says how much memory work has")


def test_a_service_stays_where_its_data_is() -> None:
    service = Service("photos", ("gate",), "compose", data=Data.LOCAL)
    there = replace(PHOTOS_THERE, service=service, candidates=(WORK, replace(GATE, is_current=True)))

    assert proposal(there) == "photos stays on gate, where its data is, although it does not fit"


def test_a_reason_is_proposed_only_where_something_says_it() -> None:
    there = replace(WORK, is_current=True)
    moved = replace(PHOTOS_THERE, service=Service("photos", ("work",), "compose", "The GPU"), candidates=(there, GATE))

    assert proposed_reason(moved, there) == "The GPU"
    assert proposed_reason(PHOTOS_THERE, WORK) == "the only node that is known to fit"
    assert proposed_reason(PHOTOS_THERE, GATE) == ""


def test_the_document_has_what_the_table_has() -> None:
    document = place_document(PHOTOS_THERE)

    assert [one["verdict"] for one in document["candidates"]] == ["fits", "does-not-fit"]
    assert document["candidates"][1]["memory_left"] is None
    assert [reason["verdict"] for reason in document["candidates"][1]["reasons"]] == ["does-not-fit", "unknown"]
    assert document["candidates"][1]["reasons"][0]["place"] == "compose.yml:3"


def test_the_page_shows_what_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cluster = """version: 1
cluster: {name: home}
checkout: ~/home-config
nodes:
  gate:
    hostname: gate
    ssh: {host: gate.example}
    arch: arm64
    hardware: {cpus: 4, memory: 4G}
    when_down: {impact: No way in from outside}
  work: {hostname: work, ssh: {host: work.example}, arch: x86_64, hardware: {cpus: 16, memory: 64G, gpu: 1}}
  spare: {hostname: spare, ssh: {host: spare.example}}
domains:
  services: {tool: compose, source: services}
services:
  web: {node: gate, reason: It is always on}
"""
    photos = """services:
  photos:
    image: ghcr.io/immich-app/immich-server:v1.119.0
    ports: ["2283:2283"]
    mem_limit: 6G
    deploy: {resources: {reservations: {memory: 5G, devices: [{driver: nvidia, count: 1, capabilities: [gpu]}]}}}
"""
    web = "services: {web: {image: 'caddy:2.8.4', ports: ['80:80'], mem_limit: 128M}}\n"
    files = {"config/cluster.yml": cluster, "services/photos/compose.yml": photos, "services/web/compose.yml": web}
    placed(tmp_path, "photos", files)
    page = (Path(__file__).parents[3] / "docs/place.md").read_text()

    assert run(["-C", str(tmp_path), "place", "photos"]) == 0
    assert f"```console\n$ stems place photos\n{capsys.readouterr().out}```" in page


def test_the_command_writes_what_it_shows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    placed(tmp_path, "extra", {"services/extra/compose.yml": PHOTOS.replace("photos", "extra")})
    command = ["-C", str(tmp_path), "place", "extra"]

    assert run([*command, "--json"]) == 0
    assert "written" not in json.loads(capsys.readouterr().out)
    assert (tmp_path / "config/cluster.yml").read_text() == CLUSTER
    assert run([*command, "--write", "--reason", "It fits", "--json"]) == 0
    written = json.loads(capsys.readouterr().out)["written"]
    assert written == {"node": "gate", "reason": "It fits", "decision": "docs/decisions/0001-run-extra-on-gate.md"}
    assert (tmp_path / "config/cluster.yml").read_text().endswith("  extra:\n    node: gate\n    reason: It fits\n")


def test_without_a_reason_or_somebody_to_ask_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    placed(tmp_path, "extra", {"services/extra/compose.yml": PHOTOS.replace("photos", "extra")})

    assert run(["-C", str(tmp_path), "place", "extra", "--write"]) == 2
    assert "--reason" in capsys.readouterr().err
    assert run(["-C", str(tmp_path), "place", "extra", "--node", "gate"]) == 2
    assert (tmp_path / "config/cluster.yml").read_text() == CLUSTER
