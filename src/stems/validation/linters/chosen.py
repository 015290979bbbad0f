"""Which files linters are asked about: what is meant to run, and is what it looks like before anything renders it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.names import is_relative_path
from stems.validation.content import Kind
from stems.validation.files import File, Files
from stems.validation.templated import ENDINGS

# Linters take a minute for what stems takes a moment for, and nobody writes more than this by hand.
_LARGEST = 256 * 1024
_ACTIONS = re.compile(r"^\s*\{[{%#]", re.MULTILINE)
_SHELLS = frozenset({"sh", "bash", "dash", "ksh", "ash"})
_SHELL_NAMES = (".sh", ".bash", ".ksh", ".dash")


def yaml_files(files: Files) -> Iterator[File]:
    """YAML that stems can read as it lies there: of the rest rules tell, or it is rendered first."""
    for file in files.named("*.yml", "*.yaml"):
        if is_judged(file) and "templates" not in file.folder.split("/") and file.yaml_error is None:
            yield file


def scripts(files: Files) -> Iterator[File]:
    """Scripts of the shells that shellcheck knows, by their first line or, without one, by their name."""
    for file in files:
        if not is_judged(file) or file.name.lower().endswith(ENDINGS):
            continue
        text = file.text
        if text.startswith("#!"):
            if interpreter(text.partition("\n")[0]) in _SHELLS and "\n{%" not in text:
                yield file
        elif file.name.endswith(_SHELL_NAMES) and not _ACTIONS.search(text):
            yield file


def interpreter(line: str) -> str:
    """The name of the program that a first line such as `#!/usr/bin/env bash` names."""
    words = [word for word in line.removeprefix("#!").split() if not word.startswith("-") and "=" not in word]
    names = [word.rpartition("/")[2] for word in words]
    if names and names[0] in ("env", "busybox"):
        names = names[1:]
    return names[0] if names else ""


def is_judged(file: File) -> bool:
    """Whether a file is text that somebody runs, with a name that no linter takes for an option."""
    is_meant = is_relative_path(file.path) and not file.is_aside and not file.is_documentation
    return is_meant and file.kind is Kind.TEXT and len(file.text) <= _LARGEST
