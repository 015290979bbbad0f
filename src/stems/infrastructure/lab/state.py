"""What is remembered of a lab: its nodes, where they answer, its keys and its repository."""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from stems.errors import StemsError, UsageError
from stems.infrastructure.cache import cache_folder

SCHEMA = "stems.lab/1"
DEFAULT = "lab"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")


@dataclass(frozen=True, slots=True)
class LabNode:
    """One container that plays a node.

    `host` and `port` are where its SSH answers; `address` is its own in the lab's network, where the nodes meet.
    """

    name: str
    hostname: str
    role: str
    host: str = ""
    port: int = 22
    address: str = ""
    user: str = "owner"
    login_shell: str = ""
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Lab:
    """A throw-away cluster on this machine."""

    name: str
    folder: Path
    repository: Path
    nodes: tuple[LabNode, ...]
    way: str = ""
    """How its containers got their rights: `privileged`, or `capabilities` where the machine refuses that."""
    internal: bool = False
    """Whether its network has no way out, so that nothing real can be reached from it."""
    written: str = ""
    """The commit with which `lab up` finished its repository; empty before that."""

    @property
    def identity(self) -> Path:
        return self.folder / "id_ed25519"

    @property
    def known_hosts(self) -> Path:
        return self.folder / "known_hosts"

    def node(self, name: str) -> LabNode:
        for node in self.nodes:
            if node.name == name:
                return node
        names = ", ".join(node.name for node in self.nodes)
        raise UsageError(f"{name}: the lab {self.name} has no such node", remedy=f"name one of {names}")

    def container(self, node: LabNode) -> str:
        return f"stems-{self.name}-{node.name}"

    @property
    def network(self) -> str:
        return f"stems-{self.name}"

    @property
    def label(self) -> str:
        return f"stems.lab={self.name}"


def home(node: LabNode) -> str:
    return "/root" if node.user == "root" else f"/home/{node.user}"


def state_home() -> Path:
    return Path(os.environ.get("XDG_STATE_HOME") or "~/.local/state").expanduser() / "stems" / "labs"


def is_of_a_lab(repository: Path) -> bool:
    """Whether a repository is one that a lab keeps, the clone of somebody's own among them."""
    return repository.resolve().is_relative_to(state_home().resolve())


def cache_home() -> Path:
    return cache_folder() / "lab"


def lab_folder(name: str) -> Path:
    if not NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name for a lab", remedy="use small letters, digits and hyphens")
    return state_home() / name


def lab_names() -> tuple[str, ...]:
    home = state_home()
    return tuple(sorted(path.parent.name for path in home.glob("*/lab.json"))) if home.is_dir() else ()


def save(lab: Lab) -> None:
    document = {"schema": SCHEMA, **asdict(lab), "folder": str(lab.folder), "repository": str(lab.repository)}
    temporary = lab.folder / "lab.json.new"
    temporary.write_text(json.dumps(document, indent=2) + "\n")
    temporary.replace(lab.folder / "lab.json")


def load(name: str) -> Lab | None:
    """The lab of that name, or None when there is none."""
    path = lab_folder(name) / "lab.json"
    try:
        document = json.loads(path.read_text())
        return _lab(document)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        raise StemsError(f"{path} cannot be read", remedy=f"stems lab down{named(name)} --force") from None


def _lab(document: dict[str, object]) -> Lab:
    if document.pop("schema") != SCHEMA:
        raise ValueError(SCHEMA)
    nodes = tuple(LabNode(**node) for node in document.pop("nodes"))  # type: ignore[attr-defined]
    folder, repository = Path(str(document.pop("folder"))), Path(str(document.pop("repository")))
    return Lab(folder=folder, repository=repository, nodes=nodes, **document)  # type: ignore[arg-type]


def named(name: str) -> str:
    """The words that make a command mean this lab."""
    return "" if name == DEFAULT else f" --name {name}"


def require_lab(name: str) -> Lab:
    lab = load(name)
    if lab is None:
        raise UsageError(f"{name}: there is no such lab", remedy=f"stems lab up{named(name)}")
    return lab
