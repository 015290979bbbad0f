"""Each gap is found where it is, with the places that show it, and not where it is none."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from stems.lifecycle.assess import see
from stems.lifecycle.assessment.gaps import gaps_of
from stems.lifecycle.assessment.steps import steps_of
from stems.model.assessment import Effort, Gap, Pillar, Question, Step
from stems.tools.git.snapshot import Message
from tests.unit.lifecycle.assessment.trees import looked

WEB = "services:\n  web:\n    image: nginx:1.27\n"
HOSTS = "[a]\ncrtr ansible_host=192.0.2.1\nprtr ansible_host=192.0.2.2\n"
PINNED = """
    services:
      a: {image: "nginx:${TAG}"}
      b: {build: ., image: mine}
      c: {image: "x:latest@sha256:a"}
    """
ADDRESS = "192.0.2.1\n"
PLAY = "- hosts: all\n  tasks: []\n"
CI = "jobs: {a: {steps: [{run: yamllint .}]}}\n"
CLUSTER = """
    version: 1
    cluster: {name: home}
    checkout: ~/home-config
    nodes: {crtr: {hostname: crtr, ssh: {host: 192.0.2.1}}}
    domains: {services: {tool: compose, source: services}}
    services: {web: {node: crtr}}
    """


def commits(*subjects: str, body: bool = True) -> tuple[Message, ...]:
    return tuple(Message("1" * 40, "", subject, body) for subject in subjects)


GOOD = commits("Add the web service")


def gaps(root: Path, files: Mapping[str, str], messages: tuple[Message, ...] | None = GOOD) -> tuple[Gap, ...]:
    return gaps_of(see(looked(root, files, messages=messages)))


CASES: Mapping[str, tuple[Mapping[str, str], Mapping[str, str]]] = {
    "nothing judges a change": ({"web/compose.yml": WEB}, {"web/compose.yml": WEB, ".github/workflows/a.yml": CI}),
    "nothing runs them by itself": (
        {"web/compose.yml": WEB, ".yamllint": "a: 1\n"},
        {"web/compose.yml": WEB, ".yamllint": "a: 1\n", ".pre-commit-config.yaml": "repos: []\n"},
    ),
    "no config/cluster.yml: 2 nodes": (
        {"hosts.ini": HOSTS},
        {"config/cluster.yml": CLUSTER, "services/web/compose.yml": WEB},
    ),
    "no config/cluster.yml: 1 node could": (
        {"hosts.ini": "[a]\ncrtr ansible_host=192.0.2.1\n", ".ssh/config": "Host vps\n"},
        {"hosts.ini": "[a]\ncrtr ansible_host=192.0.2.1\nvps\n", ".ssh/config": "Host vps\n"},
    ),
    "Compose projects started by scripts: 1 place": (
        {"web/compose.yml": WEB, "up.sh": "cd web\ndocker compose -f compose.yml up -d\n"},
        {"web/compose.yml": WEB, "up.sh": "# docker compose up\ndocker compose ps\necho docker compose up\n"},
    ),
    "changes to the system by scripts: 2 places": (
        {"fw.sh": "ufw allow 22/tcp\nsudo ./more.sh\n"},
        {"dot_bashrc": "a\n", "run_once_fw.sh": "ufw allow 22/tcp\nsudo ./more.sh\n"},
    ),
    "nothing else says which nodes": ({"web/compose.yml": WEB}, {"web/compose.yml": WEB, "hosts.ini": HOSTS}),
    "no template and no variable": (
        {"hosts.ini": HOSTS, "site.yml": PLAY},
        {"hosts.ini": HOSTS, "site.yml": PLAY, "group_vars/all.yml": "a: 1\n"},
    ),
    "1 service written out once for each node: web": (
        {"hosts.ini": HOSTS, "crtr/web/compose.yml": WEB, "prtr/web/compose.yml": WEB},
        {"hosts.ini": HOSTS, "crtr/web/compose.yml": WEB, "prtr/dns/compose.yml": WEB},
    ),
    "the address of crtr is written out in 3 files": (
        {"hosts.ini": HOSTS, "a.conf": "192.0.2.1\n", "b.conf": "x 192.0.2.1:80\n"},
        {"hosts.ini": HOSTS, "a.conf": "192.0.2.1\n", "b.conf": "192.0.2.10 1192.0.2.1\n", "docs/c.md": ADDRESS},
    ),
    "no env.template says which values": (
        {"web/compose.yml": WEB + "    user: ${WHO}\n"},
        {"web/compose.yml": WEB + "    user: ${WHO}\n", "web/env.template": "WHO=\n"},
    ),
    "nothing here brings a change to a node": (
        {"web/compose.yml": WEB},
        {"web/compose.yml": WEB, "up.sh": "ssh crtr 'docker compose up -d'\n"},
    ),
    "loops over nodes in scripts": (
        {"up.sh": "for node in a b; do ssh $node x; done\n"},
        {"up.sh": "ls\n", "hosts.ini": HOSTS},
    ),
    "no tool owns it": ({"up.sh": "sudo apt install x\n"}, {"up.sh": "sudo apt install x\n", "site.yml": PLAY}),
    "2 tools for the user domain": (
        {"a/dot_bashrc": "a\n", "b/.stowrc": "a\n"},
        {"a/dot_bashrc": "a\n", "a/dot_vimrc": "a\n"},
    ),
    "1 image changes without a commit": (
        {"web/compose.yml": "x-a: &a\n  image: a:latest\nservices:\n  b: *a\n  c: *a\n"},
        {"web/compose.yml": PINNED},
    ),
    "no README at the top": ({"web/compose.yml": WEB}, {"web/compose.yml": WEB, "README.md": "a\n"}),
    "no decision records": ({"web/compose.yml": WEB}, {"web/compose.yml": WEB, "docs/adr/0001.md": "a\n"}),
}  # fmt: skip


@pytest.mark.parametrize("words", CASES)
def test_a_gap_is_found_where_it_is_and_only_there(tmp_path: Path, words: str) -> None:
    there, gone = CASES[words]
    found = [gap for gap in gaps(tmp_path / "there", there) if words in gap.message]
    others = [gap.message for gap in gaps(tmp_path / "gone", gone)]

    assert len(found) == 1
    assert not any(words in message for message in others), others
    for one in found[0].evidence:
        assert one.place.path in there


def test_a_gap_in_history(tmp_path: Path) -> None:
    def told(name: str, messages: tuple[Message, ...] | None) -> list[str]:
        found = gaps(tmp_path / name, {"web/compose.yml": WEB}, messages)
        return [gap.message for gap in found if "commit" in gap.message or "Git" in gap.message]

    assert told("none", None) == ["no Git history: nobody can tell what was changed, when or why"]
    assert told("good", GOOD * 9) == []
    assert told("few", commits("update", "wip")) == []
    assert told("vague", commits("update", "fix", "wip", "Add a", "Add b")) == [
        "3 of the last 5 commits do not say what they change"
    ]
    assert told("bare", commits(*"abcde", body=False))[0].startswith("5 of the last 5")
    bare = commits("Add a", "Add b", "Add c", "Move d", "Pin e", body=False)
    assert told("no reasons", bare) == ["none of the last 5 commits gives a reason below its subject"]


def test_a_hook_comes_after_the_cluster_file_that_it_judges(tmp_path: Path) -> None:
    def steps(name: str, files: Mapping[str, str]) -> list[str]:
        return [step.title for step in steps_of(gaps(tmp_path / name, files))]

    hook = "Have every commit judged before it is made"
    assert steps("known", {"hosts.ini": HOSTS})[:2] == ["Write down nodes, domains and services in one place", hook]
    assert steps("unknown", {"web/compose.yml": WEB})[0] == "Say which nodes there are"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"Makefile": "lint:\n\tyamllint .\n"}, "with `make lint` below"),
        ({"scripts/check.sh": "true\n"}, "with `./scripts/check.sh` below"),
        ({".yamllint": "a: 1\n"}, "with `stems validate --changed` below"),
    ],
)
def test_a_hook_runs_the_checks_that_are_there(tmp_path: Path, files: Mapping[str, str], expected: str) -> None:
    found = [gap.step for gap in gaps(tmp_path, {"web/compose.yml": WEB, **files}) if "by itself" in gap.message]

    assert found[0] and expected in found[0].how


def test_every_repeated_address_is_named(tmp_path: Path) -> None:
    files = {
        "hosts.ini": HOSTS,
        "a.conf": "192.0.2.1 192.0.2.2\n",
        "b.conf": "192.0.2.2\n192.0.2.1\n",
        "c": "192.0.2.2\n",
    }
    found = [gap for gap in gaps(tmp_path, files) if "written out" in gap.message]

    assert [gap.message for gap in found] == ["the address of prtr is written out in 4 files, of crtr in 3"]
    assert [(one.place.path, one.says) for one in found[0].evidence][:1] == [("a.conf", "192.0.2.2")]


def test_the_steps_are_those_that_pay_most_smallest_first() -> None:
    def gap(title: str, effort: Effort, worth: int) -> Gap:
        return Gap(Question.MANUAL, Pillar.GIT, title, step=Step(title, title, effort, worth))

    found = steps_of([
        gap("a", Effort.EVENING, 90), gap("b", Effort.MINUTES, 10), gap("c", Effort.MINUTES, 50),
        gap("d", Effort.HOUR, 70), gap("c", Effort.MINUTES, 50), Gap(Question.MANUAL, Pillar.GIT, "none"),
    ])  # fmt: skip

    assert [step.title for step in found] == ["c", "d", "a"]


def test_every_gap_has_a_pillar_that_shows_it(tmp_path: Path) -> None:
    for name, (there, _) in CASES.items():
        for gap in gaps(tmp_path / str(abs(hash(name))), there):
            assert gap.message and not gap.message.endswith(".") and gap.question in Question
            assert gap.step is None or (gap.step.how and gap.step.title)
