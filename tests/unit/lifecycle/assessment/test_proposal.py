"""Whatever a repository looks like, what is proposed for it can be read, and says where each guess comes from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stems.configuration.load import load_cluster
from stems.errors import UsageError
from stems.lifecycle.adopt_repository import propose_for, write_proposed
from stems.lifecycle.assessment.nodes import nodes_of
from stems.lifecycle.assessment.proposal import propose
from stems.lifecycle.assessment.written import cluster_text
from stems.lifecycle.validate import validate_tree
from stems.model.assessment import Assessment, Evidence, FoundDomain, FoundService, Sighting, Strength
from stems.model.change import Domain
from stems.model.cluster import CLUSTER_FILE
from stems.model.finding import Place, Severity
from stems.tools.base import Tree
from stems.validation.stage import Stage
from tests.unit.lifecycle.assessment.trees import written

HOSTS = (
    "[gateway]\ncrtr ansible_host=192.0.2.1 ansible_user=me ansible_port=2222\n[work]\nprtr ansible_host=192.0.2.2\n"
)
WEB = "services:\n  web: {image: 'nginx:1.27', volumes: ['data:/data']}\nvolumes: {data: {}}\n"
PLAY = (
    "- hosts: all\n  tasks:\n    - {name: Greet, ansible.builtin.copy: {content: a, dest: /etc/motd, mode: '0644'}}\n"
)

SHAPES: Mapping[str, Mapping[str, str]] = {
    "inventory": {"hosts.ini": HOSTS},
    "ssh_config": {".ssh/config": "Host crtr\n HostName 192.0.2.1\n"},
    "an address alone": {"hosts.ini": "[a]\n192.0.2.1\nfd00::1\n"},
    "odd names": {"hosts.ini": "[a]\nWeb_01.Example.COM\n1box\nall\nweb_01\n"},
    "a role called like a node": {
        "ssot/nodes.yml": "nodes: {a: {ip: 192.0.2.1, role: b}, b: {ip: 192.0.2.2, role: a, arch: amd64}}\n"
    },
    "everything": {
        "ansible/inventory/hosts.ini": HOSTS,
        "ansible/site.yml": PLAY,
        "dotfiles/dot_bashrc": "a\n",
        "services/crtr/compose.yml": WEB,
        "services/web/compose.yml": WEB,
        "services/web/README.md": "a\n",
    },
    "two roots": {"hosts.ini": HOSTS, "a/x/crtr/compose.yml": WEB, "b/y/prtr/compose.yml": WEB, "b/z/compose.yml": WEB},
    "projects at the top": {"hosts.ini": "[a]\nonly\n", "web/compose.yml": WEB, "dns/compose.yml": WEB},
    "one project": {"hosts.ini": "[a]\nonly\n", "compose.yml": WEB},
    "a project that Compose refuses": {
        "hosts.ini": "[a]\nonly\n",
        "services/web/compose.yml": "services: {web: {imag: a}}\n",
        "services/dns/compose.yml": WEB,
    },
    "a name that chezmoi refuses": {"hosts.ini": "[a]\nonly\n", "h/dot_bashrc": "a\n", "h/.chezmoiversion": "x\n"},
    "a playbook that cannot be read": {"hosts.ini": "[a]\nonly\n", "site.yml": PLAY, "roles/a/tasks/main.yml": "- [\n"},
    "tools of others": {"hosts.ini": "[a]\nonly\n", ".stowrc": "a\n", "flake.nix": "{ }\n", "main.tf": "a\n"},
    "units": {"hosts.ini": "[a]\nonly\n", "units/backup/backup.service": "[Service]\nExecStart=/bin/true\n"},
    "hardware": {
        ".meta/ssot/nodes.yml": "nodes:\n  a: {ip: 192.0.2.1, memory: 16 GB, gpu: NVIDIA RTX 2080}\n"
        "  b: {ip: 192.0.2.2, memory: 32GiB, gpu: 2}\n  c: {ip: 192.0.2.3, memory: much, gpu: none}\n"
    },
    "Windows": {"hosts.ini": "[a]\nonly\n[win]\nbox\n[win:vars]\nansible_connection=winrm\n"},
    "a role called all": {"ssot/nodes.yml": "nodes: {a: {ip: 192.0.2.1, role: all, arch: riscv64}}\n"},
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_a_proposal_passes_syntax_and_schema(tmp_path: Path, shape: str) -> None:
    tree = written(tmp_path / "Config of 2 Nodes", SHAPES[shape])
    proposed = propose_for(tree.root)
    cluster = load_cluster(proposed.text)
    write_proposed(proposed)
    judgement = validate_tree(Tree(tree.root, "", tree.tracked | {CLUSTER_FILE}), every_stage=True)

    early = [
        finding
        for finding in judgement.findings
        if finding.severity is Severity.ERROR
        and judgement.rule(finding).stage in (Stage.SYNTAX, Stage.SCHEMA)
        and (finding.place.path == CLUSTER_FILE or judgement.rule(finding).stage is Stage.SCHEMA)
    ]
    assert early == []
    assert (tree.root / CLUSTER_FILE).read_text() == proposed.text
    assert cluster.name == "config-of-2-nodes"


def test_each_guess_says_where_it_comes_from(tmp_path: Path) -> None:
    tree = written(tmp_path / "home-config", SHAPES["everything"])

    assert (
        propose_for(tree.root).text
        == """\
# Proposed by `stems adopt` from what is in this repository. What says "guess" is one: read it, correct it, and remove
# the comment. What is commented out is not certain enough to stand there.
version: 1
cluster: {name: home-config}  # guess: called like this repository
checkout: ~/home-config  # guess: a clone for stems alone

nodes:
  crtr:
    hostname: crtr  # guess: from ansible/inventory/hosts.ini:2:1
    ssh:
      host: "192.0.2.1"  # guess: from ansible/inventory/hosts.ini:2:1
      user: me  # guess: from ansible/inventory/hosts.ini:2:1
      port: 2222  # guess: from ansible/inventory/hosts.ini:2:1
    role: gateway  # guess: from ansible/inventory/hosts.ini:2:1
  prtr:
    hostname: prtr  # guess: from ansible/inventory/hosts.ini:4:1
    ssh:
      host: "192.0.2.2"  # guess: from ansible/inventory/hosts.ini:4:1
    role: work  # guess: from ansible/inventory/hosts.ini:4:1

domains:
  system:
    tool: ansible
    source: ansible  # guess: from ansible/site.yml:1:3
    playbook: site.yml  # guess: the likeliest of 1
  user:
    tool: chezmoi
    source: dotfiles  # guess: from dotfiles/dot_bashrc:1
  services:
    tool: compose
    source: services  # guess: from services/crtr/compose.yml:1

services:
  crtr:
    node: crtr  # guess: from services/crtr/compose.yml:1
    reason: TO BE WRITTEN
    data: local  # guess: it has volumes
  # not certain: nothing says on which node it runs
  # web:
  #   node: NODE  # guess: nothing says where
  #   reason: TO BE WRITTEN
  #   data: local  # guess: it has volumes
"""
    )


def test_projects_may_lie_at_any_depth(tmp_path: Path) -> None:
    files = {"hosts.ini": HOSTS, "services/crtr/web/compose.yml": WEB, "services/prtr/web/compose.yml": WEB,
             "stacks/prtr/dns/compose.yml": WEB}  # fmt: skip
    cluster = load_cluster(propose_for(written(tmp_path / "homelab", files).root).text)

    assert cluster.domains.services and cluster.domains.services.source == "."
    assert {name: (one.where, one.nodes) for name, one in cluster.services.items()} == {
        "dns": ("stacks/prtr/dns", ("prtr",)),
        "web": ("services/crtr/web", ("crtr",)),
        "web-prtr": ("services/prtr/web", ("prtr",)),
    }


def test_what_is_broken_keeps_only_its_own_domain_out(tmp_path: Path) -> None:
    files = {"hosts.ini": "[a]\nonly\n", "web/compose.yml": WEB, "a/site.yml": PLAY, "dns/compose.yml": WEB,
             "a/broken.yml": "- hosts: all\n  tasks: [\n", "a/roles/x/tasks/main.yml": "- [\n"}  # fmt: skip
    cluster = load_cluster(propose_for(written(tmp_path / "homelab", files).root).text)

    assert sorted(cluster.services) == ["dns", "web"]


def test_units_beside_projects_do_not_keep_them_out(tmp_path: Path) -> None:
    unit = "[Service]\nExecStart=/bin/true\n"
    files = {"hosts.ini": "[a]\nonly\n", "services/web/compose.yml": WEB, "services/a/a.service": unit,
             "services/b/b.service": unit}  # fmt: skip
    cluster = load_cluster(propose_for(written(tmp_path / "homelab", files).root).text)

    assert cluster.domains.services and cluster.domains.services.tool == "compose"
    assert {name: one.tool for name, one in cluster.services.items()} == {
        "a": "systemd",
        "b": "systemd",
        "web": "compose",
    }


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"chicken.yml": PLAY, "site.yml": "- import_playbook: chicken.yml\n"}, "site.yml"),
        ({"desktop.yml": PLAY.replace("all", "localhost"), "rpi.yml": PLAY}, "rpi.yml"),
        ({"a.yml": PLAY, "b.yml": "- import_playbook: a.yml\n"}, "b.yml"),
    ],
)
def test_the_playbook_is_the_one_that_people_start(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    files = {"hosts.ini": "[a]\nonly\n", **files}
    cluster = load_cluster(propose_for(written(tmp_path / "homelab", files).root).text)

    assert cluster.domains.system and cluster.domains.system.playbook == expected


GROUPS = (
    "[routers]\ngate ansible_host=192.0.2.1\n[servers]\nbox ansible_host=192.0.2.2\n[home:children]\nrouters\nservers\n"
)
FOR_HOME = PLAY.replace("all", "home")


def errors_of(tree: Tree) -> tuple[str, list[str]]:
    """The proposal, and the errors that validation finds with it."""
    proposed = propose_for(tree.root)
    write_proposed(proposed)
    judgement = validate_tree(Tree(tree.root, "", tree.tracked | {CLUSTER_FILE}), every_stage=True)
    return proposed.text, [one.code for one in judgement.findings if one.severity is Severity.ERROR]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"site.yml": FOR_HOME}, "site.yml:1:3 names its group home"),
        ({"site.yml": "- import_playbook: b.yml\n", "b.yml": PLAY.replace("all", "all:&home")}, "b.yml:1:3 names"),
        ({"site.yml": PLAY, "group_vars/home.yml": "a: 1\n"}, "group_vars/home.yml:1:1 names its group home"),
        ({"site.yml": FOR_HOME, "inventories/lab/hosts": GROUPS, "ansible.cfg": "[defaults]\ninventory = hosts.ini\n"},
         "site.yml:1:3 names its group home"),
    ],
)  # fmt: skip
def test_an_inventory_whose_groups_are_no_roles_is_named(
    tmp_path: Path, files: Mapping[str, str], expected: str
) -> None:
    inside = {f"ansible/{path}": text for path, text in {"hosts.ini": GROUPS, **files}.items()}
    text, errors = errors_of(written(tmp_path / "homelab", inside))

    assert f"    inventory: hosts.ini  # guess: ansible/{expected}" in text
    assert errors == []


@pytest.mark.parametrize(
    "files",
    [
        {"hosts.ini": GROUPS, "site.yml": PLAY.replace("all", "routers:servers")},
        {"hosts.ini": GROUPS, "site.yml": PLAY.replace("all", "all:!home")},
        {"hosts.ini": GROUPS, "lab.ini": GROUPS, "site.yml": FOR_HOME},
        {"hosts.ini": GROUPS, "site.yml": PLAY, "unused.yml": FOR_HOME},
    ],
)
def test_an_inventory_that_nothing_needs_or_that_is_one_of_several_is_not(
    tmp_path: Path, files: Mapping[str, str]
) -> None:
    assert "inventory:" not in propose_for(written(tmp_path / "homelab", files).root).text


def test_groups_are_roles_where_the_inventory_calls_nodes_otherwise(tmp_path: Path) -> None:
    files = {"hosts.ini": GROUPS.replace("box ", "box.lan "), "site.yml": FOR_HOME}
    text, errors = errors_of(written(tmp_path / "homelab", files))

    assert {name: node.role for name, node in load_cluster(text).nodes.items()} == {"box": "home", "gate": "home"}
    assert "inventory:" not in text
    assert errors == []


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"group_vars/all.yml": "timezone: Europe/Berlin\n"}, "Europe/Berlin  # guess: from group_vars/all.yml:1:1"),
        ({"roles/a/tasks/main.yml": "- community.general.timezone: {name: Asia/Tokyo}\n"},
         "Asia/Tokyo  # guess: from roles/a/tasks/main.yml:1:32"),
        ({"roles/a/tasks/main.yml": "- community.general.timezone:\n    name: '{{ zone }}'\n",
          "roles/a/defaults/main.yml": "zone: UTC\n"}, "UTC  # guess: from roles/a/defaults/main.yml:1:1"),
        ({"roles/a/tasks/main.yml": "- timezone: {name: '{{ zone }}'}\n", "roles/a/defaults/main.yml": "zone: UTC\n",
          "group_vars/all/main.yml": "zone: Etc/GMT+1\n"}, "Etc/GMT+1  # guess: from group_vars/all/main.yml:1:1"),
    ],
)  # fmt: skip
def test_the_time_zone_of_all_nodes_is_taken_over(tmp_path: Path, files: Mapping[str, str], expected: str) -> None:
    text = propose_for(written(tmp_path / "homelab", {"hosts.ini": HOSTS, "site.yml": PLAY, **files}).root).text

    assert f"  timezone: {expected}" in text
    assert load_cluster(text).timezone == expected.split(maxsplit=1)[0]


@pytest.mark.parametrize(
    "files",
    [
        {"group_vars/all.yml": "timezone: '{{ zone }}'\n"},
        {"group_vars/web.yml": "timezone: Europe/Berlin\n"},
        {"roles/a/tasks/main.yml": "- timezone: {name: UTC}\n- timezone: {name: Asia/Tokyo}\n  when: a\n"},
    ],
)
def test_a_time_zone_that_is_not_one_for_all_is_left_to_a_person(tmp_path: Path, files: Mapping[str, str]) -> None:
    text = propose_for(written(tmp_path / "homelab", {"hosts.ini": HOSTS, "site.yml": PLAY, **files}).root).text

    assert "timezone" not in text


def test_dotfiles_of_no_tool_can_be_uncommented(tmp_path: Path) -> None:
    files = {"hosts.ini": HOSTS, "dotfiles/.bashrc": "a\n", "dotfiles/.vimrc": "a\n", "site.yml": PLAY}
    text = propose_for(written(tmp_path / "homelab", files).root).text
    head, domain, rest = text.partition("  # user:\n")
    uncommented = head + "\n".join(line.replace("# ", "", 1) for line in (domain + rest).split("\n"))

    assert "this would write every file of dotfiles to the same path below the home folder of each node" in head
    assert [(one.tool, one.source) for one in load_cluster(uncommented).domains.user] == [("files", "dotfiles")]


def test_hardware_is_what_truth_says_with_a_unit(tmp_path: Path) -> None:
    nodes = load_cluster(propose_for(written(tmp_path, SHAPES["hardware"]).root).text).nodes

    gibi = 1024**3
    assert [(node.hardware.memory, node.hardware.gpu) for node in nodes.values()] == [
        (16 * gibi, 1),
        (32 * gibi, 2),
        (0, 0),
    ]


def test_a_node_that_no_ssh_reaches_stays_out(tmp_path: Path) -> None:
    text = propose_for(written(tmp_path, SHAPES["Windows"]).root).text

    assert list(load_cluster(text).nodes) == ["only"]
    assert "# not certain: Ansible reaches it over winrm, and stems over SSH" in text


def test_what_is_only_mentioned_stays_out(tmp_path: Path) -> None:
    tree = written(
        tmp_path / "homelab", {"hosts.ini": HOSTS, "etc/hosts": "192.0.2.9 printer\n", ".ssh/config": "Host vps\n"}
    )
    text = propose_for(tree.root).text

    assert list(load_cluster(text).nodes) == ["crtr", "prtr"]
    assert "# not certain: only a hosts file names it, which may be a printer or a router\n  # printer:" in text
    assert "# not certain: only one place names it (ssh_config), and other nodes are declared\n  # vps:" in text


def test_without_a_node_there_is_nothing_to_propose(tmp_path: Path) -> None:
    tree = written(tmp_path / "homelab", {"dot_bashrc": "a\n", "etc/hosts": "192.0.2.9 printer\n"})
    with pytest.raises(UsageError, match="nothing in it says for sure which nodes"):
        propose_for(tree.root)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    tree = written(tmp_path / "homelab", {"hosts.ini": HOSTS, CLUSTER_FILE: "mine\n"})
    proposed = propose_for(tree.root)
    with pytest.raises(UsageError, match="exists, and nothing is overwritten"):
        write_proposed(proposed)

    assert proposed.exists and (tree.root / CLUSTER_FILE).read_text() == "mine\n"


def test_a_folder_that_leads_elsewhere_is_not_written_to(tmp_path: Path) -> None:
    tree = written(tmp_path / "homelab", {"hosts.ini": HOSTS})
    (tmp_path / "elsewhere").mkdir()
    (tree.root / "config").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="leads out of the repository"):
        write_proposed(propose_for(tree.root))

    assert not list((tmp_path / "elsewhere").iterdir())


WORDS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["all", "a", "A.b", "192.0.2.1", "fd00::1", "x_y", "-", "1a", "yes", "null", "a: b", "# c", "x" * 80]
    ),
)
PLACES = st.builds(Place, WORDS, st.integers(0, 3))
SIGHTINGS = st.builds(
    Sighting, WORDS, PLACES, WORDS, st.sampled_from(list(Strength)), st.lists(WORDS, max_size=2).map(tuple),
    st.sampled_from(["", "192.0.2.1", "a.lan", "fd00::2"]), st.sampled_from(["", "me"]), st.sampled_from([0, 22]),
    facts=st.dictionaries(st.sampled_from(["role", "arch", "hostname", "services"]), WORDS),
)  # fmt: skip
EVIDENCE = st.builds(Evidence, PLACES, WORDS)
TOOLS = st.sampled_from(["chezmoi", "ansible", "compose", "files", "stow", "nix"])
DOMAINS = st.builds(
    FoundDomain, st.sampled_from(list(Domain)), TOOLS, WORDS, EVIDENCE,
    entries=st.lists(WORDS.filter(bool), max_size=2).map(tuple),
)  # fmt: skip
SERVICES = st.builds(
    FoundService, WORDS, st.sampled_from(["compose", "systemd", "ansible"]), WORDS, PLACES,
    nodes=st.lists(WORDS, max_size=2).map(tuple), why=st.none() | EVIDENCE, keeps_data=st.booleans(), trouble=WORDS,
)  # fmt: skip


@given(WORDS, st.lists(SIGHTINGS, max_size=5), st.lists(DOMAINS, max_size=4), st.lists(SERVICES, max_size=4))
def test_no_names_are_too_odd(
    name: str, sightings: list[Sighting], domains: list[FoundDomain], services: list[FoundService]
) -> None:
    nodes = nodes_of(sightings)
    found = Assessment(name, "", 0, nodes, tuple(domains), tuple(services), (), (), (), (), (), (), (), ())
    proposal = propose(found)
    if proposal.is_usable:
        cluster = load_cluster(cluster_text(proposal))

        assert set(cluster.nodes) == {one.name for one in proposal.nodes if not one.doubt}
        assert set(cluster.services) == {one.name for one in proposal.services if not one.doubt}
