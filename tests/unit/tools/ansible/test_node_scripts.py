"""The scripts for a node do what they say in a real shell."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from stems.errors import ToolError
from stems.infrastructure.before import parse_put_back
from stems.infrastructure.command import Command, Result
from stems.infrastructure.local import LocalRunner
from stems.model.change import Change, Domain, Risk
from stems.tools.ansible.apply import (
    keep_command,
    kept_paths,
    parse_paths,
    restore_command,
    seal_command,
    set_aside_command,
)
from stems.tools.ansible.diffs import UNSEEN
from stems.tools.ansible.left import edited_command, edited_files, left_command, marked_by_hand
from stems.tools.ansible.preview import blocked_at
from stems.tools.ansible.unseen import parse_sums, sums_command, with_seen_digests
from stems.tools.keyed import keyed_command, parse_keyed, with_keyed_digests
from tests.support.fake import FakeRunner
from tests.unit.tools.ansible.build import site

SHELLS = [["/bin/sh"], *([["busybox", "sh"]] if shutil.which("busybox") else [])]


def change(resource: str, action: str = "change") -> Change:
    return Change("crtr", Domain.SYSTEM, "ansible", resource, action, Risk.SYSTEM, before="a" * 64, after="b" * 64)


def run(command: Command, shell: list[str]) -> Result:
    result = LocalRunner().run(replace(command, argv=(*shell, "-s")))
    assert result.ok, result.errors
    return result


@pytest.mark.parametrize("shell", SHELLS)
def test_the_manifest_is_what_sha256sum_checks(tmp_path: Path, shell: list[str]) -> None:
    manifest = tmp_path / "left" / "ansible.sha256"
    first, second = tmp_path / "it's one", tmp_path / "two"
    first.write_text("1\n")
    second.write_text("2\n")
    run(left_command(str(manifest), [str(first), str(second)]), shell)
    second.write_text("3\n")
    run(left_command(str(manifest), [str(second), str(tmp_path / "gone")]), shell)

    assert run(Command(("true",), left_command("", []).effect, stdin=f"sha256sum -c '{manifest}'".encode()), shell).ok
    assert run(edited_command(str(manifest)), shell).text == ""
    first.write_text("by hand\n")
    second.unlink()
    digest = hashlib.sha256(b"by hand\n").hexdigest()
    assert run(edited_command(str(manifest)), shell).text == f"{digest} {first}\n- {second}\n"
    run(left_command(str(manifest), [str(second)]), shell)
    assert run(edited_command(str(manifest)), shell).text == f"{digest} {first}\n"


def test_a_file_that_is_not_as_it_was_left_was_edited_by_hand(tmp_path: Path) -> None:
    here = replace(site("crtr"), state=str(tmp_path))
    edited, pending = tmp_path / "edited", tmp_path / "pending"
    edited.write_text("1\n")
    pending.write_text("1\n")
    run(left_command(here.left("ansible"), [str(edited), str(pending)]), SHELLS[0])
    edited.write_text("2\n")

    found = edited_files(here)
    assert found == {str(edited): hashlib.sha256(b"2\n").hexdigest()}
    marked = marked_by_hand([change(f"file:{edited}"), change(f"file:{pending}"), change("task:x")], found)
    assert [found.by_hand for found in marked] == [True, False, False]
    assert [found.risk for found in marked] == [Risk.DESTRUCTIVE, Risk.SYSTEM, Risk.SYSTEM]
    edited.unlink()
    (gone,) = marked_by_hand([change(f"file:{edited}")], edited_files(here))
    assert (gone.by_hand, gone.risk) == (True, Risk.SYSTEM), "there is nothing left of it to lose"


@pytest.mark.parametrize("shell", SHELLS)
def test_a_digest_is_keyed_with_the_key_of_the_node(tmp_path: Path, shell: list[str]) -> None:
    (tmp_path / "key").write_bytes(b"node")
    digest = "0" * 64

    keyed = parse_keyed(run(keyed_command(str(tmp_path), [digest]), shell).text, 1)
    assert keyed == [hashlib.sha256(b"node" + digest.encode()).hexdigest()]


def test_only_changes_with_a_secret_are_keyed(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"node")
    changes = [change("file:/etc/secret"), change("file:/etc/plain")]

    secret, plain = with_keyed_digests(replace(site("crtr"), state=str(tmp_path)), changes, {"file:/etc/secret"})
    assert secret.after not in ("b" * 64, "")
    assert plain == changes[1]


def test_a_secret_whose_key_cannot_be_used_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "key").mkdir()
    (tmp_path / "key" / "x").write_text("")
    with pytest.raises(ToolError, match="crtr: the key"):
        with_keyed_digests(replace(site("crtr"), state=str(tmp_path)), [change("file:/a")], {"file:/a"})


def test_numbered_changes_of_one_file_are_kept_once() -> None:
    changes = [change("file:/etc/a"), change("file:/etc/a#2"), change("file:/etc/c#1"), change("unit:x.service")]

    assert kept_paths(changes) == ["/etc/a", "/etc/c#1"]


def test_the_place_where_a_preview_ended_is_read_back() -> None:
    assert blocked_at('not yet previewable from "a (b)" on (ansible/site.yml:26)') == "ansible/site.yml:26"
    assert blocked_at("") == ""


@pytest.mark.parametrize("shell", SHELLS)
def test_what_was_kept_is_put_back_and_listed(tmp_path: Path, shell: list[str]) -> None:
    folder, old, new = tmp_path / "before" / "ansible", tmp_path / "it's old", tmp_path / "new"
    (tmp_path / "before").mkdir()
    old.write_text("old\n")
    run(keep_command(str(folder), [change(f"file:{old}"), change(f"file:{new}")]), shell)
    old.write_text("changed\n")
    new.write_text("new\n")
    run(keep_command(str(folder), [change(f"file:{new}")]), shell)

    assert parse_paths(run(restore_command(str(folder)), shell).text) == [str(old), str(new)]
    assert (old.read_text(), new.exists()) == ("old\n", False)


def test_taking_back_what_was_never_kept_does_nothing(tmp_path: Path) -> None:
    assert run(restore_command(str(tmp_path / "none" / "ansible")), SHELLS[0]).text == ""


@pytest.mark.parametrize("shell", SHELLS)
def test_what_was_edited_since_the_deployment_outlives_a_replay(tmp_path: Path, shell: list[str]) -> None:
    folder, edited, plain = tmp_path / "before" / "ansible", tmp_path / "it's edited", tmp_path / "plain"
    for path in (edited, plain):
        path.write_text("old\n")
    run(keep_command(str(folder), [change(f"file:{edited}"), change(f"file:{plain}")]), shell)
    for path in (edited, plain):
        path.write_text("deployed\n")
    run(seal_command(str(folder), ()), shell)
    edited.write_text("by hand\n")

    run(set_aside_command(str(folder), [str(edited)]), shell)
    for path in (edited, plain):
        path.write_text("replayed\n")
    run(seal_command(str(folder), [str(edited)]), shell)
    assert parse_put_back(run(restore_command(str(folder)), shell).text) == (str(edited),)
    assert (edited.read_text(), plain.read_text()) == ("by hand\n", "old\n")
    assert not folder.with_name("ansible.edited").exists()


@pytest.mark.parametrize("shell", SHELLS)
def test_what_check_mode_does_not_show_is_read(tmp_path: Path, shell: list[str]) -> None:
    there = tmp_path / "it's there"
    there.write_text("x")

    said = run(sums_command([str(there), str(tmp_path / "none"), str(tmp_path)]), shell).text
    assert parse_sums(said, 3) == [hashlib.sha256(b"x").hexdigest(), "absent", "other"]


def test_only_what_was_not_shown_is_asked_for() -> None:
    unseen = [replace(change(f"file:/srv/{name}"), before=UNSEEN) for name in "abc"]
    asked = sums_command(["/srv/a", "/srv/b", "/srv/c"])
    said = ("1" * 64, "absent", "other")
    runner = FakeRunner({asked.argv: Result(0, "".join(f"{line}\n" for line in said).encode())})

    seen = with_seen_digests(replace(site("crtr"), runner=runner), [*unseen, change("file:/srv/d")])
    assert runner.ran == [asked]
    assert [(found.before, found.action, found.risk) for found in seen] == [
        ("1" * 64, "change", Risk.SYSTEM),
        ("", "create", Risk.SYSTEM),
        ("", "change", Risk.UNKNOWN),
        ("a" * 64, "change", Risk.SYSTEM),
    ]
