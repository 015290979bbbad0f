"""What is kept before an act comes back exactly, absence included, and a later edit is never overwritten."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stems.infrastructure.before import changed_since, keep, parse_changed, parse_put_back, put_back, seal
from stems.infrastructure.command import Command, Effect, Result
from stems.infrastructure.local import LocalRunner

SHELLS = [["/bin/sh"]] + [["busybox", "sh"] for found in [shutil.which("busybox")] if found]
ODD = 'it\'s $(touch no) `x` "q" \\ é ☂ *'


@pytest.fixture(params=SHELLS, ids=lambda shell: shell[-1])
def shell(request: pytest.FixtureRequest) -> list[str]:
    return list(request.param)


def run(shell: list[str], text: str) -> Result:
    return LocalRunner().run(Command((*shell, "-s"), Effect.WRITES, stdin=text.encode()))


def done(shell: list[str], text: str) -> tuple[str, ...]:
    result = run(shell, text)
    assert result.ok, result.errors
    return parse_put_back(result.text)


def test_everything_comes_back(shell: list[str], tmp_path: Path) -> None:
    before, home = tmp_path / "state/before/1/files", tmp_path / "home"
    home.mkdir()
    changed, gone, link, mode, new = (home / name for name in ("changed " + ODD, "gone", "link", "mode", "new/deep/x"))
    changed.write_text("old\n")
    changed.chmod(0o640)
    gone.write_bytes(b"\0binary")
    link.symlink_to("somewhere else")
    mode.mkdir(0o700)
    paths = [changed, gone, link, mode, new, new.parent, new.parent.parent]

    done(shell, keep(str(before), map(str, paths)))
    changed.write_text("new\n")
    changed.chmod(0o600)
    gone.unlink()
    link.unlink()
    link.mkdir()
    mode.chmod(0o755)
    new.parent.mkdir(parents=True)
    new.write_text("new\n")
    done(shell, seal(str(before)))

    assert done(shell, put_back(str(before))) == ()
    assert (changed.read_text(), changed.stat().st_mode & 0o777) == ("old\n", 0o640)
    assert gone.read_bytes() == b"\0binary"
    assert link.readlink() == Path("somewhere else")
    assert mode.stat().st_mode & 0o777 == 0o700
    assert sorted(path.name for path in home.iterdir()) == sorted([changed.name, "gone", "link", "mode"])
    assert (before.stat().st_mode & 0o777, before.parent.stat().st_mode & 0o777) == (0o700, 0o700)
    assert done(shell, put_back(str(before))) == ()


def test_what_changed_since_is_left_and_named(shell: list[str], tmp_path: Path) -> None:
    before, edited, folder = tmp_path / "before", tmp_path / ODD, tmp_path / "folder"
    done(shell, keep(str(before), [str(edited), str(folder)]))
    edited.write_text("deployed\n")
    folder.mkdir()
    done(shell, seal(str(before)))
    edited.write_text("mine\n")
    (folder / "mine").touch()

    assert set(done(shell, put_back(str(before)))) == {str(edited), str(folder)}
    assert edited.read_text() == "mine\n"


def test_the_first_state_of_a_deployment_is_kept(shell: list[str], tmp_path: Path) -> None:
    before, path = tmp_path / "before", tmp_path / "file"
    path.write_text("first\n")
    done(shell, keep(str(before), [str(path)]))
    path.write_text("second\n")
    done(shell, keep(str(before), [str(path)]) + seal(str(before)) + put_back(str(before)))

    assert path.read_text() == "first\n"


def test_half_done_work_is_taken_back_without_a_seal(shell: list[str], tmp_path: Path) -> None:
    before, path = tmp_path / "before", tmp_path / "file"
    done(shell, keep(str(before), [str(path)]))
    path.write_text("half\n")

    assert done(shell, put_back(str(before))) == ()
    assert not path.exists()


def test_a_file_that_became_a_folder_and_the_other_way_round(shell: list[str], tmp_path: Path) -> None:
    before, file, folder, inside = (tmp_path / name for name in ("before", "file", "folder", "folder/inside"))
    file.write_text("file\n")
    folder.mkdir()
    inside.write_text("inside\n")
    done(shell, keep(str(before), map(str, [file, file / "new", folder, inside])))
    file.unlink()
    file.mkdir()
    (file / "new").touch()
    shutil.rmtree(folder)
    folder.write_text("now a file\n")
    done(shell, seal(str(before)))

    assert done(shell, put_back(str(before))) == ()
    assert (file.read_text(), inside.read_text()) == ("file\n", "inside\n")


def test_a_folder_that_is_kept_whole_comes_back_with_what_was_in_it(shell: list[str], tmp_path: Path) -> None:
    before, folder = tmp_path / "before", tmp_path / "folder"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep/file").write_text("x\n")
    done(shell, keep(str(before), [str(folder)], whole={str(folder)}))
    shutil.rmtree(folder)
    done(shell, seal(str(before)))

    assert done(shell, put_back(str(before))) == ()
    assert (folder / "deep/file").read_text() == "x\n"


def test_a_link_to_a_folder_is_replaced_and_never_followed(shell: list[str], tmp_path: Path) -> None:
    before, path, elsewhere = tmp_path / "before", tmp_path / "path", tmp_path / "elsewhere"
    elsewhere.mkdir()
    path.write_text("file\n")
    done(shell, keep(str(before), [str(path)]))
    path.unlink()
    path.symlink_to(elsewhere)
    done(shell, seal(str(before)) + put_back(str(before)))

    assert path.read_text() == "file\n"
    assert not path.is_symlink()
    assert list(elsewhere.iterdir()) == []


def test_what_was_edited_since_is_told_and_keeps_its_seal(shell: list[str], tmp_path: Path) -> None:
    before, edited, same, new = (tmp_path / name for name in ("before", "edited " + ODD, "same", "new"))
    edited.write_text("old\n")
    same.write_text("old\n")
    done(shell, keep(str(before), map(str, [edited, same, new])))
    for path in (edited, same, new):
        path.write_text("deployed\n")
    done(shell, seal(str(before)))
    edited.write_text("by hand\n")
    new.write_text("by hand\n")

    changed = parse_changed(run(shell, changed_since(str(before))).text)
    assert changed == (str(edited), str(new))
    assert done(shell, seal(str(before), but=changed) + put_back(str(before))) == (str(new), str(edited))
    assert [path.read_text() for path in (edited, same, new)] == ["by hand\n", "old\n", "by hand\n"]


def test_no_folder_means_nothing_to_put_back(shell: list[str], tmp_path: Path) -> None:
    assert done(shell, seal(str(tmp_path / "none")) + put_back(str(tmp_path / "none"))) == ()


def test_a_text_leaves_the_shell_as_it_was(shell: list[str], tmp_path: Path) -> None:
    text = (
        "umask 022\nfolder=mine\n" + keep(str(tmp_path / "before"), [str(tmp_path / "x")]) + 'umask; echo "$folder"\n'
    )

    assert run(shell, text).text.split() == ["0022", "mine"]


def test_the_script_ends_when_nothing_can_be_kept(shell: list[str], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = run(shell, keep(str(tmp_path / "file/before"), [str(tmp_path / "x")]) + "echo went on\n")

    assert (result.status, result.text) == (1, "")
    assert "cannot be made" in result.errors


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"), reason="becoming somebody else takes root")
def test_a_hidden_path_is_an_error_and_not_absent() -> None:
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "/bin/sh"]
    with tempfile.TemporaryDirectory() as name:
        hidden, open_to_all = Path(name, "hidden"), Path(name, "open")
        Path(name).chmod(0o755)
        hidden.mkdir(0o700)
        open_to_all.mkdir()
        open_to_all.chmod(0o777)
        result = run(nobody, keep(str(open_to_all / "before"), [str(hidden / "file")]))

    assert result.status == 1
    assert "permission denied" in result.errors


@pytest.mark.parametrize("path", ["relative", "/two\nlines", ""])
def test_only_absolute_paths_on_one_line(path: str) -> None:
    with pytest.raises(ValueError, match="absolute path"):
        keep("/before", [path])


NAMES = st.text(st.characters(exclude_characters="/\n\0", exclude_categories=["Cs"]), min_size=1, max_size=20)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NAMES.filter(lambda name: name not in {".", ".."}), content=st.binary(max_size=50))
def test_any_name_and_any_content_survive(tmp_path: Path, name: str, content: bytes) -> None:
    before, path = tmp_path / "before", tmp_path / "home" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    done(["/bin/sh"], keep(str(before), [str(path)]))
    path.write_bytes(b"changed" + content)
    kept = done(["/bin/sh"], seal(str(before)) + put_back(str(before)))

    assert kept == ()
    assert path.read_bytes() == content
    shutil.rmtree(before)
    path.unlink()
