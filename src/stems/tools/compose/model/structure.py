"""What Compose asks of single entries beyond their shape: a target, an address, one of several keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from stems.readers.substitution import UNKNOWN
from stems.tools.compose.model.patterns import Keys, Table, dotted
from stems.tools.compose.model.quantities import PARSES, problem
from stems.tools.compose.model.reading import Reading
from stems.tools.compose.model.specs.port import is_address
from stems.tools.compose.model.unique import check_targets
from stems.tools.compose.model.value import Value, is_true, plain

Check = Callable[[Value], str]
"""What is wrong with a value, or nothing."""


def check_structure(reading: Reading, tree: Value) -> None:
    for value, keys in _all(tree, ()):
        check, parse = _CHECKS.get(keys), PARSES.get(keys)
        wrong = (check(value) if check else "") or (problem(value, parse) if parse else "")
        if wrong:
            reading.refuse(value.place, f"{dotted(keys)}: {wrong}")
    if services := tree.at("services"):
        check_targets(reading, services)


def _all(value: Value, keys: Keys) -> Iterator[tuple[Value, Keys]]:
    """Every value that there is something to ask about, or below which there is."""
    yield value, keys
    if not (_CHECKS.look(keys)[1] or PARSES.look(keys)[1]):
        return
    for name, inner in value.fields.items():
        yield from _all(inner, (*keys, name))
    for item in value.items:
        yield from _all(item, (*keys, "*"))


def _port(value: Value) -> str:
    if not isinstance(value.data, dict):
        return ""
    target, host = plain(value.at("target")), plain(value.at("host_ip"))
    if target is None:
        return "it names no port in the container"
    if isinstance(target, int | float) and target < 0:
        return f"{target} is no port"
    return f"`{host}` is no IP address" if isinstance(host, str) and host and not is_address(host) else ""


def _mount(value: Value) -> str:
    if isinstance(value.data, dict) and plain(value.at("target")) is None:
        return "it has no `target`"
    is_bind = plain(value.at("type")) == "bind"
    return "a bind mount must have a `source`" if is_bind and not plain(value.at("source")) else ""


def _device(value: Value) -> str:
    return "it has no `target`" if isinstance(value.data, dict) and value.at("target") is None else ""


def _grant(value: Value) -> str:
    return "it has no `source`" if isinstance(value.data, dict) and not plain(value.at("source")) else ""


def _request(value: Value) -> str:
    return "it cannot have both `count` and `device_ids`" if {"count", "device_ids"} <= value.fields.keys() else ""


def _watched(value: Value) -> str:
    return "a path cannot be empty" if value.data == "" else ""


def _volume(value: Value) -> str:
    if not is_true(value.at("external")):
        return ""
    others = sorted(key for key in value.fields if key not in {"external", "name"} and not key.startswith("x-"))
    return f"what is external cannot have `{others[0]}`" if others else ""


def _content(*names: str) -> Check:
    def check(value: Value) -> str:
        if not isinstance(value.data, dict):
            return ""
        said = [name for name in names if name in value.fields]
        if len(said) > 1:
            return f"only one of `{'` and `'.join(said)}` is possible"
        is_given = said or "external" in value.fields or "driver" in value.fields
        return "" if is_given else f"it needs one of {', '.join(f'`{name}`' for name in names)}"

    return check


def _named_once(value: Value) -> str:
    name = value.at("external", "name")
    own = value.at("name")
    if name is None or own is None or UNKNOWN in (name.data, own.data):
        return ""
    return "`name` and `external.name` differ" if name.data != own.data else ""


_CHECKS: Table[Check] = Table(
    {
        "services.*.ports.*": _port,
        "services.*.volumes.*": _mount,
        "services.*.configs.*": _grant,
        "services.*.devices.*": _device,
        "services.*.secrets.*": _grant,
        "services.*.gpus.*": _request,
        "services.*.deploy.resources.reservations.devices.*": _request,
        "services.*.develop.watch.*.path": _watched,
        "volumes.*": lambda value: _volume(value) or _named_once(value),
        "networks.*": _named_once,
        "configs.*": _content("file", "environment", "content"),
        "secrets.*": _content("file", "environment"),
    }
)
