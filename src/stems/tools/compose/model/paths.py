"""Paths of a Compose file, which are relative to the folder of the file that they stand in."""

from __future__ import annotations

import re
from collections.abc import Callable

from stems.tools.compose.model.patterns import Keys, Table
from stems.tools.compose.model.reading import joined
from stems.tools.compose.model.value import Value

_REMOTE = re.compile(r"[a-z][a-z0-9+.-]*://|git@|github\.com/|(service|docker-image|oci-layout|target):", re.IGNORECASE)


def rebased(value: Value, folder: str, keys: Keys = ()) -> Value:
    """A tree whose relative paths start at where `folder` is relative to."""
    move, goes_on = _PATHS.look(keys)
    if move is not None:
        return move(value, folder)
    if not goes_on:
        return value
    if isinstance(value.data, dict):
        return value.having({name: rebased(inner, folder, (*keys, name)) for name, inner in value.data.items()})
    if isinstance(value.data, list):
        return value.having([rebased(item, folder, (*keys, "*")) for item in value.data])
    return value


def _mount(value: Value, folder: str) -> Value:
    kind, source = value.at("type"), value.at("source")
    if kind is None or kind.data != "bind" or source is None:
        return value
    return value.having({**value.fields, "source": _moved(source, folder)})


def _moved(value: Value, folder: str) -> Value:
    if not isinstance(value.data, str) or not value.data or _REMOTE.match(value.data) or "\\" in value.data:
        return value
    return value.having(joined(folder, value.data))


_PATHS: Table[Callable[[Value, str], Value]] = Table(
    {
        "services.*.volumes.*": _mount,
        **dict.fromkeys(
            (
                "services.*.build.context",
                "services.*.build.additional_contexts.*",
                "services.*.env_file.*.path",
                "services.*.label_file.*",
                "services.*.credential_spec.file",
                "services.*.develop.watch.*.path",
                "configs.*.file",
                "secrets.*.file",
            ),
            _moved,
        ),
    }
)
