"""The text of a file that a person wrote for stems, or what keeps it from being read."""

from __future__ import annotations

from pathlib import Path

from stems.configuration.invalid import InvalidClusterError
from stems.model.finding import Finding, Place
from stems.readers.yaml import MAX_CHARACTERS
from stems.validation import codes

NO_LINK = "put the file itself there"


def read_text(path: Path, shown: str) -> str:
    """The text of a file, called `shown` in messages."""
    try:
        if path.is_symlink():
            raise _unreadable(shown, "a symbolic link, and what Git keeps of one is only its target", NO_LINK)
        if path.exists() and not path.is_file():
            raise _unreadable(shown, "not a file", f"look at `ls -ld {shown}`")
        if path.stat().st_size > MAX_CHARACTERS:
            remedy = "keep data elsewhere in the repository: this file is what a person writes"
            raise _unreadable(shown, f"larger than {MAX_CHARACTERS // 1024 // 1024} MiB", remedy)
        return decode(path.read_bytes(), shown)
    except FileNotFoundError:
        remedy = "go to the repository of a cluster, name it with `-C`, or see what `stems adopt` proposes"
        raise _unreadable(shown, "there is no such file", remedy) from None
    except OSError as error:
        raise _unreadable(shown, f"cannot be read: {error.strerror}", f"look at `ls -l {shown}`") from None


def decode(content: bytes, shown: str) -> str:
    """The text of a file's content, called `shown` in messages."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _unreadable(shown, "not UTF-8 text", f"save {shown} as UTF-8", line) from None


def _unreadable(path: str, message: str, remedy: str, line: int = 0) -> InvalidClusterError:
    return InvalidClusterError([Finding(codes.UNREADABLE, Place(path, line), message, remedy)])
