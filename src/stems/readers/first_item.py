"""One more item at the top of a list in a YAML text, everything else as somebody wrote it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from stems.errors import ConfigurationError
from stems.readers.insertion import OTHER_ENDS
from stems.readers.yaml import read_yaml


def with_first_item(text: str, *, path: str, keys: tuple[str | int, ...], item: str) -> str | None:
    """The text with `item` before the first one of the list that `keys` lead to; without keys the document is the list.

    `item` is YAML itself, a list with one item at its left margin. None where that is no list in block style with
    something in it: what was written is read again, and must be what was wanted.
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
    more: Any = read_yaml(item, path, strict=True).value
    inside[:0] = more
    lines = text.split("\n")
    at = document.place(*keys, 0).line - 1
    line = lines[at]
    indent = line[: len(line) - len(line.lstrip())]
    if not line.startswith(f"{indent}- "):
        return None
    block = [f"{indent}{one}".rstrip() for one in item.removesuffix("\n").split("\n")]
    written = "\n".join([*lines[:at], *block, *lines[at:]])
    try:
        return written if read_yaml(written, path, strict=True).value == expected else None
    except ConfigurationError:
        return None
