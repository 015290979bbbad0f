"""A Compose file laid over another: what is added, what is replaced, and `!reset` and `!override`."""

from __future__ import annotations

from collections.abc import Callable

from stems.tools.compose.model.pairs import Form, as_dependencies, as_field, as_host_list, as_list, as_named, as_pairs
from stems.tools.compose.model.patterns import Keys, Table, dotted
from stems.tools.compose.model.reading import Reading
from stems.tools.compose.model.value import Value

RESET = "!reset"
OVERRIDE = "!override"

Merge = Callable[[Reading, Value, Value, Keys], Value]


def merged(reading: Reading, left: Value, right: Value, keys: Keys = ()) -> Value:
    """The right one over the left one. What is marked `!reset` or `!override` stays marked."""
    special = _SPECIAL.get(keys, _plain)
    if right.tag in {RESET, OVERRIDE}:
        return right
    # Nothing changes nothing, except where the right one replaces the left one whatever it is.
    if right.data is None and special is not _replaced:
        return left
    return special(reading, left, right, keys)


def cleaned(reading: Reading, value: Value) -> Value:
    """A value without what is reset in it, and without the marks."""
    if isinstance(value.data, dict):
        reading.spend(len(value.data))
        kept = {key: cleaned(reading, inner) for key, inner in value.data.items() if inner.tag != RESET}
        return value.having(kept)
    if isinstance(value.data, list):
        reading.spend(len(value.data))
        return value.having([cleaned(reading, item) for item in value.data if item.tag != RESET])
    return value.having(value.data) if value.tag else value


def _plain(reading: Reading, left: Value, right: Value, keys: Keys) -> Value:
    if isinstance(left.data, dict) and isinstance(right.data, dict):
        return _mappings(reading, left, right, keys)
    if isinstance(left.data, list) and isinstance(right.data, list):
        reading.spend(len(left.data) + len(right.data))
        return right.having([*left.data, *right.data])
    if isinstance(left.data, dict | list):
        reading.refuse(right.place, f"{dotted(keys)} cannot be laid over what it is at {left.place}")
        return left
    return right


def _mappings(reading: Reading, left: Value, right: Value, keys: Keys) -> Value:
    reading.spend(len(left.fields) + len(right.fields))
    data = dict(left.fields)
    for name, value in right.fields.items():
        if name in data and not name.startswith("x-"):
            data[name] = merged(reading, data[name], value, (*keys, name))
        else:
            data[name] = value
    # A mapping that only changes something is not where the thing itself is.
    return left.having(data)


def _replaced(_reading: Reading, _left: Value, right: Value, _keys: Keys) -> Value:
    return right


def _logging(reading: Reading, left: Value, right: Value, keys: Keys) -> Value:
    """Options of one driver mean nothing to another."""
    drivers = [side.at("driver") for side in (left, right)]
    if all(drivers) and len({repr(driver.data) for driver in drivers if driver}) > 1:
        return right
    return _plain(reading, left, right, keys)


def _limit(reading: Reading, left: Value, right: Value, keys: Keys) -> Value:
    both = isinstance(left.data, dict) and isinstance(right.data, dict)
    return _plain(reading, left, right, keys) if both else right


def _in_form(form: Form) -> Merge:
    """Both sides are brought to one form first."""

    def merge(reading: Reading, left: Value, right: Value, keys: Keys) -> Value:
        # Laid over something, a text is a list of one, which it may not be alone.
        before, after = form(left), form(as_list(right) if form in (as_pairs, as_host_list) else right)
        if isinstance(after.data, dict | list) or not isinstance(before.data, dict | list):
            return _plain(reading, before, after, keys)
        reading.warn(right.place, f"{dotted(keys)} is not what it is at {left.place}: Compose ignores it here")
        return before

    return merge


_PAIRS = (
    "annotations", "build.args", "build.additional_contexts", "build.labels", "build.ssh", "deploy.labels",
    "environment", "labels", "sysctls", "volumes.*.volume.labels",
)  # fmt: skip

FORMS: dict[str, Form] = {
    **{f"services.*.{path}": as_pairs for path in _PAIRS},
    **{f"{kind}.*.labels": as_pairs for kind in ("networks", "volumes", "secrets", "configs")},
    **{f"services.*.{path}": as_list for path in ("dns", "dns_opt", "dns_search", "env_file", "label_file", "tmpfs")},
    "services.*.build": as_field("context"),
    "services.*.build.extra_hosts": as_host_list,
    "services.*.extra_hosts": as_host_list,
    "services.*.depends_on": as_dependencies,
    "services.*.models": as_named,
    "services.*.networks": as_named,
}

_SPECIAL: Table[Merge] = Table(
    {path: _in_form(form) for path, form in FORMS.items()}
    | {f"services.*.{path}": _replaced for path in ("command", "entrypoint", "healthcheck.test")}
    | {"services.*.logging": _logging, "services.*.ulimits.*": _limit}
)
