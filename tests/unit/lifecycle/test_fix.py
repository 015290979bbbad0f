"""What can be mended is mended in the files that were judged, and in no other ones."""

from __future__ import annotations

import json
import os
import resource
from dataclasses import replace
from pathlib import Path

import pytest

from stems.__main__ import run
from stems.lifecycle.fix import Fixes, fix_working_tree, mend
from stems.lifecycle.validate import Wanted, validate_working_tree
from stems.model.edit import Edit
from stems.model.finding import Finding, Place
from stems.validation.check import Judgement
from tests.support.scratch import Scratch

CLUSTER = (
    "version: 1\ncluster: {name: home}\ncheckout: ~/c\nnodes: {gate: {hostname: gate, ssh: {host: gate.example}}}\n"
)
FILES = {
    "config/cluster.yml": CLUSTER,
    "services/web/compose.yml": "version: '3'\n\nservices:\n  web: {image: 'nginx:1.27'}\n",
    "services/web/env.template": "ADMIN_PASSWORD=\n",
    "cron.d/backup": "@daily root backup",
}
SCRIPT = "scripts/backup.sh"
ALL = Wanted(every_stage=True)


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    made = Scratch(tmp_path / "repository")
    made.commit(dict(FILES), "Begin")
    (made.root / "scripts").mkdir()
    (made.root / SCRIPT).write_bytes(b"#!/bin/sh\r\nset -e\r\n")
    (made.root / SCRIPT).chmod(0o755)
    return made


def codes(fixes: Fixes) -> set[str]:
    return {finding.code for each in fixes.fixed for finding in each.findings}


def test_what_is_mended_is_found_no_more(scratch: Scratch) -> None:
    fixes = fix_working_tree(scratch.root, ALL)

    assert codes(fixes) == {"STM150", "STM151", "STM152", "STM523"}
    assert not fixes.not_fixed and not any(finding.fix for finding in fixes.judgement.findings)
    assert (scratch.root / SCRIPT).read_bytes() == b"#!/bin/sh\nset -e\n"
    assert (scratch.root / SCRIPT).stat().st_mode & 0o777 == 0o755
    assert (scratch.root / "services/web/compose.yml").read_text() == "services:\n  web: {image: 'nginx:1.27'}\n"
    assert (scratch.root / "cron.d/backup").read_text() == "@daily root backup\n"
    assert (scratch.root / ".gitignore").read_text() == ".env\n"


def test_a_second_time_there_is_nothing_to_mend(scratch: Scratch) -> None:
    fix_working_tree(scratch.root, ALL)

    assert fix_working_tree(scratch.root, ALL).fixed == ()


def test_what_somebody_accepts_stays(scratch: Scratch) -> None:
    path = scratch.root / "services/web/compose.yml"
    path.write_text(
        "version: '3' # stems: allow STM523: the old forge reads it\n" + path.read_text().partition("\n")[2]
    )
    was = path.read_text()

    assert "STM523" not in codes(fix_working_tree(scratch.root, ALL))
    assert path.read_text() == was


def test_with_changed_only_what_changed_is_mended(scratch: Scratch) -> None:
    assert codes(fix_working_tree(scratch.root, replace(ALL, since="HEAD"))) == {"STM150"}


def test_a_link_is_not_followed(scratch: Scratch, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("data/\n")
    (scratch.root / ".gitignore").symlink_to(outside)
    fixes = fix_working_tree(scratch.root, ALL)

    assert [left.finding.code for left in fixes.not_fixed] == ["STM152"]
    assert outside.read_text() == "data/\n"


def test_a_folder_that_is_a_link_is_not_followed(scratch: Scratch, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (scratch.root / "scripts").rename(outside)
    was = (outside / "backup.sh").read_bytes()
    (scratch.root / "scripts").symlink_to(outside)
    fix_working_tree(scratch.root, ALL)

    assert (outside / "backup.sh").read_bytes() == was


def judged(scratch: Scratch) -> Judgement:
    return validate_working_tree(scratch.root, ALL)


def test_what_changed_since_it_was_judged_is_left(scratch: Scratch) -> None:
    judgement = judged(scratch)
    (scratch.root / SCRIPT).write_bytes(b"#!/bin/sh\r\nnew\r\n")
    # What a rule has read is kept in memory, as the edits that were made for it.
    _, not_fixed = mend(scratch.open(), judgement)

    assert (scratch.root / SCRIPT).read_bytes() == b"#!/bin/sh\r\nnew\r\n"
    assert [left.finding.code for left in not_fixed] == ["STM150"]


@pytest.mark.parametrize("path", ["../outside", "/etc/motd", ".git/config", "a/../../b", "scripts", "services"])
def test_nothing_else_than_files_of_the_repository_is_written(scratch: Scratch, path: str) -> None:
    bad = Finding("STM150", Place(path, 1), "odd", fix=(Edit(path, 0, "", "x"),))
    config = (scratch.root / ".git/config").read_bytes()
    fixed, not_fixed = mend(scratch.open(), replace(judged(scratch), findings=(bad,)))

    assert not fixed and [left.finding for left in not_fixed] == [bad]
    assert (scratch.root / ".git/config").read_bytes() == config
    assert not os.path.lexists(scratch.root.parent / "outside")


def test_of_two_edits_of_one_place_the_first_is_made(scratch: Scratch) -> None:
    path = "cron.d/backup"
    one, other = (Finding("STM151", Place(path, 1), say, fix=(Edit(path, 0, "@daily", say),)) for say in "ab")
    _, not_fixed = mend(scratch.open(), replace(judged(scratch), findings=(one, other)))

    assert (scratch.root / path).read_text() == "a root backup"
    assert [left.finding for left in not_fixed] == [other]


def test_a_file_that_cannot_be_written_is_said_and_stays_whole(scratch: Scratch) -> None:
    judgement, was = judged(scratch), (scratch.root / SCRIPT).read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        fixed, not_fixed = mend(scratch.open(), judgement)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert not fixed and {left.why for left in not_fixed} == {"File too large"}
    assert (scratch.root / SCRIPT).read_bytes() == was


def test_it_is_shown_what_was_written(scratch: Scratch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", str(scratch.root), "validate", "--all", "--fix", "--no-linters"]) == 0
    shown = capsys.readouterr().out

    assert "✓ fixed scripts/backup.sh" in shown and "-#!/bin/sh␍" in shown and "+#!/bin/sh\n" in shown
    assert "review it with `git diff`" in shown and "STM523" in shown


def test_the_document_says_it_too(scratch: Scratch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", str(scratch.root), "validate", "--all", "--fix", "--no-linters", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)

    assert ("cron.d/backup", ["STM151"]) in [(each["path"], each["codes"]) for each in document["fixed"]]
    assert document["not_fixed"] == [] and document["schema"] == "stems.validate/1"


def test_fixed_files_are_no_sarif(scratch: Scratch) -> None:
    assert run(["-C", str(scratch.root), "validate", "--fix", "--sarif"]) == 2
