"""Each rule finds its pattern at its place, and says what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import stems
from stems.configuration.load import load_cluster
from stems.infrastructure.local import LocalRunner
from stems.model.cluster import ServicesDomain
from stems.model.finding import Severity
from stems.tools.base import Job, Tree
from stems.tools.chezmoi import check as chezmoi
from stems.tools.compose.variables import environment
from stems.validation import codes
from stems.validation.catalogue import RULES
from tests.unit.configuration.example import EXAMPLE
from tests.unit.validation.judged import TEXT, findings, messages


def test_a_good_cluster_has_no_findings() -> None:
    assert messages("", "") == []
    text = EXAMPLE.replace("tool: chezmoi", "tool: files").replace("tool: systemd, unit: caddy.service, ", "")
    assert findings(load_cluster(text)) == ()


UNKNOWN = "is not a tool of this version, and no installed package brings it"


def test_every_tool_that_is_not_there_or_not_for_that_domain_is_found() -> None:
    assert messages(
        "tool: files, source: dotfiles}", "tool: file, source: d}\n  system: {tool: compose, source: a}"
    ) == [
        f"STM111 8:16 file {UNKNOWN}; did you mean `files`?",
        "STM111 9:18 compose is a tool of the services domain, not of system; tools of system are ansible",
    ]
    assert messages("{tool: files, source: dotfiles}", "[{tool: dotbot, source: dotfiles}]") == [
        f"STM111 8:17 dotbot {UNKNOWN}; the tools are ansible, files, chezmoi, compose, systemd; "
        "for another, install its package"
    ]
    assert messages("web: {node: one}", "web: {node: one, tool: runit}") == [
        f"STM111 11:26 runit {UNKNOWN}; the tools are ansible, files, chezmoi, compose, systemd; "
        "for another, install its package"
    ]


@pytest.mark.parametrize("other", ["ONE.example", "one.example, port: 22"])
def test_two_nodes_with_one_address(other: str) -> None:
    assert messages("two.example", other) == [
        f"STM201 6:36 nodes.two.ssh: {other.split(',', maxsplit=1)[0]} is the address of `one` too; "
        "give each node its own host or port"
    ]


def test_one_host_with_two_ports_is_two_nodes() -> None:
    assert messages("two.example", "one.example, port: 2222") == []


def test_a_service_that_starts_before_what_it_waits_for() -> None:
    assert messages("web: {node: one}", "web: {node: one, after: [store]}") == [
        "STM554 11:28 services.web.after: `store` on two comes after one in the rollout; "
        "put two before one in `rollout.order`, or drop the `after`"
    ]


def test_a_pilot_comes_first_whatever_the_order_says() -> None:
    text = TEXT.replace("web: {node: one}", "web: {node: one, after: [store]}")
    text = text.replace("order: [one, two]", "pilot: one, order: [two, one]")
    (found,) = findings(load_cluster(text))

    assert (found.code, found.remedy) == ("STM554", "let another node than one be `rollout.pilot`, or drop the `after`")
    assert [str(place) for place in found.also] == ["config/cluster.yml:13:18"]
    assert findings(load_cluster(text.replace("pilot: one", "pilot: two"))) == ()


def test_services_of_two_tools_that_wait_for_each_other() -> None:
    services = "web: {node: one, after: [unit]}\n  unit: {node: one, tool: systemd, after: [base]}\n  base: {node: one}"

    assert messages("web: {node: one}", services) == [
        "STM558 11:28 services.web.after: `unit` is of systemd, so compose waits for systemd; and systemd waits for "
        "compose at config/cluster.yml:12:44; drop one of both, or give all one tool"
    ]
    assert messages("web: {node: one}", services.replace(", after: [base]", "")) == []


@pytest.mark.parametrize(("old", "new"), [("two}", "two, after: [web]}"), ("two}", "[one, two], after: [web]}")])
def test_a_service_that_starts_after_what_it_waits_for_is_in_order(old: str, new: str) -> None:
    assert messages(old, new) == []


def test_a_node_that_runs_both_is_in_order_by_itself() -> None:
    assert messages("web: {node: one}\n  store: {node: two}", "web: {node: one, after: [b]}\n  b: {node: all}") == []


@pytest.mark.parametrize(
    ("needs", "said"),
    [
        ("arch: [x86_64]", "11:37 services.web: requires x86_64, and one is arm64; it fits on two"),
        ("memory: 2G", "11:39 services.web: requires 2G of memory, and one has 1G; it fits on two"),
        ("gpu: 1", "11:36 services.web: requires 1 gpu, and one has none; it fits on two"),
        (
            "gpu: 1, arch: [riscv64]",
            "11:36 services.web: requires 1 gpu, and one has none; no node has what it requires",
        ),
    ],
)
def test_a_service_on_a_node_without_what_it_requires(needs: str, said: str) -> None:
    assert f"STM555 {said}" in messages("web: {node: one}", f"web: {{node: one, requires: {{{needs}}}}}")


def test_what_is_not_declared_is_not_judged() -> None:
    assert messages("store: {node: two}", "store: {node: two, requires: {memory: 9T, gpu: 4}}") == []


def test_a_path_with_two_default_owners() -> None:
    system = "system: {tool: ansible, source: ansible, owns: [/home/guest]}"
    user = "user: [{tool: files, source: dotfiles, account: guest}]"

    assert messages("user: {tool: files, source: dotfiles}", f"{user}\n  {system}") == [
        "STM702 9:51 /home/guest: already owned at config/cluster.yml:8:10; let one domain own it"
    ]


def test_codes_and_names_are_given_once() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_every_code_that_a_tool_or_a_reader_has_is_explained_by_a_rule() -> None:
    package = Path(stems.__file__).parent
    sources = [path for folder in ("tools", "configuration") for path in (package / folder).rglob("*.py")]
    used = {code for path in sources for code in re.findall(r'"(STM\d{3})"', path.read_text())}
    used |= {str(value) for name, value in vars(codes).items() if name.isupper()}
    used |= {chezmoi.EMPTY, chezmoi.DATA}

    assert used <= {rule.code for rule in RULES}


def test_a_role_that_is_nearly_another_is_a_warning() -> None:
    roles = "roles: {gateway: {variables: {a: 1}}}\nrollout:"

    assert messages("two}\nrollout:", f"two}}\n{roles}") == []
    found = findings(load_cluster(TEXT.replace("rollout:", roles).replace("arch: arm64", "role: gatewya")))
    assert [(each.severity, each.message) for each in found] == [
        (Severity.WARNING, "nodes.one.role: `gatewya` is not under `roles:`; did you mean `gateway`?")
    ]
    other = TEXT.replace("rollout:", roles).replace("arch: arm64", "role: storage")
    assert findings(load_cluster(other)) == ()


@pytest.mark.parametrize("name", ["PATH", "HOME", "LD_PRELOAD", "DOCKER_HOST", "COMPOSE_FILE"])
def test_a_variable_that_compose_does_not_get_is_a_warning(name: str) -> None:
    cluster = load_cluster(TEXT + f"variables: {{{name}: x, OTHER: y}}\n")
    job = Job(
        cluster, ServicesDomain("compose", "s"), Tree(Path(), ""), {"one": cluster.variables}, LocalRunner(), Path()
    )
    (found,) = findings(cluster)

    assert (found.code, found.severity, found.place.line) == ("STM112", Severity.WARNING, 14)
    assert name not in environment(job, cluster.nodes["one"]) and "OTHER" in environment(job, cluster.nodes["one"])


def test_a_reason_that_nobody_wrote_is_pointed_at() -> None:
    assert messages("web: {node: one}", "web: {node: one, reason: TO BE WRITTEN}") == [
        "STM559 11:28 services.web: the reason is still to be written; say why it runs on one, or remove the line"
    ]
    assert messages("web: {node: one}", "web: {node: one, reason: It is there}") == []
