"""The methodology as this program ships it: its pages, and templates whose files are what they become."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple


class Template(Enum):
    """What there is a template for, with its folder below `templates/`."""

    REPOSITORY = "repository"
    NODE = "node-config"
    SERVICE = "service"


class ShippedFile(NamedTuple):
    """A file with its path below the folder that was asked for. `executable` is for what starts with `#!`."""

    path: str
    text: str
    executable: bool


def methodology_files() -> tuple[ShippedFile, ...]:
    """All of the tree, as it lies in the `.stems/` of a repository, sorted by path."""
    return _files(_tree())


def template_files(template: Template) -> tuple[ShippedFile, ...]:
    """The files of one template, sorted by path."""
    return _files(_tree() / "templates" / template.value)


def _tree() -> Traversable:
    # The files of an installed package need not be on disk by themselves, so that there is no path to them.
    return files("stems") / "methodology"


def _files(folder: Traversable) -> tuple[ShippedFile, ...]:
    return tuple(sorted(_below(folder, "")))


def _below(folder: Traversable, above: str) -> Iterator[ShippedFile]:
    for entry in folder.iterdir():
        path = f"{above}{entry.name}"
        if entry.is_file():
            text = entry.read_text(encoding="utf-8")
            # Not from the mode: some installers lose it.
            yield ShippedFile(path, text, text.startswith("#!"))
        elif entry.name != "__pycache__":
            yield from _below(entry, f"{path}/")
