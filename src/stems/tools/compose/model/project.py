"""A Compose project as it was read: nouns whose fields are known, absent (`None`, empty) or `UNKNOWN`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from stems.model.finding import Finding, Place
from stems.readers.substitution import UNKNOWN, Unknown
from stems.tools.compose.model.specs.image import ImageReference
from stems.tools.compose.model.value import Value

Text = str | Unknown


@dataclass(frozen=True, slots=True)
class Port:
    """A port of a container. `published` is empty where Docker chooses one, `address` where it is every address.

    `published` may be a range, of which one port is taken. With a `span` it stands for as many ports in a row, from
    `target` on, each of which has its own in the range.
    """

    place: Place
    target: int | Unknown
    published: Text = ""
    address: Text = ""
    protocol: Text = "tcp"
    span: int = 1
    written: str = ""

    @property
    def is_certain(self) -> bool:
        """Whether it takes all of its `numbers`, and not one of them."""
        return len(self.numbers) <= self.span

    @property
    def numbers(self) -> range:
        """The ports of the node that it may take; none where that is not known."""
        if isinstance(self.published, Unknown):
            return range(0)
        first, _, last = self.published.partition("-")
        if not first.isdecimal() or not (last or first).isdecimal():
            return range(0)
        return range(max(int(first), 1), int(last or first) + 1)


@dataclass(frozen=True, slots=True)
class Mount:
    """Something mounted in a container. A `source` that is a path starts at the root of the repository.

    `kind` is `bind`, `volume`, `tmpfs`, `npipe`, `cluster` or `image`; the source of an anonymous volume is empty.
    """

    place: Place
    kind: Text
    source: Text
    target: Text
    is_read_only: bool | Unknown = False
    written: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """The image of a service, and its parts where they are known.

    Where only its tag or digest depends on a variable, `named` has the rest, which is what the image is.
    """

    place: Place
    text: Text
    reference: ImageReference | None = None
    written: str = ""
    named: ImageReference | None = None


@dataclass(frozen=True, slots=True)
class Build:
    """How an image is built. A `context` on this machine starts at the root of the repository."""

    place: Place
    context: Text
    dockerfile: Text
    arguments: Mapping[str, Variable] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Variable:
    """The value of a variable, a label or an argument. `None` is a name that is passed on and has no value."""

    place: Place
    value: Text | None


@dataclass(frozen=True, slots=True)
class EnvFile:
    """A file of variables. `is_found` is unknown for one that something else writes."""

    place: Place
    path: Text
    is_required: bool
    is_found: bool | Unknown


@dataclass(frozen=True, slots=True)
class Dependency:
    """Another service that is started first."""

    place: Place
    condition: Text = "service_started"
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class Health:
    """A health check. Durations are seconds."""

    place: Place
    is_disabled: bool | Unknown
    test: tuple[Text, ...] = ()
    interval: float | Unknown | None = None
    timeout: float | Unknown | None = None
    start_period: float | Unknown | None = None
    retries: int | Unknown | None = None


@dataclass(frozen=True, slots=True)
class Resources:
    """What a service may use at most, and what is kept for it. Memory in bytes; `None` where nothing is said."""

    memory: int | Unknown | None = None
    cpus: float | Unknown | None = None
    pids: int | Unknown | None = None
    reserved_memory: int | Unknown | None = None
    reserved_cpus: float | Unknown | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Device:
    """A device of the node in a container, or a request for some such as GPUs, whose `source` is the driver."""

    place: Place
    source: Text
    target: Text = ""
    capabilities: tuple[Text, ...] = ()
    count: int | Text | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """A config or a secret of a service."""

    place: Place
    source: Text
    target: Text = ""


@dataclass(frozen=True, slots=True)
class Service:
    """One service of a project, with everything that it extends and what overrides it.

    `value` has every key, in the long form, for what no field is there for.
    """

    name: str
    place: Place
    value: Value
    is_started: bool
    """Whether it runs with the profiles that the project was read with."""
    image: Image | None = None
    build: Build | None = None
    ports: tuple[Port, ...] = ()
    mounts: tuple[Mount, ...] = ()
    environment: Mapping[str, Variable] = field(default_factory=dict)
    env_files: tuple[EnvFile, ...] = ()
    labels: Mapping[str, Variable] = field(default_factory=dict)
    depends_on: Mapping[str, Dependency] = field(default_factory=dict)
    networks: Mapping[str, Place] = field(default_factory=dict)
    configs: tuple[Grant, ...] = ()
    secrets: tuple[Grant, ...] = ()
    profiles: tuple[Text, ...] = ()
    health: Health | None = None
    resources: Resources = Resources()
    devices: tuple[Device, ...] = ()
    gpus: tuple[Device, ...] = ()

    def text(self, *keys: str) -> Text | None:
        """The text under some keys, such as `restart`; None where there is none."""
        found = self.value.at(*keys)
        data = found.data if found else None
        return data if isinstance(data, str | Unknown) else None

    def flag(self, *keys: str) -> bool | Unknown:
        """Whether something such as `privileged` is set."""
        found = self.value.at(*keys)
        return UNKNOWN if found and found.data is UNKNOWN else bool(found and found.data is True)

    def place_of(self, *keys: str) -> Place:
        """Where something under some keys is written, or the service where it is not."""
        found = self.value.at(*keys)
        return found.place if found else self.place

    @property
    def publishes(self) -> bool:
        """Whether its ports are published: not from the network of the host, of another container, or from none."""
        mode = self.text("network_mode") or ""
        return mode is not UNKNOWN and mode.partition(":")[0] not in ("host", "none", "service", "container")

    @property
    def environment_is_whole(self) -> bool:
        """Whether every file of its environment could be read."""
        return all(file.is_found is not UNKNOWN for file in self.env_files)


@dataclass(frozen=True, slots=True)
class Named:
    """A network, a volume, a config or a secret of a project. A `file` starts at the root of the repository."""

    name: str
    place: Place
    value: Value
    is_external: bool | Unknown = False
    real_name: Text = ""
    file: Text = ""


@dataclass(frozen=True, slots=True)
class Project:
    """What the files of one project say together, and what is wrong with them."""

    name: Text
    folder: str
    files: tuple[str, ...]
    services: Mapping[str, Service]
    networks: Mapping[str, Named]
    volumes: Mapping[str, Named]
    configs: Mapping[str, Named]
    secrets: Mapping[str, Named]
    findings: tuple[Finding, ...]
    is_complete: bool
    """Whether every file that belongs to it was there to be read: what is missing may else be in one that was not."""
    unset: Mapping[str, Place] = field(default_factory=dict)
    """Variables without a value or a default, which Compose refuses or takes for empty, and where one is used."""
    place: Place | None = None
    """Where its first file begins; None where no file could be read."""
    written_name: Value | None = None
    absent: Mapping[Place, tuple[str, ...]] = field(default_factory=dict)
    """Values that variables without a value have a say in, and which of these have no default either."""
    unseen: Mapping[Place, str] = field(default_factory=dict)
    """Where a Compose file is named that is out of sight, and as what."""
    has_whole_env: bool = True
    """Whether each `.env` that Compose would read was there: without it, a node may have one that says more."""

    def is_certain(self, *values: Value | None) -> bool:
        """Whether no `.env` of a node can change what these values and their fields say."""
        places = {each.place for value in values if value for each in (value, *value.fields.values())}
        return self.has_whole_env or places.isdisjoint(self.absent)
