"""What programs say loses the values that only a node knows."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from shlex import quote

import pytest

from stems.infrastructure.command import Command, Effect
from stems.infrastructure.local import LocalRunner
from stems.tools.redact import REDACTED
from stems.tools.values import SHOWN, WITHOUT_VALUES

AWKS = [found for name in ("mawk", "gawk", "busybox") if (found := shutil.which(name))]


def said(folder: Path, text: str, *, values: Sequence[str], public: str = "", awk: str = "awk") -> str:
    for number, content in enumerate(values):
        (folder / f"{number} it's.env").write_text(content)
    (folder / "compose.yml").write_text(public)
    files = "\n".join(str(folder / f"{number} it's.env") for number in range(len(values) + 1))
    program = f"{awk} awk" if awk.endswith("busybox") else awk
    call = f"without_values {quote(files)} {quote(str(folder))}/compose.yml"
    script = f'{WITHOUT_VALUES}awk() {{ command {program} "$@"; }}\n{call}'
    result = LocalRunner().run(Command(("/bin/sh", "-c", script), Effect.READS, stdin=text.encode()))
    assert result.ok and not result.errors, result.errors
    return result.text


@pytest.mark.parametrize("awk", AWKS or ["awk"])
@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("TOKEN=plain-horse", "plain-horse"),
        ("export TOKEN = plain-horse", "plain-horse"),
        ("TOKEN: plain-horse", "plain-horse"),
        ("TOKEN='plain \"horse'", 'plain "horse'),
        ("TOKEN='plain \"horse'", 'plain \\"horse'),
        ('TOKEN="plain \\"horse"', 'plain "horse'),
        ("TOKEN=plain-horse # of mine", "plain-horse"),
        ("TOKEN='plain horse\nof mine'", "plain horse"),
        ("plain-horse", "plain-horse"),
        ("TOKEN=\\n[plain*horse]&\r", "\\n[plain*horse]&"),
    ],
)
def test_a_value_is_taken_out_however_it_is_written(tmp_path: Path, line: str, value: str, awk: str) -> None:
    text = said(tmp_path, f"cannot log in with {value}, {value}!\n", values=["# of mine\n", f"{line}\n"], awk=awk)

    assert text == f"cannot log in with {REDACTED}, {REDACTED}!\n"


def test_the_longer_of_two_values_comes_first(tmp_path: Path) -> None:
    assert said(tmp_path, "it is secret-of-mine\n", values=["A=secret\nB=secret-of-mine\n"]) == f"it is {REDACTED}\n"


def test_numbers_short_words_and_what_the_repository_says_stay(tmp_path: Path) -> None:
    """A message about a port or a host that nobody can read helps nobody."""
    text = "127.0.0.1:18080 of database does not answer: true\n"

    assert said(tmp_path, text, values=["A=127.0.0.1:18080\nB=database\nC=true\n"], public="host: database\n") == text


def test_without_files_nothing_is_taken_out(tmp_path: Path) -> None:
    assert said(tmp_path, "as it is\n", values=[]) == "as it is\n"


OTHER = () if os.geteuid() else ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
"""Root may read everything."""


@pytest.mark.parametrize(("mode", "text"), [(0o000, "not shown, because {path} cannot be read"), (0o644, "it runs\n")])
def test_what_may_hold_a_value_that_cannot_be_read_is_not_shown(tmp_path: Path, mode: int, text: str) -> None:
    path = Path("/tmp") / f"stems-{tmp_path.name}.env"  # where another account may look
    path.write_text("TOKEN=plain-horse\n")
    path.chmod(mode)
    try:
        script = f"{SHOWN}echo it runs | shown web {quote(str(path))} ''"
        result = LocalRunner().run(Command((*OTHER, "/bin/sh", "-c", script), Effect.READS, cwd="/"))
    finally:
        path.unlink()

    assert result.text.startswith(f"web: {text.format(path=path)}")
