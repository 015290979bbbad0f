"""What many services do is one finding, and what one line does to many of them, too."""

from __future__ import annotations

from pathlib import Path

from stems.model.finding import Finding, Severity
from stems.validation.page import Example
from tests.unit.validation.examples import judged

LONG = "restart: always, healthcheck: {test: [CMD, web, --check]}"


def found(root: Path, example: Example, code: str) -> list[Finding]:
    return [finding for finding in judged(root, example, every_stage=True).findings if finding.code == code]


def test_what_all_services_of_a_project_lack_is_one_finding(tmp_path: Path) -> None:
    text = f"""
        services:
          a: {{image: "a:1", {LONG}}}
          b: {{image: "b:1", {LONG}, mem_limit: 64m}}
          c: {{image: "c:1", {LONG}}}
        """
    (one,) = found(tmp_path, {"services/web/compose.yml": text}, "STM513")

    assert one.message.startswith("2 of 3 containers have no limit of memory") and one.message.endswith(": a, c")
    assert (one.place.line, [place.line for place in one.also]) == (2, [4])


def test_each_project_has_one_of_its_own(tmp_path: Path) -> None:
    text = f"services:\n  a: {{image: 'a', {LONG}}}\n  b: {{image: 'b:latest', {LONG}}}\n"
    both = found(tmp_path, {"services/x/compose.yml": text, "services/y/compose.yml": text}, "STM510")

    assert [one.place.path for one in both] == ["services/x/compose.yml", "services/y/compose.yml"]
    assert all(one.message.startswith("both containers") for one in both)


def test_what_is_allowed_beside_a_place_is_no_part_of_it(tmp_path: Path) -> None:
    text = """
        services:
          a: {image: a}
          b: {image: b} # stems: allow STM510: the newest is what it is for
          c: {image: "c:1"}
        """
    (one,) = found(tmp_path, {"services/web/compose.yml": text}, "STM510")

    assert one.message.startswith("a: the image a has no tag") and one.also == ()


def test_what_an_anchor_says_is_one_place(tmp_path: Path) -> None:
    text = """
        x-base: &base
          image: base
          network_mode: host
          ports: ["80:80"]
        services:
          p1: {<<: *base}
          p2: {<<: *base, profiles: [manual]}
          p3: *base
        """
    example = {"services/web/compose.yml": text}

    for code in ("STM510", "STM517", "STM528"):
        (one,) = found(tmp_path / code, example, code)
        assert "p1, p2, p3" in one.message and one.also == ()


def test_a_variable_is_told_once_with_the_services_that_use_it(tmp_path: Path) -> None:
    text = """
        services:
          a: {image: "a:1", volumes: ["${DATA_ROOT}/a:/data"]}
          b: {image: "b:1", volumes: ["${DATA_ROOT:?}/b:/data", "${DATA_ROOT}:/again"]}
        """
    (one,) = found(tmp_path, {"services/web/compose.yml": text}, "STM504")

    assert one.message == "a, b: DATA_ROOT has no value on gate"
    assert (one.place.line, [place.line for place in one.also]) == (2, [3, 3])


def test_what_manages_docker_has_no_proxy_before_it(tmp_path: Path) -> None:
    text = "services: {d: {image: 'louislam/dockge:1.5.0', volumes: ['/var/run/docker.sock:/var/run/docker.sock']}}\n"
    (one,) = found(tmp_path, {"services/web/compose.yml": text}, "STM516")

    assert one.severity is Severity.NOTE and "proxy" not in one.remedy


def test_what_belongs_in_the_network_of_the_node_is_a_note(tmp_path: Path) -> None:
    text = "services: {dns: {image: 'pihole/pihole:2024.07.0', network_mode: host}}\n"
    (one,) = found(tmp_path, {"services/web/compose.yml": text}, "STM517")

    assert one.severity is Severity.NOTE and "publish" not in one.remedy


def test_two_owners_at_one_place_are_named(tmp_path: Path) -> None:
    part = "services: {web: {image: 'nginx:1.27', profiles: [extra], ports: ['9090:80']}}\n"
    example = {
        "services/a/compose.yml": "include: [../common/web.yml]\n",
        "services/b/compose.yml": "include: [../common/web.yml]\n",
        "services/common/web.yml": part,
        "config/cluster.yml": """
            version: 1
            cluster: {name: home}
            checkout: ~/home-config
            nodes:
              gate: {hostname: gate, ssh: {host: gate.example, user: owner}}
            domains:
              services: {tool: compose, source: services}
            services:
              a: {node: gate}
              b: {node: gate}
            """,
    }
    messages = [one.message for one in found(tmp_path, example, "STM703")]

    assert [message for message in messages if "9090" in message] == [
        "port:*:9090/tcp: may have two owners: compose (b/web) and compose (a/web), which both get it from here"
    ]


def test_services_of_one_anchor_between_which_a_profile_chooses_are_not_two_owners(tmp_path: Path) -> None:
    text = """
        x-base: &base {image: "base:1", ports: ["9090:80"]}
        services:
          web: {<<: *base}
          login: {<<: *base, profiles: [manual]}
        """

    assert found(tmp_path, {"services/web/compose.yml": text}, "STM703") == []
