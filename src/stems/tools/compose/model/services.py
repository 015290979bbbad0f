"""Services of a project made of what is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from stems.model.finding import Place
from stems.readers.substitution import UNKNOWN, Unknown
from stems.tools.compose.model.environment import Environment, Values, evaluated
from stems.tools.compose.model.fields import (
    duration_of,
    flag_of,
    number_of,
    size_of,
    text_of,
    texts_of,
    variables_of,
    whole_of,
)  # fmt: skip
from stems.tools.compose.model.project import (
    Build,
    Dependency,
    Device,
    EnvFile,
    Grant,
    Health,
    Image,
    Mount,
    Port,
    Resources,
    Service,
    Variable,
)  # fmt: skip
from stems.tools.compose.model.specs.image import split_image
from stems.tools.compose.model.specs.mount import clean_target
from stems.tools.compose.model.specs.port import SPAN
from stems.tools.compose.model.value import Value

_ADD = "add the file, or say `required: false`"
_NOT = frozenset({"false", "no", "n", "off"})


_FIXED_NAME = re.compile(r"(?P<name>[A-Za-z0-9][\w./-]*(?::\d+/[\w./-]+)?)[:@][\w.-]*\$")
"""A name with nothing of a variable in it, before a tag or digest that has one."""


def read_service(environment: Environment, name: str, value: Value, *, is_started: bool) -> Service:
    env_files = tuple(_env_files(environment, name, value, is_started=is_started))
    return Service(
        name,
        value.key,
        value,
        is_started,
        image=_image(value.at("image")),
        build=_build(environment, value.at("build")),
        ports=tuple(_port(item) for item in _items(value, "ports")),
        mounts=tuple(_mount(item) for item in _items(value, "volumes")),
        environment=_environment(environment, value, env_files),
        env_files=env_files,
        labels=_labels(environment, name, value, is_started=is_started),
        depends_on={key: _dependency(one) for key, one in (value.at("depends_on") or value.having({})).fields.items()},
        networks={key: one.place for key, one in (value.at("networks") or value.having({})).fields.items()},
        configs=tuple(_grant(item) for item in _items(value, "configs")),
        secrets=tuple(_grant(item) for item in _items(value, "secrets")),
        profiles=texts_of(value.at("profiles")),
        health=_health(value.at("healthcheck")),
        resources=_resources(value),
        devices=tuple(_device(item) for item in _items(value, "devices")),
        gpus=tuple(_gpus(value)),
    )


def _items(value: Value, *keys: str) -> list[Value]:
    found = value.at(*keys)
    return found.items if found else []


def _image(value: Value | None) -> Image | None:
    text = text_of(value)
    if value is None or text == "":
        return None
    reference = split_image(text) if isinstance(text, str) else None
    fixed = _FIXED_NAME.match(value.written) if reference is None else None
    return Image(value.place, text, reference, value.written, split_image(fixed["name"]) if fixed else reference)


def _build(environment: Environment, value: Value | None) -> Build | None:
    if value is None or not isinstance(value.data, dict):
        return None
    arguments = _passed(environment, value.at("args"))
    return Build(
        value.place, text_of(value.at("context"), "."), text_of(value.at("dockerfile"), "Dockerfile"), arguments
    )


def _port(item: Value) -> Port:
    if item.data is UNKNOWN:
        return Port(item.place, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, written=item.written)
    target, span = whole_of(item.at("target")), item.at(SPAN)
    published = item.at("published")
    return Port(
        item.place,
        UNKNOWN if target is None else target,
        text_of(published),
        text_of(item.at("host_ip")),
        text_of(item.at("protocol"), "tcp"),
        span.data if span is not None and isinstance(span.data, int) else 1,
        item.written or (published.written if published else ""),
    )


def _mount(item: Value) -> Mount:
    if item.data is UNKNOWN:
        return Mount(item.place, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, item.written)
    kind, source, target = (text_of(item.at(name)) for name in ("type", "source", "target"))
    target = clean_target(target) if isinstance(target, str) else target
    return Mount(item.place, kind, source, target, flag_of(item.at("read_only")), item.written)


def _dependency(value: Value) -> Dependency:
    required = value.at("required")
    is_required = required is None or required.data is not False
    return Dependency(value.key, text_of(value.at("condition"), "service_started"), is_required)


def _grant(item: Value) -> Grant:
    if item.data is UNKNOWN:
        return Grant(item.place, UNKNOWN, UNKNOWN)
    return Grant(item.place, text_of(item.at("source")), text_of(item.at("target")))


def _health(value: Value | None) -> Health | None:
    if value is None:
        return None
    test = texts_of(value.at("test"))
    disabled = flag_of(value.at("disable"))
    if test[:1] == ("NONE",):
        disabled = True
    return Health(
        value.place,
        disabled,
        test,
        interval=duration_of(value.at("interval")),
        timeout=duration_of(value.at("timeout")),
        start_period=duration_of(value.at("start_period")),
        retries=whole_of(value.at("retries")),
    )


def _resources(value: Value) -> Resources:
    limits, kept = (value.at("deploy", "resources", key) or value.having({}) for key in ("limits", "reservations"))
    memory = limits.at("memory") or value.at("mem_limit")
    cpus = limits.at("cpus") or value.at("cpus")
    said = memory or cpus or kept.at("memory") or kept.at("cpus")
    return Resources(
        size_of(memory),
        number_of(cpus),
        whole_of(limits.at("pids") or value.at("pids_limit")),
        size_of(kept.at("memory") or value.at("mem_reservation")),
        number_of(kept.at("cpus")),
        said.place if said else None,
    )


def _device(item: Value) -> Device:
    if item.data is UNKNOWN:
        return Device(item.place, UNKNOWN, UNKNOWN)
    return Device(item.place, text_of(item.at("source")), text_of(item.at("target")))


def _gpus(value: Value) -> Iterator[Device]:
    for item in [*_items(value, "gpus"), *_items(value, "deploy", "resources", "reservations", "devices")]:
        count = item.at("count")
        amount: int | str | Unknown | None = text_of(count) if count else None
        yield Device(
            item.place,
            text_of(item.at("driver")),
            capabilities=texts_of(item.at("capabilities")),
            count=int(amount) if isinstance(amount, str) and amount.isdecimal() else amount,
        )


def _env_files(environment: Environment, name: str, value: Value, *, is_started: bool) -> Iterator[EnvFile]:
    reading = environment.reading
    for item in _items(value, "env_file"):
        path = text_of(item.at("path"))
        required = item.at("required")
        is_required = required is None or str(required.data).lower() not in _NOT
        is_found: bool | Unknown = UNKNOWN
        if isinstance(path, str) and path and not reading.is_elsewhere(path):
            is_found = reading.text(path) is not None
        if is_found is False and is_required:
            _say(environment, is_started=is_started)(item.place, f"{name}: {path} is not there", _ADD)
        yield EnvFile(item.place, path, is_required, is_found)


def _environment(environment: Environment, value: Value, files: tuple[EnvFile, ...]) -> Mapping[str, Variable]:
    """The variables of a container: those of the files, then those of the section."""
    found: dict[str, Variable] = {}
    for file, item in zip(files, _items(value, "env_file"), strict=True):
        if file.is_found is True and isinstance(file.path, str):
            text = environment.reading.text(file.path) or ""
            is_raw = text_of(item.at("format")) == "raw"
            values = evaluated(environment, text, file.path, is_raw=is_raw)
            found |= _of_file(environment, file.path, values)
    return found | _passed(environment, value.at("environment"))


def _of_file(environment: Environment, path: str, values: Values) -> dict[str, Variable]:
    places = environment.reading.entries
    return {name: Variable(places.get((path, name), Place(path)), value) for name, value in values.items()}


def _passed(environment: Environment, value: Value | None) -> dict[str, Variable]:
    """Variables of which those without a value are passed on from the environment of Compose."""
    return {
        name: Variable(one.place, environment.lookup(name) if one.value is None else one.value)
        for name, one in variables_of(value).items()
    }


def _labels(environment: Environment, name: str, value: Value, *, is_started: bool) -> Mapping[str, Variable]:
    """The labels of files, then those of the section."""
    found: dict[str, Variable] = {}
    for item in _items(value, "label_file"):
        path = item.data
        if not isinstance(path, str) or environment.reading.is_elsewhere(path):
            continue
        text = environment.reading.text(path)
        if text is None:
            _say(environment, is_started=is_started)(item.place, f"{name}: {path} is not there", "add the file")
            continue
        found |= _of_file(environment, path, evaluated(environment, text, path))
    for key, label in variables_of(value.at("labels")).items():
        found[key] = Variable(label.place, "") if label.value is None else label
    return found


def _say(environment: Environment, *, is_started: bool) -> Callable[[Place, str, str], None]:
    """An error, or a warning about a service that does not run now."""
    return environment.reading.refuse if is_started else environment.reading.warn
