"""Devices in their short form: `/dev/dri:/dev/dri:rwm`."""

from __future__ import annotations

from stems.tools.compose.model.value import Value, plain

_MOST_PARTS = 3


def device_target(item: Value) -> str | None:
    """Where in the container it is, None when that is not known."""
    if isinstance(item.data, str):
        parts = item.data.split(":")
        return parts[1] if len(parts) > 1 else parts[0]
    target = plain(item.at("target"))
    return target if isinstance(target, str) else None


def device_fields(item: Value) -> Value:
    """The long form of a text. Raises `ValueError` for one that Compose refuses."""
    if not isinstance(item.data, str):
        return item
    parts = item.data.split(":")
    if len(parts) > _MOST_PARTS:
        raise ValueError(f"`{item.data}` has too many colons: write `source`, `target` and `permissions` out")
    source = parts[0]
    target = parts[1] if len(parts) > 1 else source
    permissions = parts[2] if len(parts) > 2 else "rwm"
    said = {"source": source, "target": target, "permissions": permissions}
    return item.having({name: item.having(text) for name, text in said.items()})
