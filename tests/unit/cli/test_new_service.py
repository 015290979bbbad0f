"""`stems new service` writes a folder, an entry and a decision that rules have nothing to say about, or nothing."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stems.__main__ import run
from stems.configuration.load import load_cluster
from stems.lifecycle.template import Template
from stems.lifecycle.validate import validate_working_tree
from stems.model.service import Data, Service

TEMPLATES = Path(__file__).parents[3] / "src/stems/methodology/templates"
GRAFANA = ["grafana", "--image", "grafana/grafana:11.3.0", "--port", "3000", "--health", "/api/health"]
UNIT = ["pages", "--systemd", "--command", "/usr/bin/pages --port 9000", "--port", "9000", "--data", "local"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "home-config"
    shutil.copytree(TEMPLATES / Template.REPOSITORY.value, folder)
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    return folder


def new(root: Path, *words: str) -> int:
    return run(["-C", str(root), "new", "service", *words])


def declared(root: Path, name: str) -> Service:
    return load_cluster((root / "config/cluster.yml").read_text()).services[name]


def everything(root: Path) -> dict[str, bytes]:
    files = (path for path in root.rglob("*") if path.is_file() and ".git" not in path.relative_to(root).parts)
    return {str(path.relative_to(root)): path.read_bytes() for path in files}


def findings(root: Path) -> list[str]:
    """Without that its page is still to be written."""
    return [str(finding) for finding in validate_working_tree(root).findings if finding.code != "STM803"]


def test_its_page_is_a_persons_to_write(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new(root, *GRAFANA, "--yes") == 0
    assert "STM803" not in capsys.readouterr().err
    page = root / "services/grafana/README.md"
    found = [finding for finding in validate_working_tree(root).findings if finding.code == "STM803"]

    assert [(one.place.path, one.place.line) for one in found] == [("services/grafana/README.md", 3)]
    page.write_text(page.read_text().replace("What it is for, in one sentence.", "Curves of all nodes."))
    assert validate_working_tree(root).findings == ()


def test_a_project_is_written_declared_and_valid(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (root / "config/cluster.yml").read_text()

    assert new(root, *GRAFANA, "--memory", "512M", "--secret", "GF_SECURITY_ADMIN_PASSWORD", "--yes") == 0

    service = declared(root, "grafana")
    assert (service.nodes, service.data, service.requires.memory) == (("box",), Data.LOCAL, 512 * 1024**2)
    assert {*before.splitlines()} <= {*(root / "config/cluster.yml").read_text().splitlines()}
    assert findings(root) == []
    folder = root / "services/grafana"
    assert {path.name for path in folder.iterdir()} == {
        "README.md", "compose.yml", "deploy.sh", "env.template", "validate.sh",
    }  # fmt: skip
    assert os.access(folder / "deploy.sh", os.X_OK)
    assert "asks for 512M" in (root / "docs/decisions/0002-run-grafana-on-box.md").read_text()
    said = capsys.readouterr().out
    assert "mkdir -p ~/home-config/services/grafana" in said
    assert "`stems deploy`" in said


def test_a_unit_is_written_declared_and_valid(root: Path) -> None:
    assert new(root, *UNIT, "--node", "gate", "--reason", "Near the disk", "--no-decision", "--yes") == 0

    service = declared(root, "pages")
    assert (service.tool, service.nodes, service.reason) == ("systemd", ("gate",), "Near the disk")
    assert findings(root) == []
    assert {path.name for path in (root / "services/pages").iterdir()} == {
        "README.md", "deploy.sh", "pages.service", "validate.sh",
    }  # fmt: skip
    assert len(list((root / "docs/decisions").iterdir())) == 1


@pytest.mark.parametrize("words", [[*GRAFANA, "--yes"], [*UNIT, "--yes"]], ids=["compose", "systemd"])
def test_no_page_says_the_name_of_the_template(root: Path, words: list[str]) -> None:
    assert new(root, *words) == 0

    text = "".join(path.read_text() for path in (root / "services" / words[0]).iterdir())
    assert "new-service" not in text
    assert "From the template" not in text


def test_without_anybody_to_ask_it_says_what_it_would_write(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = everything(root)

    assert new(root, *GRAFANA) == 2

    said = capsys.readouterr()
    assert "services/grafana/compose.yml" in said.out
    assert "a page: Run grafana on box" in said.out
    assert "        node: box" in said.out
    assert "`--yes`" in said.err
    assert everything(root) == before


def test_a_document_says_what_was_written(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new(root, *GRAFANA, "--yes", "--json") == 0

    document = json.loads(capsys.readouterr().out)
    assert (document["schema"], document["node"]) == ("stems.new-service/1", "box")
    assert all((root / path).is_file() for path in document["written"])
    assert document["decision"] in document["written"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["web", "--port", "80"], 2, "--image: must be given where nobody can be asked"),
        (["web", "--image", "a b", "--port", "80"], 2, "a b: not an image"),
        (["web", "--image", "nginx:latest", "--port", "80"], 2, "--image nginx:VERSION"),
        (["web", "--image", "nginx:1.27.5"], 2, "nothing says whether it is well"),
        (["db", "--image", "postgres:16.4", "--port", "5432"], 2, "nothing says whether it is well"),
        (["hello", "--image", "nginx:1.27.5", "--port", "80"], 2, "there is a service hello"),
        (["Web", "--image", "nginx:1.27.5", "--port", "80"], 2, "not a name for a service"),
        ([*GRAFANA, "--node", "nowhere"], 2, "no such node"),
        ([*GRAFANA, "--node", "desk"], 2, "--reason"),
        ([*GRAFANA, "--requires-gpu", "9"], 2, "does not fit"),
    ],
)
def test_what_is_wrong_writes_nothing(
    root: Path, words: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = everything(root)

    assert new(root, *words, "--yes") == code

    assert said in capsys.readouterr().err.replace("\n next: ", " ")
    assert everything(root) == before


def test_a_repository_without_services_is_told_how_to_get_them(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (root / "config/cluster.yml").read_text()
    text = text.replace("  services: {tool: compose, source: services}\n", "")
    (root / "config/cluster.yml").write_text(text.partition("# What runs")[0])

    assert new(root, *GRAFANA, "--yes") == 2

    assert "stems init --only services" in capsys.readouterr().err


def test_a_folder_of_somebody_is_left_alone(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "services/grafana").mkdir()
    (root / "services/grafana/notes.txt").write_text("mine")
    before = everything(root)

    assert new(root, *GRAFANA, "--yes") == 2

    assert "services/grafana/notes.txt: is there already" in capsys.readouterr().err
    assert everything(root) == before


def test_what_was_interrupted_can_be_done_again(root: Path) -> None:
    cluster = (root / "config/cluster.yml").read_text()
    assert new(root, *GRAFANA, "--yes") == 0
    (root / "config/cluster.yml").write_text(cluster)

    assert new(root, *GRAFANA, "--yes", "--no-decision") == 0

    assert "grafana" in (root / "config/cluster.yml").read_text()


def test_a_folder_that_is_a_link_is_not_followed(root: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (root / "services/grafana").symlink_to(tmp_path / "elsewhere")

    assert new(root, *GRAFANA, "--yes") == 2

    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_services_in_flow_style_are_left_to_a_person(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (root / "config/cluster.yml").read_text()
    begin, _, rest = text.partition("services:\n  hello:\n")
    flow = "services: {hello: {node: gate, reason: A first one}}\n"
    (root / "config/cluster.yml").write_text(begin + flow + rest.partition("\n\n")[2])
    before = (root / "config/cluster.yml").read_text()

    assert new(root, *GRAFANA, "--yes") == 0

    assert (root / "config/cluster.yml").read_text() == before
    assert "add under `services`" in capsys.readouterr().out
    assert (root / "services/grafana/compose.yml").is_file()


def test_what_rules_say_of_it_is_told_before(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new(root, "db", "--image", "postgres:18.1", "--port", "5432", "--health", "pg_isready", "--yes") == 0

    assert "warning: services/db/compose.yml:4:12: db: postgres keeps its data in" in capsys.readouterr().err


def answer(root: Path, answers: str, *words: str) -> subprocess.CompletedProcess[str]:
    ours, theirs = pty.openpty()
    try:
        os.write(ours, answers.encode())
        argv = [sys.executable, "-m", "stems", "-C", str(root), "new", "service", *words]
        return subprocess.run(argv, stdin=theirs, capture_output=True, text=True, timeout=60, check=False)
    finally:
        os.close(ours)
        os.close(theirs)


def test_a_person_is_asked_with_what_is_known(root: Path) -> None:
    image, port, health, memory, data, path, node, reason, agreed = (
        "grafana/grafana:11.3.0", "3000", "", "512M", "", "", "gate", "Next to the ingress", "y",
    )  # fmt: skip
    answers = "\n".join((image, port, health, memory, data, path, node, reason, agreed, ""))

    ended = answer(root, answers, "grafana")

    assert ended.returncode == 0, ended.stderr
    service = declared(root, "grafana")
    assert (service.nodes, service.reason, service.data) == (("gate",), "Next to the ingress", Data.LOCAL)
    assert "[/var/lib/grafana]" in ended.stderr
    assert "[box]" in ended.stderr
    assert findings(root) == []


def test_a_wrong_answer_is_asked_for_again(root: Path) -> None:
    wrong = ("nginx:latest", "web", "/a b", "1G1", "much", "data", "nowhere")
    answers = "\n".join((
        wrong[0], "nginx:1.27.5", wrong[1], "8080", wrong[2], "", wrong[3], "64M", wrong[4], "local", wrong[5], "/data",
        wrong[6], "desk", "Quiet", "y", "",
    ))  # fmt: skip

    ended = answer(root, answers, "web")

    assert ended.returncode == 0, ended.stderr
    assert declared(root, "web").nodes == ("desk",)
    assert ended.stderr.count("error: ") == len(wrong)
    assert "Node (box, desk, gate) [box]: " in ended.stderr
    assert "error: nowhere: not one of them\n next: write box or desk or gate\n" in ended.stderr
    assert "Error:" not in ended.stderr


def test_a_node_that_is_none_is_told_before_anything_is_asked(root: Path) -> None:
    ended = answer(root, "", "web", "--node", "nowhere")

    assert (ended.returncode, ended.stderr) == (
        2,
        "error: nowhere: no such node\n next: the nodes are gate, box, desk\n",
    )


def test_wrong_answers_come_to_an_end(root: Path) -> None:
    before = everything(root)

    ended = answer(root, "no image\n" * 9, "web")

    assert (ended.returncode, ended.stderr.count("error: no image: not an image")) == (2, 5)
    assert everything(root) == before


def test_a_person_who_does_not_agree_changes_nothing(root: Path) -> None:
    before = everything(root)

    ended = answer(root, "\n\n\n\n\nn\n", *GRAFANA)

    assert ended.returncode == 130, ended.stderr
    assert everything(root) == before
