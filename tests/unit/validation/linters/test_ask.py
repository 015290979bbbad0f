"""Linters answer, fail, hang, talk nonsense or are not here: each is told, and none is taken for another."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from stems.infrastructure.command import Effect
from stems.infrastructure.guards import Guarded
from stems.infrastructure.local import LocalRunner
from stems.model.finding import Severity
from stems.validation.files import Files
from stems.validation.linters.ask import LINTERS, MOST_PATHS, Asking, ask_linters
from stems.validation.linters.linted import Linted
from stems.validation.linters.linter import Linter
from stems.validation.subject import NO_CLUSTER, Subject

(SHELLCHECK,) = (linter for linter in LINTERS if linter.name == "shellcheck")
COMMENT = (
    '{"comments": [{"file": "bin/a", "line": 2, "endLine": 2, "column": 1, "endColumn": 3, "level": "warning",'
    ' "code": 2164, "message": "Use cd ... || exit", "fix": null}]}'
)


@pytest.fixture
def bin_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder where programs are looked for, beside the system's."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setattr(sys, "executable", str(folder / "python"))
    return folder


def asked(
    root: Path, linters: tuple[Linter, ...] = (SHELLCHECK,), only: frozenset[str] | None = None, count: int = 1
) -> Linted:
    repository, private = root / "repository", root / "private"
    paths = ["bin/a", *(f"bin/b{number}" for number in range(count - 1))]
    (repository / "bin").mkdir(parents=True)
    private.mkdir()
    for path in paths:
        (repository / path).write_text("#!/bin/sh\ncd x\n")
    subject = Subject(NO_CLUSTER, files=Files(repository, paths))
    runner = Guarded(LocalRunner(), Effect.READS, Effect.STAGES)
    return ask_linters(Asking(subject, repository, runner, private, only, linters))


def program(folder: Path, script: str, name: str = "shellcheck") -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_what_it_finds_is_a_finding(tmp_path: Path, bin_folder: Path) -> None:
    program(bin_folder, f"printf '%s' '{COMMENT}'; exit 1")
    linted = asked(tmp_path)
    (found,) = linted.findings

    assert linted.answered == ("shellcheck",) and not linted.missing
    assert (found.code, str(found.place), found.linter_code) == ("STM161", "bin/a:2:1", "SC2164")
    assert found.severity is not Severity.ERROR


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo oh no >&2; exit 3", "oh no"),
        ("echo this is no JSON", "no JSON: this is no JSON"),
        ("echo '{}'", "no list"),
        ("echo '{\"comments\": [1]}'", "no mapping"),
        ('echo \'{"comments": [{"file": 1, "code": 2, "level": "x"}]}\'', "no `file`"),
        ("head -c 70000000 /dev/zero", "more than"),
        ("sleep 60", "no end within"),
        ("kill -9 $$", "could not"),
        ("printf '[%.0s' $(seq 100000)", "no JSON"),
    ],
)
def test_what_is_no_answer_is_told(tmp_path: Path, bin_folder: Path, script: str, said: str) -> None:
    program(bin_folder, script)
    soon = replace(SHELLCHECK, commands=(lambda asked: replace(SHELLCHECK.commands[0](asked), timeout=3),))
    linted = asked(tmp_path, (soon,))
    (found,) = linted.findings

    assert (found.code, found.place.path, found.severity) == ("STM165", "bin/a", Severity.WARNING)
    assert said in found.message and linted.answered == ()


def test_one_that_is_not_here_is_named_where_it_would_be_asked(tmp_path: Path, bin_folder: Path) -> None:
    linted = asked(tmp_path, LINTERS)

    assert bin_folder.is_dir() and linted.findings == ()
    assert [missing.name for missing in linted.missing] == ["shellcheck", "a secret scanner"]


def test_one_that_came_with_stems_needs_no_path(
    tmp_path: Path, bin_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(bin_folder, f"printf '%s' '{COMMENT}'; exit 1")
    monkeypatch.setenv("PATH", "/usr/bin:/bin")

    assert asked(tmp_path).answered == ("shellcheck",)


def test_only_what_changed_is_read(tmp_path: Path, bin_folder: Path) -> None:
    program(bin_folder, 'for a; do :; done; echo "$a" >>"$HOME/asked"; echo \'{"comments": []}\'')
    home = tmp_path / "home"
    home.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        asked(tmp_path, only=frozenset({"bin/b0", "elsewhere"}), count=3)

    assert (home / "asked").read_text() == "bin/b0\n"


def test_without_anything_to_read_none_is_asked(tmp_path: Path, bin_folder: Path) -> None:
    program(bin_folder, "exit 3")

    assert asked(tmp_path, only=frozenset()) == Linted()


def test_many_files_are_several_questions(tmp_path: Path, bin_folder: Path) -> None:
    program(bin_folder, f"[ $# -le {MOST_PATHS + 5} ] || exit 3; echo '{{\"comments\": []}}'")

    assert asked(tmp_path, count=2 * MOST_PATHS + 1).findings == ()


def test_what_it_says_of_other_files_does_not_count(tmp_path: Path, bin_folder: Path) -> None:
    program(bin_folder, f"printf '%s' '{COMMENT.replace('bin/a', '../../etc/passwd')}'; exit 1")

    assert asked(tmp_path).findings == ()


def test_one_that_fails_once_has_not_answered(tmp_path: Path, bin_folder: Path) -> None:
    program(bin_folder, 'case "$*" in *bin/a*) exit 3 ;; esac; echo \'{"comments": []}\'')
    linted = asked(tmp_path, count=MOST_PATHS + 10)

    assert len(linted.findings) == 1 and linted.answered == ()
