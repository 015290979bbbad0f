"""Every short form made the long one, so that whatever asks sees one way of writing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from stems.tools.compose.model.merge import FORMS
from stems.tools.compose.model.pairs import as_field, as_list
from stems.tools.compose.model.patterns import Keys, Table, dotted
from stems.tools.compose.model.reading import Reading
from stems.tools.compose.model.specs.device import device_fields
from stems.tools.compose.model.specs.mount import mount_fields
from stems.tools.compose.model.specs.port import port_fields
from stems.tools.compose.model.value import Value, yes

Items = Callable[[Value], list[Value]]


def canonical(reading: Reading, value: Value, keys: Keys = ()) -> Value:
    """A tree in which only long forms are left; what has none is refused."""
    form, goes_on = _FORMS.look(keys)
    items, goes_on_in_items = _ITEMS.look(keys)
    value = form(value) if form else value
    if not (goes_on or items or goes_on_in_items):
        return value
    if isinstance(value.data, dict):
        reading.spend(len(value.data))
        return value.having({name: canonical(reading, inner, (*keys, name)) for name, inner in value.data.items()})
    if not isinstance(value.data, list):
        return value
    long = list(_long(reading, value, keys, items)) if items else value.data
    return value.having([canonical(reading, item, (*keys, "*")) for item in long])


def with_defaults(tree: Value) -> Value:
    """The folder that is built where none is written: that of the project, so it is added before paths are moved."""
    services = tree.at("services")
    if services is None or not services.fields:
        return tree
    built = {name: _built(service) for name, service in services.fields.items()}
    return tree.having({**tree.fields, "services": services.having(built)})


def _built(service: Value) -> Value:
    build = service.at("build")
    if build is None or not isinstance(build.data, dict) or "context" in build.data:
        return service
    return service.having({**service.fields, "build": build.having({**build.data, "context": build.having(".")})})


def _long(reading: Reading, value: Value, keys: Keys, items: Items) -> Iterator[Value]:
    for item in value.items:
        try:
            found = items(item)
        except ValueError as error:
            reading.refuse(item.place, f"{dotted(keys)}: {error}", _WRITTEN.get(keys[-1], ""))
            continue
        reading.spend(len(found))
        yield from found


_WRITTEN = {
    "ports": "write it as `PORT_OF_NODE:PORT`, with an address before it if it has one",
    "volumes": "write it as `SOURCE:TARGET`, or in its long form",
}
"""What the short forms look like."""


def _one(form: Callable[[Value], Value]) -> Items:
    return lambda item: [form(item)]


def _test(value: Value) -> Value:
    """A health check in one line runs in a shell."""
    return value.having([value.having("CMD-SHELL"), value]) if isinstance(value.data, str) else value


def _all_gpus(value: Value) -> Value:
    if value.data != "all":
        return value
    return value.having([value.having({"count": value})])


def _external(value: Value) -> Value:
    """`external: {name: X}` is an old way to say both."""
    name = value.at("external", "name")
    own = value.at("name")
    if name is None or (own is not None and own.data != name.data):
        return value
    return value.having({**value.fields, "external": yes(name), "name": name})


_FORMS: Table[Callable[[Value], Value]] = Table(
    FORMS
    | {f"{kind}.*": _external for kind in ("volumes", "networks", "secrets", "configs")}
    | {"services.*.healthcheck.test": _test, "services.*.gpus": _all_gpus, "services.*.label_file": as_list}
)

_ITEMS: Table[Items] = Table(
    {
        "services.*.ports": port_fields,
        "services.*.volumes": _one(mount_fields),
        "services.*.devices": _one(device_fields),
        "services.*.env_file": _one(as_field("path")),
        "services.*.configs": _one(as_field("source")),
        "services.*.secrets": _one(as_field("source")),
        "services.*.build.secrets": _one(as_field("source")),
    }
)
