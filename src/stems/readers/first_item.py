"""One more item at the top of a list in a YAML text, everything else as somebody wrote it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from stems.errors import ConfigurationError
from stems.readers.insertion import OTHER_ENDS
from stems.readers.written import write_scalar
from stems.readers.yaml import read_yaml


def with_first_item(text: str, *, path: str, keys: tuple[str | int, ...], item: str) -> str | None:
    """The text with `item` before the first one of the list that `keys` lead to.

    None where that is no list in block style with something in it: what was written is read again, and must be what was
    wanted.
    """
    document = read_yaml(text, path, strict=True)
    expected = deepcopy(document.value)
    inside: Any = expected
    try:
        for key in keys:
            inside = inside[key]
    except (KeyError, IndexError, TypeError):
        return None
    if not isinstance(inside, list) or not inside or OTHER_ENDS.search(text):
        return None
    inside.insert(0, item)
    lines = text.split("\n")
    at = document.place(*keys, 0).line - 1
    line = lines[at]
    indent = line[: len(line) - len(line.lstrip())]
    if not line.startswith(f"{indent}- "):
        return None
    written = "\n".join([*lines[:at], f"{indent}- {write_scalar(item)}", *lines[at:]])
    try:
        return written if read_yaml(written, path, strict=True).value == expected else None
    except ConfigurationError:
        return None
