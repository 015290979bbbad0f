"""Whether the parts of a project fit together: what is named is there, and nothing says two things."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from stems.model.suggestion import did_you_mean, nearest
from stems.readers.substitution import UNKNOWN
from stems.tools.compose.model.cycles import find_cycle
from stems.tools.compose.model.quantities import amount
from stems.tools.compose.model.reading import REFUSED, UNDEFINED, Reading
from stems.tools.compose.model.shapes.service import SERVICE
from stems.tools.compose.model.value import Value, plain

OF_SERVICE = "service:"
_SOURCES = frozenset({"image", "build", "provider"})
_KEYS = frozenset(SERVICE.keys or {})


@dataclass(frozen=True, slots=True)
class Parts:
    """The sections of a project. `started` are the services that run with the profiles that are asked for."""

    reading: Reading
    services: Mapping[str, Value]
    sections: Mapping[str, Mapping[str, Value]]
    started: frozenset[str]

    def report(self, service: str, value: Value, message: str, remedy: str = "", *, code: str = REFUSED) -> None:
        """An error, or a warning about a service that does not run now."""
        say = self.reading.refuse if service in self.started else self.reading.warn
        say(value.place, f"{service}: {message}", remedy, code=code)


Check = Callable[[Parts, str, Value], None]


def check_consistency(parts: Parts) -> None:
    for name, service in parts.services.items():
        for check in _CHECKS:
            check(parts, name, service)
    _names_of_containers(parts)
    _circles(parts)


def _circles(parts: Parts) -> None:
    needs = {name: list(needed(parts.services[name])) for name in sorted(parts.started)}
    circle = find_cycle({name: [need.name for need in wanted] for name, wanted in needs.items()})
    if circle:
        where = next(need.where for need in needs[circle[0]] if need.name == circle[1])
        parts.report(circle[0], where, f"waits for itself: {' → '.join(circle)}")


@dataclass(frozen=True, slots=True)
class Need:
    """A service that another one needs, and where that is said."""

    name: str
    where: Value
    is_required: bool = True


def needed(service: Value) -> Iterator[Need]:
    """Every service that a service names in one way or another."""
    for name, how in (service.at("depends_on") or service.having({})).fields.items():
        yield Need(name, how, is_required=plain(how.at("required")) is not False)
    for key in ("links", "volumes_from"):
        for item in (service.at(key) or service.having([])).items:
            if isinstance(item.data, str) and not (key == "volumes_from" and item.data.startswith("container:")):
                yield Need(item.data.partition(":")[0], item)
    for key in ("network_mode", "ipc", "pid", "uts", "cgroup"):
        value = service.at(key)
        if value is not None and isinstance(value.data, str) and value.data.startswith(OF_SERVICE):
            yield Need(value.data.removeprefix(OF_SERVICE), value)


def _needs(parts: Parts, name: str, service: Value) -> None:
    for need in needed(service):
        is_known = need.name in parts.services
        if not is_known and parts.reading.is_complete and _is_text(need.name):
            meant = did_you_mean(need.name, parts.services)
            message = f"needs `{need.name}`, and there is no such service{meant}"
            parts.report(name, need.where, message, code=UNDEFINED)
        elif is_known and need.is_required and name in parts.started and need.name not in parts.started:
            remedy = f"give {name} the same profile, or say `required: false`"
            parts.report(name, need.where, f"needs `{need.name}`, which runs only with a profile", remedy)


def _source(parts: Parts, name: str, service: Value) -> None:
    image = service.at("image")
    has_image = image is not None and image.data not in ("", None)
    # What extends something that is not there, or has a slip in `image`, was refused for that.
    is_refused = "extends" in service.fields or any(nearest(key, _SOURCES) for key in service.fields.keys() - _KEYS)
    if has_image or is_refused or not _SOURCES.isdisjoint(service.fields.keys() - {"image"}):
        return
    if parts.reading.is_complete:
        parts.report(name, service, "has neither `image` nor `build`", f"name an image for {name}")


def _used(service: Value) -> Iterator[tuple[str, str, Value]]:
    """What a service uses of the other sections: the section, the name and where."""
    for kind in ("networks", "models"):
        for name, value in (service.at(kind) or service.having({})).fields.items():
            yield kind, name, value
    for kind, keys in (("configs", ("configs",)), ("secrets", ("secrets",)), ("secrets", ("build", "secrets"))):
        for item in (service.at(*keys) or service.having([])).items:
            source = item.at("source")
            if source is not None and isinstance(source.data, str):
                yield kind, source.data, item
    for item in (service.at("volumes") or service.having([])).items:
        source = item.at("source")
        if plain(item.at("type")) == "volume" and source is not None and isinstance(source.data, str) and source.data:
            yield "volumes", source.data, item


def _is_text(name: str) -> bool:
    """Whether a name is known: an entry of a list whose name is not stands there as it is written."""
    return "$" not in name


def _defined(parts: Parts, name: str, service: Value) -> None:
    for kind, used, where in _used(service):
        defined = parts.sections[kind]
        is_default = kind == "networks" and used == "default"
        if used not in defined and parts.reading.is_complete and not is_default and _is_text(used):
            meant = did_you_mean(used, defined)
            remedy = f"write `{used}:` under `{kind}`"
            parts.report(name, where, f"`{used}` is not under `{kind}`{meant}", remedy, code=UNDEFINED)


def _network_mode(parts: Parts, name: str, service: Value) -> None:
    mode, networks = service.at("network_mode"), service.at("networks")
    if mode is not None and mode.data and networks is not None and networks.fields:
        parts.report(name, networks, "cannot have both `network_mode` and `networks`")


def _health(parts: Parts, name: str, service: Value) -> None:
    test = service.at("healthcheck", "test")
    first = test.items[0] if test is not None and test.items else None
    if first is not None and first.data not in ("CMD", "CMD-SHELL", "NONE", UNKNOWN):
        parts.report(name, first, "a health check in a list must start with `CMD`, `CMD-SHELL` or `NONE`")


def _build(parts: Parts, name: str, service: Value) -> None:
    inline = service.at("build", "dockerfile_inline")
    if inline is not None and service.at("build", "dockerfile") is not None:
        parts.report(name, inline, "cannot have both `dockerfile` and `dockerfile_inline`")
    platforms, platform = service.at("build", "platforms"), service.at("platform")
    said = plain(platforms) if platforms is not None and platforms.items else None
    if not isinstance(said, list) or platform is None or UNKNOWN in (platform.data, *said):
        return
    if platform.data and platform.data not in said:
        parts.report(name, platform, f"is built for other platforms than `{platform.data}`")


def _names_of_containers(parts: Parts) -> None:
    seen: dict[str, str] = {}
    for name in sorted(parts.started):
        value = parts.services[name].at("container_name")
        if value is None or not isinstance(value.data, str):
            continue
        if value.data in seen:
            parts.report(name, value, f"has the same `container_name` as {seen[value.data]}")
        seen[value.data] = name


def _container(parts: Parts, name: str, service: Value) -> None:
    named = service.at("container_name")
    scale = service.at("scale") or service.at("deploy", "replicas")
    if scale is not None and isinstance(scale.data, int | float):
        if scale.data < 0:
            parts.report(name, scale, "cannot run fewer times than not at all")
        elif scale.data > 1 and named is not None:
            parts.report(name, named, "runs more than once, so it cannot have a `container_name`")


def _twice(parts: Parts, name: str, service: Value) -> None:
    """What can be said in two places must be the same in both."""
    for key, path in _SAID_TWICE.items():
        left, right = service.at(key), service.at("deploy", *path)
        if left is None or right is None or UNKNOWN in (left.data, right.data):
            continue
        if amount(left) != amount(right):
            parts.report(name, left, f"`{key}` and `deploy.{'.'.join(path)}` differ")


_CHECKS: tuple[Check, ...] = (_source, _needs, _defined, _network_mode, _health, _build, _container, _twice)

_SAID_TWICE = {
    "scale": ("replicas",),
    "mem_limit": ("resources", "limits", "memory"),
    "mem_reservation": ("resources", "reservations", "memory"),
    "cpus": ("resources", "limits", "cpus"),
    "pids_limit": ("resources", "limits", "pids"),
}
