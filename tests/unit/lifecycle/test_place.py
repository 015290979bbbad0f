"""Which nodes a service fits on, from files alone."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from stems.errors import UsageError
from stems.lifecycle.place import Placement, place
from stems.lifecycle.placement.verdict import Fit

CLUSTER = """version: 1
cluster: {name: home}
checkout: ~/home-config
nodes:
  gate: {hostname: gate, ssh: {host: 192.0.2.1}, arch: arm64, hardware: {memory: 4G, cpus: 4}}
  work: {hostname: work, ssh: {host: 192.0.2.2}, arch: x86_64, hardware: {memory: 16G, cpus: 8}}
  new: {hostname: new, ssh: {host: 192.0.2.3}}
domains:
  services: {tool: compose, source: services}
services:
  web: {node: gate, reason: It is there}
  photos: {node: work, reason: Memory, requires: {memory: 8G}, after: [web]}
"""
WEB = "services:\n  web:\n    image: home/web:1\n    mem_limit: 1G\n    ports: ['8080:80']\n"
PHOTOS = "services:\n  photos:\n    image: home/photos:1\n    ports: ['8090:80']\n"


def placed(root: Path, name: str, files: dict[str, str]) -> Placement:
    everything = {"config/cluster.yml": CLUSTER, "services/web/compose.yml": WEB, "services/photos/compose.yml": PHOTOS}
    for path, text in {**everything, **files}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    return place(root, name)


def verdicts(found: Placement) -> dict[str, Fit]:
    return {one.node: one.fit for one in found.candidates}


def reasons(found: Placement, node: str) -> str:
    return "; ".join(each.message for one in found.candidates if one.node == node for each in one.reasons)


def test_what_is_required_and_not_known_is_neither_yes_nor_no(tmp_path: Path) -> None:
    found = placed(tmp_path, "photos", {})

    assert list(verdicts(found).items()) == [("work", Fit.FITS), ("new", Fit.UNKNOWN), ("gate", Fit.DOES_NOT_FIT)]
    assert "requires 8G of memory, and gate has 4G" in reasons(found, "gate")
    assert reasons(found, "new") == "nothing says how much memory new has"


def test_memory_left_counts_limits_and_what_is_required(tmp_path: Path) -> None:
    left = {one.node: one.memory_left for one in placed(tmp_path, "web", {}).candidates}

    assert left == {"gate": 3 * 1024**3, "work": 7 * 1024**3, "new": None}


def test_a_port_that_is_taken_keeps_a_service_away(tmp_path: Path) -> None:
    found = placed(tmp_path, "extra", {"services/extra/compose.yml": PHOTOS.replace("photos", "extra")})

    assert not found.is_declared
    assert verdicts(found) == {"gate": Fit.FITS, "new": Fit.FITS, "work": Fit.DOES_NOT_FIT}
    assert "8090" in reasons(found, "work")


def test_an_image_for_another_architecture_does_not_fit(tmp_path: Path) -> None:
    extra = "services: {extra: {image: 'home/extra:1', platform: linux/amd64}}\n"
    found = placed(tmp_path, "extra", {"services/extra/compose.yml": extra})

    assert verdicts(found) == {"work": Fit.FITS, "new": Fit.UNKNOWN, "gate": Fit.DOES_NOT_FIT}


def test_a_device_is_there_not_there_or_unknown(tmp_path: Path) -> None:
    extra = "services: {extra: {image: 'home/extra:1', devices: ['/dev/ttyUSB0:/dev/ttyUSB0']}}\n"
    truth = "# Made by `stems discover`.\nnode: {node}\ndevices: [{device}]\n"
    found = placed(
        tmp_path,
        "extra",
        {
            "services/extra/compose.yml": extra,
            "truth/gate.yml": truth.format(node="gate", device="/dev/ttyUSB0"),
            "truth/work.yml": truth.format(node="work", device="/dev/kvm"),
        },
    )

    assert verdicts(found) == {"gate": Fit.FITS, "new": Fit.UNKNOWN, "work": Fit.DOES_NOT_FIT}
    assert reasons(found, "work") == "/dev/ttyUSB0 was not found on work"


def test_a_share_is_mounted_not_mounted_or_unknown(tmp_path: Path) -> None:
    cluster = CLUSTER.replace("arch: arm64,", "arch: arm64, checks: [{mount: /cluster-nas}],")
    extra = "services: {extra: {image: 'home/extra:1', volumes: ['/cluster-nas/extra:/data']}}\n"
    truth = "# Made by `stems discover`.\nnode: work\nmounts: [{path: /, source: /dev/sda1, type: ext4}]\n"
    files = {"config/cluster.yml": cluster, "services/extra/compose.yml": extra, "truth/work.yml": truth}
    found = placed(tmp_path, "extra", files)

    assert verdicts(found) == {"gate": Fit.FITS, "new": Fit.UNKNOWN, "work": Fit.DOES_NOT_FIT}
    assert "/cluster-nas is not mounted on work" in reasons(found, "work")
    assert "nothing says whether /cluster-nas is mounted on new" in reasons(found, "new")


def test_a_disk_that_nothing_checks_is_unknown(tmp_path: Path) -> None:
    extra = "services: {extra: {image: 'home/extra:1', volumes: ['/mnt/nas/extra:/data']}}\n"
    found = placed(tmp_path, "extra", {"services/extra/compose.yml": extra})

    assert set(verdicts(found).values()) == {Fit.UNKNOWN}


def test_a_compose_file_that_says_nothing_makes_every_node_unknown(tmp_path: Path) -> None:
    found = placed(tmp_path, "extra", {"services/extra/README.md": "Nothing yet\n"})

    assert set(verdicts(found).values()) == {Fit.UNKNOWN}


def test_what_nobody_can_read_may_take_anything(tmp_path: Path) -> None:
    found = placed(tmp_path, "photos", {"services/web/compose.yml": "services: {web: {image: [}\n"})

    assert "the Compose file of web, which runs there, cannot be read" in reasons(found, "gate")
    assert verdicts(found)["work"] is Fit.FITS


def test_what_starts_only_when_asked_for_takes_nothing(tmp_path: Path) -> None:
    found = placed(tmp_path, "photos", {"services/web/compose.yml": WEB + "    profiles: [later]\n"})

    assert "cannot be read" not in reasons(found, "gate")


def test_a_gpu_that_a_compose_file_asks_for_is_known_or_unknown(tmp_path: Path) -> None:
    extra = "services: {extra: {image: 'home/extra:1', gpus: all}}\n"
    cluster = CLUSTER.replace("memory: 16G", "memory: 16G, gpu: 1")
    found = placed(tmp_path, "extra", {"services/extra/compose.yml": extra, "config/cluster.yml": cluster})

    assert verdicts(found) == {"work": Fit.FITS, "new": Fit.UNKNOWN, "gate": Fit.DOES_NOT_FIT}


def test_processors_are_counted_like_memory(tmp_path: Path) -> None:
    extra = "services: {extra: {image: 'home/extra:1', cpus: 6, mem_limit: 1G}}\n"
    found = placed(tmp_path, "extra", {"services/extra/compose.yml": extra})

    assert verdicts(found) == {"work": Fit.FITS, "new": Fit.UNKNOWN, "gate": Fit.DOES_NOT_FIT}
    assert {one.node: one.cpus_left for one in found.candidates} == {"work": 2, "new": None, "gate": -2}


def test_two_services_that_each_require_most_of_a_node_do_not_both_fit(tmp_path: Path) -> None:
    both = CLUSTER.replace("reason: It is there", "reason: It is there, requires: {memory: 9G}")
    found = placed(tmp_path, "web", {"config/cluster.yml": both})

    assert verdicts(found)["work"] is Fit.DOES_NOT_FIT
    assert "its services reserve or require 17G: web 9G, photos 8G" in reasons(found, "work")


def test_an_amount_that_only_a_node_knows_is_unknown(tmp_path: Path) -> None:
    files = {
        "services/extra/compose.yml": "services: {extra: {image: 'home/extra:1', mem_limit: '${LIMIT}'}}\n",
        "services/extra/env.template": "LIMIT=\n",
    }
    found = placed(tmp_path, "extra", files)

    assert verdicts(found)["work"] is Fit.UNKNOWN
    assert "extra: what it asks for depends on a variable that is not known" in reasons(found, "work")


def test_what_somebody_accepted_speaks_against_no_node(tmp_path: Path) -> None:
    accepted = "services:\n  extra:\n    image: home/extra:1\n    # stems: allow STM211: it is throttled\n    cpus: 6\n"
    found = placed(tmp_path, "extra", {"services/extra/compose.yml": accepted})

    assert verdicts(found)["gate"] is Fit.FITS


def test_a_paused_node_is_to_be_minded(tmp_path: Path) -> None:
    cluster = CLUSTER.replace("arch: x86_64,", "arch: x86_64, paused: Repair,")
    found = placed(tmp_path, "photos", {"config/cluster.yml": cluster})

    assert verdicts(found)["work"] is Fit.FITS
    assert reasons(found, "work") == "work is paused: Repair"


def test_other_nodes_that_it_would_depend_on_are_named(tmp_path: Path) -> None:
    apart = {one.node: one.apart for one in placed(tmp_path, "photos", {}).candidates}

    assert apart["gate"] == ()
    assert apart["work"] == ("it runs after web, which is on gate",)
    assert {one.node: one.apart for one in placed(tmp_path, "web", {}).candidates}["new"] == (
        "photos on work runs after it",
    )


def test_who_waits_for_a_service_is_named(tmp_path: Path) -> None:
    assert placed(tmp_path, "web", {}).needed_by == ("photos",)


def test_a_service_that_is_nowhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such service"):
        placed(tmp_path, "wbe", {})
