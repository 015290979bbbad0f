"""Containers of Podman's quadlets, told in Compose's words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from stems.model.finding import Place
from stems.tools.compose.model.project import Service
from stems.validation.run_options import Option, mount_of, read_run, split_words
from stems.validation.subject import Subject
from stems.validation.units import Setting, Unit, units_of
from stems.validation.written_services import fields_of, service_of, value_of, where

_OF_THE_UNIT = {"%t": "/run", "%h": "~", "%%": "%"}


def quadlet_containers_of(subject: Subject) -> tuple[Service, ...]:
    """Asked for with `subject.once`."""
    return tuple(_of_quadlets(subject))


def _of_quadlets(subject: Subject) -> Iterator[Service]:
    for unit in subject.once(units_of):
        if unit.kind == "container" and not unit.file.is_aside:
            image = next(unit.says("Image", section="Container"), None)
            if image is not None:
                yield _of_quadlet(unit, image)


def _of_quadlet(unit: Unit, image: Setting) -> Service:
    own = [each for each in unit.settings if each.section == "Container"]
    said = [(option, _place(unit, each, option)) for each in own for option in _options(each)]
    fields = fields_of(said)
    # An image that another unit makes is built here.
    is_own = image.value.endswith((".image", ".build")) or image.value.startswith("localhost/")
    fields["image"] = value_of(None if is_own else image.value.strip("\"'"), image.place)
    return service_of(unit.file.name.removesuffix(".container"), image.place, fields)


def _place(unit: Unit, setting: Setting, option: Option) -> Place:
    """Where it is written; in a setting of several lines, the one that has it."""
    found = where(unit.file, setting.place.line, option.word) if option.word else setting.place
    return found if found.line != setting.place.line else setting.place


def _options(setting: Setting) -> Iterable[Option]:
    """What one setting of `[Container]` says."""
    read = _SETTINGS.get(setting.key)
    return read(_expanded(setting.value)) if read else ()


def _words(key: str) -> Callable[[str], Iterable[Option]]:
    return lambda text: [Option(key, word, word) for word in split_words(text)]


def _text(key: str, start: str = "") -> Callable[[str], Iterable[Option]]:
    return lambda text: [Option(key, start + text, text)]


def _mount(text: str) -> Iterable[Option]:
    return [Option("volumes", mount_of(text), text)]


def _elsewhere(text: str) -> Iterable[Option]:
    """What these bring may be a mount, or say where the data is."""
    return [Option("volumes_from", [text], text)]


def _network(text: str) -> Iterable[Option]:
    """One that is a unit is a network of its own."""
    return [] if text.endswith(".network") else [Option("network_mode", text, text)]


def _podman(text: str) -> Iterable[Option]:
    return read_run(split_words(text)).options


_SETTINGS: dict[str, Callable[[str], Iterable[Option]]] = {
    "AddCapability": _words("cap_add"),
    "AddDevice": _text("devices"),
    "Environment": _words("environment"),
    "EnvironmentFile": _elsewhere,
    "Exec": _text("command"),
    "Memory": _text("mem_limit"),
    "Mount": _mount,
    "Network": _network,
    "Pod": _elsewhere,
    "PodmanArgs": _podman,
    "PublishPort": _text("ports"),
    "SeccompProfile": _text("security_opt", "seccomp:"),
    "Tmpfs": _text("tmpfs"),
    "UserNS": _text("userns_mode"),
    "Volume": _text("volumes"),
}


def _expanded(text: str) -> str:
    for sign, meaning in _OF_THE_UNIT.items():
        text = text.replace(sign, meaning)
    return text
