"""A cluster file is read exactly, or every mistake in it is named with its place and a suggestion."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stems.configuration.invalid import InvalidClusterError
from stems.configuration.load import load_cluster
from stems.configuration.text import decode, read_text
from stems.errors import ConfigurationError
from stems.model.change import Risk
from stems.model.check import DiskFreeCheck, HttpCheck, MountCheck
from stems.model.cluster import OnFailure, Rollout
from stems.model.node import Hardware, Privilege, SshAddress
from stems.model.service import Data, Requirements, Scope
from tests.unit.configuration.example import EXAMPLE

SMALL = """\
version: 1
cluster: {name: home}
checkout: ~/home
nodes: {one: {hostname: one, ssh: {host: one.example}}}
"""
PATH = "must be a path on the node that starts with `/` or `~/`, without `..`"


def mistakes(text: str) -> list[str]:
    with pytest.raises(InvalidClusterError) as caught:
        load_cluster(text)
    return [f"{finding.place.line}:{finding.place.column}: {finding.message}" for finding in caught.value.findings]


def changed(old: str, new: str) -> str:
    assert old in EXAMPLE
    return EXAMPLE.replace(old, new, 1)


def test_nodes_are_read() -> None:
    node = load_cluster(EXAMPLE).nodes["crtr"]

    assert node.ssh == SshAddress("crtr.example", "trtr", 22)
    assert node.hardware == Hardware(cpus=4, memory=16 * 1024**3, disk=1024**4)
    assert node.checks == (MountCheck("/cluster-nas"), DiskFreeCheck("/", "10%"))
    assert (node.privilege, node.role, node.arch) == (Privilege.SUDO, "gateway", "arm64")
    assert node.when_down.impact == "No way in from outside"


def test_what_is_not_written_is_left_to_openssh() -> None:
    node = load_cluster(EXAMPLE).nodes["prtr"]

    assert node.ssh == SshAddress("prtr.example", user="", port=0, identity="~/.ssh/lab")
    assert node.paused == "waits for a new disk"


def test_services_are_read() -> None:
    cluster = load_cluster(EXAMPLE)
    grafana = cluster.services["grafana"]

    assert grafana.nodes == ("crtr",)
    assert grafana.requires == Requirements(memory=512 * 1024**2, arch=("arm64", "x86_64"))
    assert grafana.checks == (HttpCheck("http://127.0.0.1:3000/api/health", 200),)
    assert (grafana.tool, grafana.data, grafana.rollback_safe) == ("compose", Data.LOCAL, "it only reads")
    assert cluster.services["exporter"].nodes == ("crtr", "prtr")
    caddy = cluster.services["caddy"]
    assert (caddy.tool, caddy.unit, caddy.scope) == ("systemd", "caddy.service", Scope.SYSTEM)
    assert load_cluster(changed("unit: caddy", "scope: user, unit: caddy")).services["caddy"].scope is Scope.USER


def test_the_rest_is_read() -> None:
    cluster = load_cluster(EXAMPLE)

    assert cluster.rollout == Rollout(("prtr", "crtr"), "prtr", 5.0, 10.0, 120.0, OnFailure.REVERT_NODE)
    assert cluster.gates.automatic == {Risk.USER}
    assert [approver.name for approver in cluster.approvers] == ["owner"]
    assert cluster.domains.system is not None
    assert cluster.domains.system.inventory == "hosts.yml"
    assert cluster.domains.user[0].owns == ("~/",)
    assert cluster.alerts == ("ntfy://topic",)


def test_the_cluster_knows_where_it_is_written() -> None:
    cluster = load_cluster(EXAMPLE, "other/cluster.yml")

    assert str(cluster.written.place("services", "grafana", "reason")) == "other/cluster.yml:35:13"
    assert str(cluster.written.key_place("services", "grafana")) == "other/cluster.yml:33:3"


def test_a_small_file_is_enough() -> None:
    cluster = load_cluster(SMALL)

    assert cluster.rollout == Rollout()
    assert cluster.domains.user == ()
    assert cluster.gates.automatic == {Risk.USER}


def test_user_domains_may_be_a_list_with_accounts() -> None:
    text = SMALL + "domains: {user: [{tool: files, source: a}, {tool: files, source: b, account: guest}]}\n"

    assert [domain.account for domain in load_cluster(text).domains.user] == ["", "guest"]


def test_a_class_that_is_listed_as_manual_is_not_automatic() -> None:
    assert load_cluster(SMALL + "gates: {manual: [user]}\n").gates.needs_approval(Risk.USER)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    ssh: {host: crtr", "    shh: {host: crtr", "12:5: nodes.crtr.shh: unknown key; did you mean `ssh`?"),
        ("source: dotfiles", "sorce: x", "27:25: domains.user.sorce: unknown key; did you mean `source`?"),
        ("{mount: /c", "{mout: /c", "18:15: nodes.crtr.checks[0].mout: unknown key; did you mean `mount`?"),
        ("checkout: ~/colab-config\n", "", "1:1: the key `checkout` is missing"),
        ("version: 1", "version: 2", "1:10: version: must be `1`"),
        ("port: 22", "port: 70000", "12:49: nodes.crtr.ssh.port: must be at most 65535"),
        ("port: 22", "port: '22'", "12:49: nodes.crtr.ssh.port: must be a whole number, not text"),
        ("paused: too loud", "paused: true", "42:33: services.exporter.paused: must be text, not `true`"),
        ("variables: {}", "variables:", "17:15: nodes.crtr.variables: must be a mapping, not empty"),
        ("arch: arm64", "arch: aarch64", "15:11: nodes.crtr.arch: write `arm64` for `aarch64`"),
        ("[user], manual", "[usr], manual", "45:21: gates.automatic[0]: must be one of `user`, `system`, `service`, "
         "`network`, `destructive`, `unknown`; did you mean `user`?"),
        ("[user], m", "[user, system], m", "45:45: gates: `system` is both automatic and manual"),
        ("node: prtr", "node: ptrr", "32:22: services.prometheus.node: no node is called `ptrr`; did you mean `prtr`?"),
        ("node: [crtr]", "node: []", "34:11: services.grafana.node: must not be empty"),
        ("tool: systemd, unit", "unit",
         "43:23: services.caddy.unit: only systemd has units, and the tool of this service is compose"),
        ("node: prtr, data", "node: prtr, scope: user, data",
         "32:28: services.prometheus.scope: only systemd has units, and the tool of this service is compose"),
        ("{tool: ansible, source: ansible, ", "{tool: etc, source: etc, ",
         "28:36: domains.system.playbook: only ansible has one, and the tool of this domain is etc"),
        ("[prtr, crtr]", "[prtr, ctrr]", "47:25: rollout.order: no node is called `ctrr`; did you mean `crtr`?"),
        ("[prtr, crtr]", "[prtr, prtr]", "47:25: rollout.order: `prtr` is listed twice"),
        ("pilot: prtr", "pilot: prtx", "47:39: rollout.pilot: no node is called `prtx`; did you mean `prtr`?"),
        ("[prometheus]", "[prometeus]",
         "40:13: services.grafana.after: no service is called `prometeus`; did you mean `prometheus`?"),
        ("data: local}", "after: [grafana]}",
         "32:28: services.prometheus.after: waits for itself: prometheus → grafana → prometheus"),
        ("~/colab-config", "~/../x", f"3:11: checkout: {PATH}"),
        ("~/colab-config", "colab", f"3:11: checkout: {PATH}"),
        ("mount: /cluster-nas", "mount: ~/nas", "18:22: nodes.crtr.checks[0].mount: must be a path on the node that "
         "starts with `/`, without `..`"),
        ("pause: 5s", "pause: 5",
         "47:52: rollout.pause: must be a duration with its unit, for instance `5s`, `2m` or `1h`"),
        ("deadline: 2m", "deadline: 9s",
         "47:84: rollout: `deadline` must be longer than `healthy_for`, or no node can become healthy in time"),
        ("nas_path:", "node_name:", "5:13: variables.node_name: stems itself sets `node_name`"),
        ("nas_path: /cluster-nas", "a: .nan", "5:16: variables.a: must be a number that every tool can read, "
         "not infinity or not-a-number"),
        ("host: crtr.example", "host: -oProxyCommand=x",
         "12:17: nodes.crtr.ssh.host: must be a host name, an address or an alias of `~/.ssh/config`"),
        ("user: trtr", "user: 'a;b'", "12:37: nodes.crtr.ssh.user: must be the name of an account"),
        ("  caddy:", "  'ca$(x)':",
         "43:3: services.ca$(x): must be a name of lower-case letters, digits, `_`, `.` and `-`"),
        ("AAAAC3N", "AAAAD3N", "46:32: approvers[0].key: must be one complete OpenSSH public key, as in a `.pub` file"),
        ("reason: Next to the ingress", 'reason: "\\u202eNext"',
         "35:13: services.grafana.reason: must be at most 500 characters without control characters"),
        ("hostname: coop", "hostname: x\n    hostname: coop",
         "12:5: `hostname` is written twice: the first is on line 11"),
        ("  services: {tool: compose, source: services}\n", "",
         "31:3: services.prometheus: no tool: neither the service nor `domains.services` names one"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(old: str, new: str, said: str) -> None:
    assert mistakes(changed(old, new))[0] == said


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:99999/", "http://127.0.0.1:x/", "http://[::1/", "http://:80/", "http://127.0.0.1:0/",
        "ftp://127.0.0.1/", "http://a b/", "http://user@127.0.0.1/",
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_no_address(address: str) -> None:
    (said,) = mistakes(changed("http://127.0.0.1:3000/api/health", address))

    assert said == (
        "39:21: services.grafana.checks[0].http: must be an address that starts with `http://` or `https://`, "
        "with a port from 1 to 65535 if any"
    )


@pytest.mark.parametrize("address", ["http://[::1]:8080/", "https://example.org", "http://127.0.0.1:65535/a?b=c"])
def test_ordinary_addresses_can_be_asked(address: str) -> None:
    cluster = load_cluster(changed("http://127.0.0.1:3000/api/health", address))

    assert cluster.services["grafana"].checks == (HttpCheck(address, 200),)


@pytest.mark.parametrize("version", ["true", "1.0", '"1"', ""])
def test_the_version_is_a_whole_number(version: str) -> None:
    assert mistakes(changed("version: 1", f"version: {version}"))[0].endswith("version: must be the number `1`")


@pytest.mark.parametrize("path", ["/", "//", "~/", "~/.", "/./"])
def test_the_checkout_is_never_everything(path: str) -> None:
    assert mistakes(changed("~/colab-config", path)) == [
        "3:11: checkout: must be a folder of its own, not the whole disk or home"
    ]


@pytest.mark.parametrize("key", ["checkout: ~/colab-config", "source: services"])
def test_a_path_is_one_line(key: str) -> None:
    name, _, path = key.partition(": ")

    assert len(mistakes(changed(key, f'{name}: "{path}\\nx"'))) == 1


def test_every_mistake_is_named_at_once() -> None:
    text = changed("port: 22", "port: 0").replace("cpus: 4", "cpu: 4").replace("source: services", "sauce: services")

    assert [line.split(": ", 1)[1] for line in mistakes(text)] == [
        "nodes.crtr.ssh.port: must be at least 1",
        "nodes.crtr.hardware.cpu: unknown key; did you mean `cpus`?",
        "domains.services.sauce: unknown key; did you mean `source`?",
    ]


@pytest.mark.parametrize(("written", "meant"), [("/nas/", "/nas"), ("//nas//a/.", "/nas/a"), ("/", "/"), ("//", "/")])
def test_a_path_of_a_check_is_as_the_node_lists_it(written: str, meant: str) -> None:
    checks = load_cluster(changed("mount: /cluster-nas", f"mount: {written}")).nodes["crtr"].checks

    assert checks[0] == MountCheck(meant)


@pytest.mark.parametrize("name", ["all", "localhost", "ungrouped"])
def test_a_node_may_not_be_called_what_means_something_else(name: str) -> None:
    (said,) = mistakes(SMALL.replace("one: {", f"{name}: {{"))

    assert said.startswith(f"4:9: nodes.{name}: `{name}` ")


@pytest.mark.parametrize("kind", ["role", "arch"])
def test_a_node_may_not_be_called_as_a_group_of_others(kind: str) -> None:
    others = f"nodes: {{two: {{hostname: two, {kind}: arm64, ssh: {{host: two.example}}}}, one: {{"
    text = SMALL.replace("nodes: {one: {", others).replace(" one: {", " arm64: {")

    (said,) = mistakes(text)
    assert said.endswith(f"nodes.arm64: `arm64` is the {kind} of two, and a name means one thing to Ansible")


def test_a_node_may_be_the_only_one_of_its_name() -> None:
    assert load_cluster(SMALL.replace("one: {", "gateway: {role: gateway, ")).nodes["gateway"].role == "gateway"


def test_two_user_domains_of_one_account_are_refused() -> None:
    text = SMALL + "domains: {user: [{tool: files, source: a}, {tool: files, source: b}]}\n"

    assert mistakes(text) == ["5:44: domains.user[1]: a second entry for the SSH user"]


def test_a_private_key_is_never_repeated() -> None:
    text = changed('key: "ssh-ed25519 AAAA', 'key: "-----BEGIN OPENSSH PRIVATE KEY----- AAAA')

    assert mistakes(text) == [
        "46:32: approvers[0].key: this is a private key: write the public one, and consider this one lost"
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1:1: the file is empty"),
        ("- a", "1:1: the file must be a mapping that starts with `version: 1`"),
        ("../real/cluster.yml", "1:1: the file is only a path, which is what Git keeps of a symbolic link"),
        ("a: [", "1:5: expected a value here"),
        ("a: *b", "1:4: `*b` refers to nothing: no `&b` before it"),
        ("x: &x {a: 1}\ny: {<<: *x}", "2:5: `<<` is not allowed here: write the keys out"),
    ],
)
def test_a_text_that_is_no_cluster_file_is_refused(text: str, said: str) -> None:
    assert mistakes(text) == [said]


def test_many_mistakes_are_counted_and_the_first_are_shown() -> None:
    text = SMALL + "".join(f"zz{number}: 1\n" for number in range(300))
    with pytest.raises(InvalidClusterError) as caught:
        load_cluster(text)

    assert caught.value.problem == "config/cluster.yml: 200 mistakes"
    assert caught.value.said.splitlines()[0] == "config/cluster.yml:5:1: zz0: unknown key (STM102)"
    assert caught.value.said.splitlines()[-1] == "and 191 more"


def test_files_that_cannot_be_read_are_configuration_errors(tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b"a: 1\nb: \xe9")
    (tmp_path / "large").write_bytes(b"x" * 3_000_000)
    (tmp_path / "link").symlink_to("latin")
    for name, said in [
        ("link", "link: a symbolic link, and what Git keeps of one is only its target"),
        ("none", "none: there is no such file"),
        (".", ".: not a file"),
        ("latin", "latin:2: not UTF-8 text"),
        ("large", "large: larger than 2 MiB"),
    ]:
        with pytest.raises(ConfigurationError, match=re.escape(said)):
            read_text(tmp_path / name, name)
    assert decode("ä".encode(), "f") == "ä"


PIECES = ["", "x", ":", "- ", "{", "]", "~", "0", "é", "\x00", "'", "&a ", "*a", "..", "\n  ", "true", ".nan", "$(id)"]


@settings(max_examples=300)
@given(st.integers(0, len(EXAMPLE) - 1), st.integers(0, 12), st.sampled_from(PIECES))
def test_a_damaged_file_gives_a_cluster_or_findings(start: int, length: int, piece: str) -> None:
    text = EXAMPLE[:start] + piece + EXAMPLE[start + length :]
    try:
        load_cluster(text)
    except InvalidClusterError as error:
        assert all(finding.place.line for finding in error.findings)


KEYS = ["cluster", "nodes", "domains", "services", "gates", "rollout", "approvers", "roles", "zz"]
scalars = st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["all", "1G", "5s"])
values = st.recursive(
    st.none() | scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=300)
@given(st.sampled_from(KEYS), values)
def test_any_value_under_any_key_gives_a_cluster_or_findings(key: str, value: object) -> None:
    text = "\n".join(line for line in SMALL.splitlines() if not line.startswith(key)) + f"\n{key}: {flow(value)}\n"
    try:
        load_cluster(text)
    except InvalidClusterError as error:
        assert error.findings


def flow(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(key)}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(inner) for inner in value) + "]"
    if isinstance(value, str):
        return "'" + "".join(c for c in value if c.isprintable()).replace("'", "''") + "'"
    if value is None or isinstance(value, bool):
        return "~" if value is None else str(value).lower()
    return repr(value)
