"""`stems init` makes a repository that is valid at once, adds beside what is there, and overwrites nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from stems.__main__ import run
from stems.configuration.load import load_cluster
from stems.infrastructure.command import Effect
from stems.infrastructure.local import LocalRunner
from stems.lifecycle.init.cluster_file import Beginning, FirstNode, cluster_text
from stems.lifecycle.init.manifest import blob_id, read, written
from stems.lifecycle.template import methodology_files
from stems.lifecycle.validate import validate_working_tree
from stems.model.change import Domain
from stems.tools.git.command import git_command

GATE = "gate=pi@198.51.100.7"
CLUSTER = "config/cluster.yml"


def init(folder: Path, *options: str) -> int:
    return run(["init", str(folder), "--yes", *options])


def files(folder: Path) -> dict[str, str]:
    found = (path for path in folder.rglob("*") if path.is_file() and ".git" not in path.relative_to(folder).parts)
    return {path.relative_to(folder).as_posix(): path.read_text() for path in found}


def domains(folder: Path) -> set[str]:
    declared = load_cluster((folder / CLUSTER).read_text()).domains
    return {domain.value for domain in Domain if getattr(declared, domain.value)}


def findings(folder: Path) -> list[str]:
    return [str(finding) for finding in validate_working_tree(folder).findings]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "colab-config"
    folder.mkdir()
    assert LocalRunner().run(git_command(folder, "init", "--quiet", "--initial-branch=main")).ok
    return folder


def test_an_empty_folder_becomes_a_valid_repository(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "colab-config"

    assert init(folder, "--node", GATE, "--node", "two=me@host.example:2222") == 0

    assert findings(folder) == []
    cluster = load_cluster((folder / CLUSTER).read_text())
    assert (cluster.name, cluster.rollout.pilot, cluster.rollout.order) == ("colab", "gate", ("gate", "two"))
    assert cluster.nodes["two"].ssh.port == 2222 and cluster.services["hello"].nodes == ("gate",)
    assert os.access(folder / "validate.sh", os.X_OK) and not os.access(folder / "README.md", os.X_OK)
    assert not LocalRunner().run(git_command(folder, "rev-parse", "HEAD")).ok, "a commit is the person's to make"


def test_the_tree_lies_in_it_as_it_is_shipped(repository: Path) -> None:
    init(repository)

    there = {
        path.removeprefix(".stems/"): text for path, text in files(repository).items() if path.startswith(".stems")
    }
    assert there.pop("MANIFEST")
    assert there == {file.path: file.text for file in methodology_files()}


def test_a_second_time_there_is_nothing_to_do(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    init(repository)
    before = files(repository)

    assert init(repository) == 0
    assert "nothing to write" in capsys.readouterr().out
    assert files(repository) == before


def test_without_somebody_to_ask_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", str(tmp_path / "new")]) == 2

    said = capsys.readouterr()
    assert "config/cluster.yml" in said.out and "--yes" in said.err
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("first", [domain.value for domain in Domain])
def test_one_domain_at_a_time_is_valid_at_each_step(repository: Path, first: str) -> None:
    init(repository, "--only", first)
    assert findings(repository) == []
    assert domains(repository) == {first}
    text = (repository / CLUSTER).read_text().replace("timezone: UTC}", "timezone: UTC}  # mine")
    (repository / CLUSTER).write_text(text)

    rest = [domain.value for domain in Domain if domain.value != first]
    for other in rest:
        assert init(repository, "--only", other) == 0
        assert findings(repository) == []
    assert domains(repository) == {domain.value for domain in Domain}
    assert "timezone: UTC}  # mine" in (repository / CLUSTER).read_text(), "comments stay"
    assert "hello" in load_cluster((repository / CLUSTER).read_text()).services


def test_files_that_are_there_stay(repository: Path) -> None:
    (repository / "README.md").write_text("mine\n")
    (repository / ".gitignore").write_text(".env\n")

    assert init(repository) == 0

    there = files(repository)
    assert (there["README.md"], there[".gitignore"]) == ("mine\n", ".env\n")
    assert CLUSTER in there


def test_a_folder_that_somebody_has_is_not_declared_for_him(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "dotfiles").mkdir()
    (repository / "dotfiles" / ".vimrc").write_text("set number\n")

    assert init(repository, "--json") == 0

    said = json.loads(capsys.readouterr().out)
    assert said["domains"] == ["system", "services"] and "user" in said["notes"][0]
    assert [path for path in files(repository) if path.startswith("dotfiles/")] == ["dotfiles/.vimrc"]


def test_a_repository_that_names_machines_is_left_to_adopt(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "ansible").mkdir()
    (repository / "ansible" / "inventory.ini").write_text("[all]\none ansible_host=192.0.2.1\n")
    (repository / "ansible" / "ansible.cfg").write_text("[defaults]\ninventory = inventory.ini\n")
    (repository / ".meta" / "ssot").mkdir(parents=True)
    (repository / ".meta" / "ssot" / "nodes.yml").write_text("nodes: [one]\n")

    assert init(repository, "--only", "services") == 0

    said = capsys.readouterr().out
    assert "stems adopt" in said and "no domain is added" in said
    new = [path for path in files(repository) if not path.startswith((".stems/", "ansible/", ".meta/"))]
    assert new == [] and (repository / ".stems" / "README.md").exists()
    assert files(repository / ".meta") == {"ssot/nodes.yml": "nodes: [one]\n"}


def test_what_was_interrupted_can_be_done_again(repository: Path) -> None:
    init(repository)
    whole = files(repository)
    (repository / CLUSTER).unlink()

    assert init(repository) == 0
    assert files(repository) == whole


def test_a_folder_inside_of_a_repository_is_refused(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert init(repository / "inner") == 2
    assert "lies in the repository" in capsys.readouterr().err


def test_a_repository_without_files_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bare = tmp_path / "colab.git"
    assert LocalRunner().run(git_command(tmp_path, "init", "--quiet", "--bare", str(bare))).ok
    before = files(bare)

    assert init(bare) == 2
    assert "without a working tree" in capsys.readouterr().err
    assert files(bare) == before


def test_lists_of_what_may_lie_where_are_the_persons(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / ".meta" / "whitelists").mkdir(parents=True)
    (repository / ".meta" / "whitelists" / "root.yml").write_text("root: [.meta/]\n")

    assert init(repository) == 0
    assert ".meta/whitelists says what may lie where" in capsys.readouterr().out
    assert files(repository / ".meta") == {"whitelists/root.yml": "root: [.meta/]\n"}


META = {
    "foundation/principles": ("PRINCIPLES.md", "stems explain P1"),
    "foundation/standards": ("METHODOLOGY.md", "stems validate"),
    "foundation/templates": ("templates/", "stems new"),
    "ssot": ("CLUSTER-PATTERNS.md", "stems discover"),
    "whitelists": ("LIFECYCLE.md", "stems validate"),
}


def test_both_trees_are_shown_side_by_side(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each part of `.meta/` with the page of `.stems/` and the command between them; once, at the beginning."""
    for part in META:
        (repository / ".meta" / part).mkdir(parents=True)

    assert init(repository) == 0
    said = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines() if line.startswith("  .meta/")]
    for line, (part, (page, command)) in zip(said, META.items(), strict=True):
        assert line.startswith(f".meta/{part}/ .stems/{page} `") and f"`{command}`" in line
        assert (repository / ".stems" / page).exists()

    assert init(repository) == 0
    assert ".meta/" not in capsys.readouterr().out


def test_only_what_is_there_of_meta_is_shown(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / ".meta" / "ssot").mkdir(parents=True)

    assert init(repository, "--json") == 0

    assert json.loads(capsys.readouterr().out)["beside"] == [
        {"meta": ".meta/ssot/", "stems": ".stems/CLUSTER-PATTERNS.md", "command": "`stems discover` writes into it"}
    ]


def test_a_tree_that_was_copied_by_hand_gets_its_list(repository: Path) -> None:
    init(repository)
    (repository / ".stems" / "MANIFEST").unlink()
    (repository / ".stems" / "README.md").write_text("# Ours\n")

    assert init(repository) == 0
    assert (repository / ".stems" / "README.md").read_text() == "# Ours\n"
    shipped = read((repository / ".stems" / "MANIFEST").read_text())
    assert shipped.keys() == {file.path for file in methodology_files()}


def test_an_update_is_told_file_by_file(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    init(repository)
    page = repository / ".stems" / "README.md"
    shipped = page.read_text()
    page.write_text("# An older page\n")
    _pretend_shipped(repository, "README.md", page.read_bytes())
    commit(repository)
    capsys.readouterr()

    assert run(["init", str(repository), "--update"]) == 2, "nobody was asked"
    assert page.read_text() == "# An older page\n"
    assert run(["init", str(repository), "--update", "--yes"]) == 0
    said = capsys.readouterr().out
    assert ".stems/README.md  replaced" in said and "git diff .stems" in said
    assert page.read_text() == shipped
    commit(repository)
    assert run(["init", str(repository), "--update", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["update"] == []


def _pretend_shipped(repository: Path, path: str, content: bytes) -> None:
    """As if an earlier version had brought this."""
    manifest = repository / ".stems" / "MANIFEST"
    shipped = {**read(manifest.read_text()), path: (blob_id(content, "sha1"),)}
    manifest.write_text(written(shipped))


def commit(repository: Path) -> None:
    who = ("-c", "user.name=Me", "-c", "user.email=me@home.example", "-c", "commit.gpgSign=false")
    for words in (("add", "--all"), ("commit", "--quiet", "--message", "Go on")):
        assert LocalRunner().run(git_command(repository, *who, *words, effect=Effect.WRITES)).ok


def test_a_link_that_leads_elsewhere_is_not_followed(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (repository / "config").symlink_to(tmp_path / "elsewhere")

    assert init(repository) == 2
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize(
    "options",
    [
        ["--node", "gate"],
        ["--node", "Gate=pi@198.51.100.7"],
        ["--node", "gate=pi@198.51.100.7:99999"],
        ["--node", "gate=pi@198.51.100.7:0"],
        ["--node", "gate=pi@198.51.100.7:"],
        ["--node", "gate=p i@198.51.100.7"],
        ["--node", "gate=pi@-oProxyCommand"],
        ["--node", GATE, "--node", GATE],
        ["--name", "No Name"],
        ["--update", "--name", "colab"],
    ],
)
def test_what_is_no_name_is_refused(repository: Path, options: list[str]) -> None:
    assert init(repository, *options) == 2
    assert files(repository) == {}


def test_names_that_yaml_takes_for_something_else_stay_names() -> None:
    text = cluster_text(Beginning("null", (FirstNode("true", "10.0", "no"), FirstNode("off", "::1", "on", 22))))

    cluster = load_cluster(text)
    assert cluster.name == "null" and list(cluster.nodes) == ["true", "off"]
    assert (cluster.nodes["true"].ssh.host, cluster.nodes["off"].ssh.user) == ("10.0", "on")


def test_an_address_of_six_has_brackets() -> None:
    assert FirstNode.parse("gate=me@[2001:db8::1]:2222") == FirstNode("gate", "2001:db8::1", "me", 2222)
    assert FirstNode.parse("gate=alias") == FirstNode("gate", "alias")
