"""The stage on a node holds exactly the commit, and building it twice or at once does no harm."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from stems.errors import ToolError
from stems.infrastructure.command import Command, Effect, Result, Watch, script
from stems.infrastructure.guards import Guarded
from stems.infrastructure.local import LocalRunner
from stems.model.node import Node, SshAddress
from stems.tools.git.remote import repository_of
from stems.tools.git.stage import KEPT, look, push_command, stage
from tests.support.scratch import Scratch, site_at

LOCAL = LocalRunner()
GUARDED = Guarded(LOCAL, Effect.READS, Effect.STAGES)


def files(root: Path) -> dict[str, str]:
    return {str(path.relative_to(root)): path.read_text() for path in root.rglob("*") if path.is_file()}


def test_a_node_gets_the_commit_and_its_private_state(scratch: Scratch, tmp_path: Path) -> None:
    (scratch.root / "run").write_text("#!/bin/sh")
    (scratch.root / "run").chmod(0o755)
    sha = scratch.commit({"a b/c": "1", ".gitattributes": "x export-ignore\n"})
    site = site_at(tmp_path / "node", sha=sha, runner=GUARDED)

    made = Path(stage(scratch.open(), sha, site=site, local=GUARDED))

    state = Path(site.state)
    assert str(made) == site.stage
    assert files(made) == {"a b/c": "1", "run": "#!/bin/sh", ".gitattributes": "x export-ignore\n"}
    assert [(made / name).stat().st_mode & 0o777 for name in ("run", "a b/c", "a b")] == [0o755, 0o644, 0o755]
    assert [(state / name).stat().st_mode & 0o777 for name in ("", "stage", "key")] == [0o700, 0o700, 0o600]
    assert len((state / "key").read_text()) == 64
    assert not list((state / "repo.git").glob("hooks/*"))
    assert sorted(path.name for path in state.iterdir()) == ["key", "repo.git", "stage"]


def test_staging_again_keeps_key_and_files_and_pushes_nothing(scratch: Scratch, tmp_path: Path) -> None:
    sha = scratch.commit({"a": "1"})
    site = site_at(tmp_path / "node")
    made = Path(stage(scratch.open(), sha, site=site, local=LOCAL))
    before = (made / "a").stat().st_ino, (Path(site.state) / "key").read_text()

    class NoPush:
        place = "controller"

        def run(self, command: Command, *, watch: Watch | None = None) -> Result:
            raise AssertionError(command)

    stage(scratch.open(), sha, site=site, local=NoPush())

    assert ((made / "a").stat().st_ino, (Path(site.state) / "key").read_text()) == before


def test_a_stage_that_somebody_edited_is_built_again(scratch: Scratch, tmp_path: Path) -> None:
    sha = scratch.commit({"a": "1", "b": "2"})
    site = site_at(tmp_path / "node")
    made = Path(stage(scratch.open(), sha, site=site, local=LOCAL))
    (made / "a").write_text("edited")
    (made / "b").unlink()
    (made / "c").write_text("new")

    stage(scratch.open(), sha, site=site, local=LOCAL)

    assert files(made) == {"a": "1", "b": "2"}
    assert not list(made.parent.glob(".build*"))


def test_many_plans_at_once_do_not_disturb_one_another(scratch: Scratch, tmp_path: Path) -> None:
    sha = scratch.commit({f"f{number}": "x" * number for number in range(50)})
    site = site_at(tmp_path / "node")
    repository = scratch.open()

    with ThreadPoolExecutor(6) as pool:
        folders = set(pool.map(lambda _: stage(repository, sha, site=site, local=LOCAL), range(6)))

    assert len(folders) == 1
    assert len(files(Path(folders.pop()))) == 50
    assert sorted(path.name for path in Path(site.state).iterdir()) == ["key", "repo.git", "stage"]


def test_old_stages_go_unless_they_were_used_lately(scratch: Scratch, tmp_path: Path) -> None:
    site = site_at(tmp_path / "node")
    shas = [scratch.commit({"a": str(number)}) for number in range(KEPT + 3)]
    repository = scratch.open()
    made = [Path(stage(repository, sha, site=site, local=LOCAL)) for sha in shas[:-1]]
    for number, folder in enumerate(made):
        os.utime(folder, (number, number))
    os.utime(made[1])

    stage(repository, shas[-1], site=site, local=LOCAL)

    left = {path.name for path in made[0].parent.iterdir() if path.is_dir()}
    assert left == {shas[1], *shas[-KEPT + 1 :]}


def test_an_earlier_commit_can_be_staged_after_a_later_one(scratch: Scratch, tmp_path: Path) -> None:
    first = scratch.commit({"a": "1"})
    second = scratch.commit({"a": "2"})
    site = site_at(tmp_path / "node")
    repository = scratch.open()

    for sha, content in ((second, "2"), (first, "1")):
        assert files(Path(stage(repository, sha, site=site, local=LOCAL))) == {"a": content}


def test_a_shallow_clone_is_told_how_to_go_on(scratch: Scratch, tmp_path: Path) -> None:
    scratch.commit({"a": "1"})
    sha = scratch.commit({"a": "2"})
    scratch.git("clone", "-q", "--depth=1", f"file://{scratch.root}", str(tmp_path / "shallow"))
    shallow = type(scratch.open()).find(tmp_path / "shallow", LOCAL)
    site = site_at(tmp_path / "node")

    with pytest.raises(ToolError, match="shallow clone") as refused:
        stage(shallow, sha, site=site, local=LOCAL)
    assert "--unshallow" in refused.value.remedy
    stage(scratch.open(), sha, site=site, local=LOCAL)
    stage(shallow, sha, site=site, local=LOCAL)


@pytest.mark.parametrize(("version", "problem"), [("1.8.3.1", "too old"), ("2.29.2", "too old"), ("", "is not there")])
def test_git_that_is_missing_or_too_old_is_named(
    scratch: Scratch, tmp_path: Path, version: str, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha = scratch.commit({"a": "1"})
    repository = scratch.open()
    programs = tmp_path / "bin"
    programs.mkdir()
    if version:
        (programs / "git").write_text(f"#!/bin/sh\necho git version {version}\n")
        (programs / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))

    with pytest.raises(ToolError, match=problem) as refused:
        stage(repository, sha, site=site_at(tmp_path / "node"), local=LOCAL)
    assert "2.30" in refused.value.remedy


def test_a_state_folder_that_cannot_be_made_is_an_error(scratch: Scratch, tmp_path: Path) -> None:
    sha = scratch.commit({"a": "1"})
    (tmp_path / "node").touch()

    with pytest.raises(ToolError, match="prtr: the stage cannot be made"):
        stage(scratch.open(), sha, site=site_at(tmp_path / "node"), local=LOCAL)


def test_the_probe_says_whether_a_commit_is_there(scratch: Scratch, tmp_path: Path) -> None:
    sha = scratch.commit({"a": "1"})
    site = site_at(tmp_path / "node")
    stage(scratch.open(), sha, site=site, local=LOCAL)

    said = [LOCAL.run(script(look(site.state, name), Effect.READS)).text for name in (sha, "f" * 40)]

    assert said == ["there\n", "wanted\n"]


def test_the_push_goes_through_the_ssh_of_the_runner(scratch: Scratch, tmp_path: Path) -> None:
    sha = scratch.commit({"a": "1"})
    site = replace(site_at(tmp_path), is_local=False, ssh=("-o", "UserKnownHostsFile=/a b"))

    command = push_command(scratch.open(), sha, site=site)

    assert command.env["GIT_SSH_COMMAND"] == "ssh -o 'UserKnownHostsFile=/a b'"
    assert command.argv[-2:] == (f"prtr.example:{site.state}/repo.git", f"{sha}:refs/stems/commits/{sha}")
    assert command.effect is Effect.STAGES
    assert repository_of(replace(site, node=Node("a", "a", SshAddress("::1")))) == f"[::1]:{site.state}/repo.git"
