"""`.gitignore` means what it means to Git: Git itself is asked about every case."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from stems.validation.files import Files
from stems.validation.gitignored import Ignores

PATHS = (".env", "a.env", "a/.env", "a/b/.env", "a/b/c.txt", "b", "b/.env", "a/b", "x[1]", "a b", "#x", "!x", "a/x/b/y")
CASES = (
    {"": ".env\n"},
    {"": "*.env"},
    {"": "/.env\n"},
    {"": "a/.env\n"},
    {"": "/a/\n"},
    {"": "a\n"},
    {"": "b/\n"},
    {"": "**/.env\n"},
    {"": "a/**\n"},
    {"": "a/**/.env\n"},
    {"": "a/**/y\n"},
    {"": "*\n!*/\n!.env\n"},
    {"": "*\n!.env\n"},
    {"": ".env\n", "a": "!.env\n"},
    {"": "a/\n", "a": "!.env\n"},
    {"a": ".env\n"},
    {"a": "/b/.env\n"},
    {"a/b": "*\n"},
    {"": "# .env\n\n  \n"},
    {"": "\\#x\n\\!x\n"},
    {"": ".env  \na\\ b\n"},
    {"": "x\\[1\\]\n"},
    {"": "x[[]1]\n"},
    {"": ".[e]nv\n?\n"},
    {"": ".[!x]nv\n"},
    {"": "a/*/.env\n"},
    {"": "a*\n"},
    {"": "{.env,b}\n"},
    {"": "[\n.env\n"},
    {"": "a/b/\n!a/b/.env\n"},
    {"": "a/**b/.env\n"},
    {"": "***\n"},
    {"": "**\n!**/.env\n"},
    {"": ".env\r\n"},
)


def is_ignored(root: Path, path: str) -> bool:
    lists = [found.relative_to(root).as_posix() for found in root.rglob(".gitignore")]
    return Ignores(Files(root, lists)).line_for(path) is not None


@pytest.mark.parametrize("texts", CASES, ids=str)
def test_as_git_says(texts: dict[str, str], tmp_path: Path) -> None:
    subprocess.run(("git", "init", "-q", str(tmp_path)), check=True)
    for folder, text in texts.items():
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / ".gitignore").write_text(text)
    (tmp_path / "a/b").mkdir(parents=True, exist_ok=True)
    asked = "\0".join(PATHS).encode()
    # Whether a path is a folder only counts for the last part, and none of these is asked about as one.
    said = subprocess.run(
        ("git", "-c", "core.excludesFile=/dev/null", "check-ignore", "-z", "--stdin", "--no-index"),
        cwd=tmp_path, input=asked, capture_output=True, check=False,
    )  # fmt: skip
    ignored = {path.decode() for path in said.stdout.split(b"\0") if path}

    files = [path for path in PATHS if path != "a/b"]
    assert {path for path in files if is_ignored(tmp_path, path)} == ignored - {"a/b"}


def test_stars_do_not_multiply(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*a" * 50 + "b\n" + "**/a/" * 50 + "b\n")

    assert not is_ignored(tmp_path, "a/" * 100 + "a" * 200)
