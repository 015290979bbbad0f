"""The content of one file: text, or why it is none."""

from __future__ import annotations

import os
import stat
from enum import Enum

LARGEST = 2 * 1024 * 1024
_OTHER_UNICODE = (b"\xff\xfe", b"\xfe\xff")


class Kind(Enum):
    """What a path is: only text has something to read."""

    TEXT = "text"
    ENCODED = "text in another encoding than UTF-8"
    BINARY = "no text"
    LARGE = "larger than 2 MiB"
    BEYOND = "more than is read of one repository"
    LINK = "a symbolic link"
    UNREADABLE = "not readable"


def read_content(path: str) -> tuple[Kind, str]:
    # A pipe would be waited for, and a link is refused with ELOOP.
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    about = os.fstat(handle)
    if not stat.S_ISREG(about.st_mode):
        os.close(handle)
        return Kind.UNREADABLE, ""
    with os.fdopen(handle, "rb") as opened:
        content = opened.read(LARGEST + 1) if about.st_size <= LARGEST else b""
    if about.st_size > LARGEST or len(content) > LARGEST:
        return Kind.LARGE, ""
    return _decoded(content)


def _decoded(content: bytes) -> tuple[Kind, str]:
    if content.startswith(_OTHER_UNICODE):
        return Kind.ENCODED, ""
    if b"\0" in content:
        return Kind.BINARY, ""
    try:
        return Kind.TEXT, content.decode("utf-8")
    except UnicodeDecodeError:
        return Kind.ENCODED, ""
