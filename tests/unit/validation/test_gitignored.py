"""What Git ignores is known from the `.gitignore` files of the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.validation.files import Files
from stems.validation.gitignored import ignores_of
from stems.validation.subject import NO_CLUSTER, Subject


def is_ignored(root: Path, patterns: str, path: str, *, folder: str = "") -> bool:
    (root / folder).mkdir(parents=True, exist_ok=True)
    (root / folder / ".gitignore").write_text(patterns)
    files = Files(root, [f"{folder}/.gitignore".lstrip("/")])
    return path in Subject(NO_CLUSTER, files=files).once(ignores_of)


@pytest.mark.parametrize(
    ("patterns", "path"),
    [
        ("*.env\n", "services/web/web.env"),
        (".env\n", "a/.env"),
        ("data/\n", "services/web/data/app.conf"),
        ("/secrets\n", "secrets/token"),
        ("services/*/nginx.conf\n", "services/web/nginx.conf"),
        ("**/local.yml\n", "local.yml"),
        ("**/local.yml\n", "a/b/local.yml"),
        ("*.conf\n!nginx.conf\nweb/nginx.conf\n", "web/nginx.conf"),
        ("*.[ce]nv\n", "a.env"),
    ],
)
def test_a_pattern_means_what_it_means_to_git(tmp_path: Path, patterns: str, path: str) -> None:
    assert is_ignored(tmp_path, patterns, path)


@pytest.mark.parametrize(
    ("patterns", "path"),
    [
        ("# *.env\n", "web.env"),
        ("*.env\n!web.env\n", "web.env"),
        ("/web.env\n", "services/web.env"),
        ("a/web.env\n", "b/a/web.env"),
        ("", "web.env"),
        ("\n!\n/\n[\n", "web.env"),
    ],
)
def test_other_paths_are_not_meant(tmp_path: Path, patterns: str, path: str) -> None:
    assert not is_ignored(tmp_path, patterns, path)


def test_a_file_is_about_its_own_folder(tmp_path: Path) -> None:
    assert is_ignored(tmp_path, "*.env\n", "a/b/web.env", folder="a")
    assert not is_ignored(tmp_path, "*.env\n", "b/web.env", folder="a")
