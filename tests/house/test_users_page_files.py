"""What the person's page does with files, as it is written there: assess, begin from templates, keep `.meta/`."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from stems.__main__ import run
from stems.model.assessment import Question
from tests.support.users_page import SECTIONS, code, plain, points, steps, typed

Type = Callable[..., str]

HAVE = {
    ".chezmoiroot": "home\n",
    "home/dot_bashrc": "export EDITOR=vi\n",
    "home/private_dot_config/private_app/settings": "a = 1\n",
    "ansible/ansible.cfg": "[defaults]\ninventory = hosts.ini\n",
    "ansible/hosts.ini": "[gateway]\ncrtr ansible_host=192.0.2.11\n\n[work]\nprtr ansible_host=192.0.2.12\n",
    "ansible/site.yml": "- name: System\n  hosts: all\n  become: true\n  roles: [base]\n",
    "ansible/roles/base/tasks/main.yml": "- name: Greeting\n  ansible.builtin.copy:\n"
    '    {content: "hello\\n", dest: /etc/motd, mode: "0644"}\n',
    "services/notes/docker-compose.yml": "services:\n  notes:\n    image: notes:latest\n",
    "deploy.sh": f"#!/bin/sh\n{typed('Example: Adding a New Service')[-1]}\n",
}
"""A repository as the page speaks of it: dotfiles, a playbook, a service, and a line that deploys it."""
META = {
    "foundation/principles/README.md": "# What we hold to\n",
    "foundation/standards/README.md": "# How things are written\n",
    "foundation/templates/README.md": "# What we begin with\n",
    "ssot/crtr.yml": "hostname: cooperator\n",
    "whitelists/root.yml": "root: [.meta/, README.md]\n",
}


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The person's home, with `stems` on PATH."""
    folder = tmp_path / "home"
    write(folder, {"bin/stems": f'#!/bin/sh\nexec "{sys.executable}" -m stems "$@"\n'})
    (folder / "bin" / "stems").chmod(0o755)
    return folder


@pytest.fixture
def types(home: Path) -> Type:
    """Type a line in a folder, and get what it prints."""
    who = {"GIT_AUTHOR_NAME": "Me", "GIT_AUTHOR_EMAIL": "me@home.example", "GIT_COMMITTER_NAME": "Me",
           "GIT_COMMITTER_EMAIL": "me@home.example"}  # fmt: skip
    env = {**os.environ, **who, "HOME": str(home), "PATH": f"{home}/bin:{os.environ['PATH']}", "NO_COLOR": "1"}

    def typing(line: str, root: Path = home, *, exits: int = 0) -> str:
        done = subprocess.run(
            ("sh", "-ec", line), cwd=root, env=env, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == exits, f"{line}\n-> {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout if exits == 0 else done.stdout + done.stderr

    return typing


@pytest.fixture
def repository(home: Path, types: Type) -> Path:
    """The repository that the page names, under Git."""
    folder = home / "colab-config"
    write(folder, HAVE)
    types("git init -q -b main && git add -A && git commit -qm 'What we have'", folder)
    return folder


def assessed(types: Type, root: Path) -> Any:
    return json.loads(types("stems assess --json", root))


def test_the_current_state_is_assessed(repository: Path, types: Type, home: Path) -> None:
    """What the three programs are asked for on the page, one command reads from the repository."""
    exists, managed, inventory, runs = typed("For Implementation")
    found = assessed(types, repository)

    listed = {line.split()[-1] for line in types(exists).splitlines()[1:]} - {".", "..", ".git"}
    assert listed == {name.split("/")[0] for name in HAVE}
    assert found["repository"]["files"] == len(HAVE)
    assert {node["name"] for node in found["nodes"]} == hosts(types, inventory, repository)
    domains = {one["tool"]: one for one in found["domains"]}
    assert (managed.split()[0], runs.split()[0]) == ("chezmoi", "docker")
    assert domains["chezmoi"]["root"] == "home" and domains["chezmoi"]["about"].startswith("2 ")
    assert [service["name"] for service in found["services"]] == ["notes"]


def hosts(types: Type, command: str, repository: Path) -> set[str]:
    """Those of the real `ansible-inventory --list` where there is one, and of the file elsewhere."""
    program = Path(sys.executable).with_name(command.split(maxsplit=1)[0])
    if not program.exists():
        return {"crtr", "prtr"}
    return set(json.loads(types(f"{program.parent}/{command}", repository / "ansible"))["_meta"]["hostvars"])


GAPS = [point for point in points("For Implementation") if point.endswith("?")]


def test_gaps_are_identified_by_the_four_questions(repository: Path, types: Type) -> None:
    found = assessed(types, repository)

    assert [one["question"] for one in found["questions"]] == GAPS == [question.value for question in Question]
    # Each of them is true of what somebody has who has nothing but files.
    assert all(one["gaps"] for one in found["questions"])
    assert all(gap["message"] for one in found["questions"] for gap in one["gaps"])


def test_one_component_is_started_with(repository: Path, types: Type) -> None:
    """Validation first, templates next, documented on the way; each iteration leaves less."""
    apply, iterate = (plain(step) for step in steps("For Implementation")[2:])
    assert (apply, iterate) == ("Apply Methodology", "Iterate")
    before = assessed(types, repository)
    # What judges a commit needs to know the nodes: without the cluster file it refuses every one.
    assert [step["title"] for step in before["steps"][:2]] == [
        "Write down nodes, domains and services in one place",
        "Have every commit judged before it is made",
    ]
    assert len(before["steps"]) == len(GAPS) - 1  # not everything at once

    for how in _as_it_is_said(before):
        types(how, repository)
    types("git add -A && git commit -qm 'Have every commit judged'", repository)

    after = assessed(types, repository)
    done = {step["title"] for step in before["steps"]}
    assert done.isdisjoint(step["title"] for step in after["steps"]), after["steps"]
    assert "Make one file a template" in [step["title"] for step in after["steps"]]
    assert _gaps(after) < _gaps(before)


def _as_it_is_said(found: Any) -> list[str]:
    """The three steps as a person types them who reads how."""
    adopt, hook, pin = (step["how"] for step in found["steps"])
    path = re.findall(r"write (\S+),", hook)[0]
    line, sets = re.findall(r"`((?:stems|git) [^`]+)`", hook)
    (adopts,) = re.findall(r"`(stems adopt[^`]+)`", adopt)
    assert "tag" in pin
    return [
        adopts,
        f"mkdir -p $(dirname {path}); printf '#!/bin/sh\\nexec {line}\\n' >{path}; chmod +x {path}; {sets}",
        "sed -i s/notes:latest/notes:1.2/ services/notes/docker-compose.yml",
    ]


def _gaps(found: Any) -> int:
    return sum(len(one["gaps"]) for one in found["questions"])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "begun"
    assert run(["init", str(folder), "--yes"]) == 0
    return folder


@pytest.fixture
def begun(made: Path, home: Path) -> Path:
    """A repository with the methodology in it, where the page's commands are typed."""
    # `cp` makes one folder, not two: the person has one for services.
    (home / "services").mkdir()
    return Path(shutil.copytree(made, home / "begun"))


COPIES = typed("For New Projects")


def _target(copy: str) -> str:
    return copy.rsplit(maxsplit=1)[-1]


@pytest.mark.parametrize("copy", COPIES, ids=_target)
def test_what_is_copied_works(copy: str, begun: Path, types: Type, home: Path) -> None:
    """As it is written, from the repository that has `.stems/`; then `validate.sh` of the copy has nothing to say."""
    types(copy, begun)

    target = Path(_target(copy).replace("~", str(home)))
    source = begun / copy.split()[-2]
    assert sorted(one.relative_to(target) for one in target.rglob("*")) == sorted(
        one.relative_to(source) for one in source.rglob("*")
    )
    for line in AFTER[source.name]:
        assert "✓ valid" in types(line.format(begun=begun), target)


AFTER = {
    "repository": ["git init -q; ./validate.sh"],
    "node-config": ["./validate.sh", "./validate.sh --cluster {begun}"],
    "service": [
        "./validate.sh --cluster {begun}",
        # Without a cluster it is Compose that is asked: tests/cluster/test_users_page.py.
        "to={begun}/services/new-service; cp -R . $to; rm -r $to/systemd; $to/validate.sh",
    ],
}


def test_every_template_is_copied() -> None:
    assert sorted(copy.split()[-2].rstrip("/").split("/")[-1] for copy in COPIES) == sorted(AFTER)


def test_a_mistake_in_a_copied_node_is_found(begun: Path, types: Type, home: Path) -> None:
    types(COPIES[1], begun)
    variables = home / "node-setup" / "variables.yml"
    line = next(number for number, text in enumerate(variables.read_text().splitlines(), 1) if "arch:" in text)
    variables.write_text(variables.read_text().replace("arch: x86_64", "arch: x86"))

    said = types("./validate.sh", home / "node-setup", exits=3)

    assert f"config/cluster.yml:{line + 2}:" in said and "STM104" in said
    assert "is line 3 of config/cluster.yml" in said


SERVICE = "services/app/docker-compose.yml"


def test_the_new_service_of_the_page_is_judged(begun: Path, types: Type) -> None:
    """`version` and `latest` are found where they stand, explained, and what needs no judgement is mended."""
    compose = code("Example: Adding a New Service")[0]
    services = yaml.safe_load(compose)["services"]
    write(begun, {SERVICE: compose})
    cluster = begun / "config/cluster.yml"
    cluster.write_text(
        cluster.read_text().replace("\nservices:\n", "\nservices:\n  app: {node: gate, reason: To try it}\n")
    )

    found = json.loads(types("stems validate --all --no-linters --json", begun))["findings"]

    lines = compose.splitlines()
    places = {one["code"]: (one["path"], one["line"]) for one in found}
    assert places["STM523"] == (SERVICE, lines.index("version: '3.8'") + 1)
    assert places["STM510"] == (SERVICE, next(at for at, text in enumerate(lines, 1) if ":latest" in text))
    assert {one["severity"] for one in found} <= {"warning", "note"}, "the page's own example is deployed all the same"
    for each in ("STM523", "STM510"):
        assert "what to do instead" in types(f"stems explain {each}")
    types("stems validate --fix --no-linters", begun)
    mended = (begun / SERVICE).read_text()
    assert "version" not in mended and yaml.safe_load(mended)["services"] == services


def test_both_trees_are_side_by_side(repository: Path, types: Type) -> None:
    """The same table as on the page, each row with the command that serves it, where `stems init` is typed."""
    write(repository, {f".meta/{name}": text for name, text in META.items()})

    said = types("stems init --yes", repository)

    rows = dict(re.findall(r"^  (\.meta/\S+) +(\.stems/\S+) +`stems \w+.+$", said, re.MULTILINE))
    assert rows == {f".meta/{meta}": f".stems/{stems}" for meta, stems in SIDE_BY_SIDE.items()}
    for meta, stems in rows.items():
        assert (repository / meta).is_dir() and (repository / stems).exists()
    tree = SECTIONS["How .stems/ Complements .meta/"]
    for name in (part for path in (*SIDE_BY_SIDE, *SIDE_BY_SIDE.values()) for part in path.rstrip("/").split("/")):
        assert name in tree


SIDE_BY_SIDE = {
    "foundation/principles/": "PRINCIPLES.md",
    "foundation/standards/": "METHODOLOGY.md",
    "foundation/templates/": "templates/",
    "ssot/": "CLUSTER-PATTERNS.md",
    "whitelists/": "LIFECYCLE.md",
}


def test_every_folder_of_the_table_is_there() -> None:
    drawn = re.findall(r"[├└]── (\w+/)", SECTIONS["How .stems/ Complements .meta/"])

    assert {name for name in drawn} == {part + "/" for path in SIDE_BY_SIDE for part in path.rstrip("/").split("/")}


def test_a_whitelist_is_kept_to(repository: Path, types: Type) -> None:
    """Its row says that `stems validate` reads it as rules of structure."""
    write(repository, {f".meta/{name}": text for name, text in META.items()})

    found = json.loads(types("stems validate --all --no-linters --json", repository, exits=3))["findings"]

    assert any(one["stage"] == "structure" and one["path"] == "deploy.sh" for one in found), found


def test_nothing_has_to_be_migrated(repository: Path, types: Type) -> None:
    """What is there stays as it is, byte for byte, and the methodology can be read beside it."""
    before = {f".meta/{name}": text for name, text in META.items()} | HAVE
    write(repository, {f".meta/{name}": text for name, text in META.items()})
    types("stems init --yes", repository)

    assert {name: (repository / name).read_text() for name in before} == before
    said = " ".join(types("stems guide migration path", repository).split())
    for step in steps("Migration Path"):
        verb, *others = WAYS[plain(step).split(" for ")[0].split(" that ")[0].split(" if/when ")[0]]
        assert re.search(rf"\b{verb}\b", said, re.IGNORECASE) and all(other in said for other in others), step


WAYS = {
    "Keep .meta/": ("keep", ".meta/"),
    "Use .stems/": ("use", ".stems/"),
    "Gradually adopt patterns": ("adopt", "patterns", "gradually"),
    "Eventually merge": ("merge", "eventually"),
}
