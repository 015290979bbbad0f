"""Mounts in their short form: `./data:/var/lib/x:ro`."""

from __future__ import annotations

import posixpath

from stems.tools.compose.model.value import Data, Value, plain, yes

_PROPAGATIONS = frozenset({"rprivate", "private", "rshared", "shared", "rslave", "slave"})
_SELINUX = frozenset({"z", "Z"})
_SHORTEST = 3


def mount_target(item: Value) -> str | None:
    """Where in the container it is, None when that is not known."""
    if isinstance(item.data, str):
        try:
            return split_mount(item.data)[1]
        except ValueError:
            return None
    target = plain(item.at("target"))
    return target if isinstance(target, str) else None


def clean_target(target: str) -> str:
    """A place in a container without what changes nothing: `/a//b/../c/` is `/a/c`."""
    if not target or "\\" in target:
        return target
    clean = posixpath.normpath(target)
    return f"/{clean.lstrip('/')}" if target.startswith("/") else clean


def mount_fields(item: Value) -> Value:
    """The long form of a text. Raises `ValueError` for one that Compose refuses."""
    if not isinstance(item.data, str):
        return item
    source, target, options = split_mount(item.data)
    kind = "bind" if is_path(source) else "volume"
    said: dict[str, Data] = {"type": kind, "source": source, "target": target}
    data = {name: item.having(value) for name, value in said.items() if value}
    if "ro" in options and options.index("ro") > _last(options, "rw"):
        data["read_only"] = yes(item)
    if "nocopy" in options:
        data["volume"] = item.having({"nocopy": yes(item)})
    bind = {"selinux": _SELINUX, "propagation": _PROPAGATIONS}
    found = {name: item.having(option) for name, known in bind.items() for option in options if option in known}
    if found and kind == "bind":
        data["bind"] = item.having(dict(found))
    return item.having(data)


def split_mount(text: str) -> tuple[str, str, tuple[str, ...]]:
    """Source, target and options of a short form. Raises `ValueError`."""
    if not text:
        raise ValueError("a mount cannot be empty")
    if len(text) < _SHORTEST:
        return "", text, ()
    parts = _sections(text)
    if "" in parts:
        raise ValueError(f"`{text}` has nothing between two colons")
    if len(parts) == 1:
        return "", clean_target(parts[0]), ()
    if len(parts) > _SHORTEST:
        raise ValueError(f"`{text}` has too many colons")
    options = tuple(parts[2].split(",")) if len(parts) > 2 else ()
    return parts[0], clean_target(parts[1]), options


def is_path(source: str) -> bool:
    """Whether a source is a path of the node, and no name of a volume."""
    is_drive = len(source) > 1 and source[0].isalpha() and source[1] == ":"
    return source.startswith((".", "/", "~", "\\\\")) or is_drive


def _sections(text: str) -> list[str]:
    """What is between the colons; one after a single letter belongs to a drive of Windows."""
    sections: list[str] = []
    for part in text.split(":"):
        if sections and len(sections[-1]) == 1 and sections[-1].isalpha():
            sections[-1] += f":{part}"
        else:
            sections.append(part)
    return sections


def _last(options: tuple[str, ...], option: str) -> int:
    return max((index for index, each in enumerate(options) if each == option), default=-1)
