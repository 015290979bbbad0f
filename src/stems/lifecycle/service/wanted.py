"""A service that somebody wants, with what can be known of it, and its entry in the cluster file."""

from __future__ import annotations

from dataclasses import dataclass
from posixpath import join, normpath

from stems.errors import UsageError
from stems.model.cluster import Cluster
from stems.model.service import Data, Requirements, Service
from stems.readers.quantities import read_size
from stems.tools.compose.model.specs.image import split_image
from stems.validation.images import BACKENDS, STATE

COMPOSE, SYSTEMD = "compose", "systemd"
MEMORY = "256M"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is empty or 0 was not said. `port` is `PORT` or `NODE:PORT`, `health` a path to ask for or a command.

    `data_path` is where the program keeps its data; with shared data the folder of the node and a colon come first.
    """

    name: str
    tool: str = COMPOSE
    image: str = ""
    command: str = ""
    port: str = ""
    health: str = ""
    memory: str = MEMORY
    data: str = Data.NONE.value
    data_path: str = ""
    gpu: int = 0
    secrets: tuple[str, ...] = ()

    @property
    def is_unit(self) -> bool:
        return self.tool == SYSTEMD

    @property
    def own_port(self) -> str:
        """The one that the program listens on."""
        return self.port.rpartition(":")[2]

    @property
    def node_port(self) -> str:
        return self.port.partition(":")[0]

    @property
    def url(self) -> str:
        """What answers on the node when it is well; empty where a command says so, or nothing does."""
        return f"http://127.0.0.1:{self.node_port}{self.health}" if self.port and self.health.startswith("/") else ""

    def entry(self, node: str, reason: str, usual_tool: str) -> dict[str, object]:
        """Its entry under `services`; what is the default anyway is left out."""
        parts: dict[str, object] = {
            "node": node,
            "tool": "" if self.tool == usual_tool else self.tool,
            "reason": reason,
            "requires": {"memory": self.memory, **({"gpu": self.gpu} if self.gpu else {})},
            "data": "" if self.data == Data.NONE.value else self.data,
            "checks": [{"http": self.url, "expect": 200}] if self.url else [],
        }
        return {key: value for key, value in parts.items() if value}

    def service(self) -> Service:
        """As a placement is judged by."""
        requires = Requirements(read_size(self.memory), gpu=self.gpu)
        return Service(self.name, (), self.tool, requires=requires, data=Data(self.data))


def known_image(image: str) -> str:
    """The name of an image as the tables of known ones have it."""
    return split_image(image).name.removeprefix("library/")


def usual_data(image: str) -> tuple[str, str]:
    """Whether an image keeps data, and where, as far as it is known."""
    folders = STATE.get(known_image(image), ())
    return (Data.LOCAL.value, folders[0]) if folders else (Data.NONE.value, "")


def usual_health(image: str) -> str:
    """The path to ask for; nothing for images that do not speak HTTP."""
    return "" if known_image(image) in BACKENDS else "/"


def folder_of(cluster: Cluster, name: str) -> str:
    """Its folder in the repository. Raises where there is no place for services."""
    domain = cluster.domains.services
    if domain is None:
        raise UsageError("there is no services domain", remedy="add it with `stems init --only services`")
    return normpath(join(domain.source, name))
