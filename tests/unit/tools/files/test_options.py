"""Which files `ignore` leaves out."""

from __future__ import annotations

import pytest

from stems.tools.files.options import Options


@pytest.mark.parametrize(
    ("pattern", "path", "ignored"),
    [
        ("README.md", "README.md", True),
        ("README.md", "deep/README.md", True),
        ("/README.md", "deep/README.md", False),
        ("docs", "docs/a/b", True),
        ("docs/", "docs/a", True),
        ("docs/", "docs", False),
        ("/docs/*.txt", "docs/a.txt", True),
        ("docs/*.txt", "other/docs/a.txt", False),
        ("*.swp", "a/.b.swp", True),
        ("[ab]", "c", False),
    ],
)
def test_patterns(pattern: str, path: str, *, ignored: bool) -> None:
    assert Options(ignore=(pattern,)).ignores(path) is ignored


def test_what_is_secret_is_named_by_its_path_in_the_home() -> None:
    options = Options(secret=("/.config/app/token", "*.pem"))

    assert options.hides(".config/app/token") and options.hides("deep/a.pem")
    assert not options.hides(".config/app/tokens") and not options.ignores("deep/a.pem")


def test_the_options_themselves_are_never_deployed() -> None:
    assert Options().ignores(".stems-files.yml")
    assert not Options().ignores("sub/.stems-files.yml")
