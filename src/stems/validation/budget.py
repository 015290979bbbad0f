"""How much of a repository is read: room for everything that people write, and an end for what they did not.

Whatever is in a repository, judging it ends, and in the memory of a small machine. What counts is the text that is
costly to judge; small files come first, because the large ones are those that programs wrote.
"""

from __future__ import annotations

from collections.abc import Iterable

MOST_TEXT = 2 * 1024 * 1024
"""Bytes of configuration and scripts that are read of one repository."""

_FREE = (
    ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".ico", ".bmp", ".tif", ".tiff", ".pdf", ".zip", ".gz", ".tgz",
    ".xz", ".bz2", ".zst", ".7z", ".tar", ".deb", ".rpm", ".whl", ".jar", ".so", ".exe", ".dll", ".bin", ".img", ".iso",
    ".woff", ".woff2", ".ttf", ".otf", ".eot", ".mp3", ".mp4", ".mkv", ".webm", ".ogg", ".wav", ".flac", ".db",
    ".sqlite", ".sqlite3", ".pyc", ".drawio", ".psd", ".age", ".gpg",
)  # fmt: skip
"""Seldom text: at most looked at for a moment."""
_CHEAP = (
    ".md", ".markdown", ".rst", ".txt", ".json", ".svg", ".css", ".js", ".ts", ".html", ".htm", ".xml", ".csv", ".lock",
    ".log", ".sql", ".po", ".lua", ".vim", ".go", ".c", ".h", ".rs", ".java", ".map",
)  # fmt: skip
"""Read by few rules."""
_CHEAPER = 8


def beyond(sizes: Iterable[tuple[str, int]], *, most: int = MOST_TEXT) -> frozenset[str]:
    """The paths that are not read any more. What configures stems itself comes first of all."""
    left = most
    found: list[str] = []
    for _, size, path in sorted((not path.startswith("config/"), size, path) for path, size in sizes):
        left -= _cost(path, size)
        if left < 0:
            found.append(path)
    return frozenset(found)


def _cost(path: str, size: int) -> int:
    name = path.lower()
    if name.endswith(_FREE):
        return 0
    return size // _CHEAPER if name.endswith(_CHEAP) else size
