"""Small repositories on disk, looked at as an assessment does."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from stems.lifecycle.assess import looking_at
from stems.lifecycle.assessment.look import Look
from stems.lifecycle.assessment.source import Source
from stems.tools.base import Tree
from stems.tools.git.snapshot import Message
from stems.validation.page import shown


def written(root: Path, files: Mapping[str, str | bytes]) -> Tree:
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else shown(content).encode())
    return Tree(root, "", frozenset(files))


def source(root: Path, files: Mapping[str, str | bytes], *, messages: tuple[Message, ...] | None = ()) -> Source:
    return Source("home", "the working tree", written(root, files), messages)


def looked(root: Path, files: Mapping[str, str | bytes], *, messages: tuple[Message, ...] | None = ()) -> Look:
    with looking_at(source(root, files, messages=messages)) as look:
        return look
