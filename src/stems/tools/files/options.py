"""The optional `.stems-files.yml` at the root of the source: modes, what is not deployed, and what is never shown.

    modes:
      ".ssh/": "0700"            # a directory ends with a slash
      ".ssh/config": "0600"
    ignore: ["README.md", "docs/", "/notes/*.txt"]
    secret: ["/.config/app/token"]

A pattern without a slash inside is compared with every name on the way to a file, any other one with the whole path
from the root. A slash at the end means directories only. `*` also crosses slashes (fnmatch).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from stems.errors import ConfigurationError
from stems.model.finding import Place
from stems.readers.document import Document
from stems.readers.yaml import read_yaml

NAME = ".stems-files.yml"
_KNOWN = "`modes`, `ignore` and `secret`"
_MODE = re.compile(r"0?[0-7]{3}")


@dataclass(frozen=True, slots=True)
class Options:
    """Modes by path (a directory ends with a slash), where each is written, and patterns.

    Those of `ignore` are about what is not deployed, by its name here; those of `secret` about paths in the home.
    """

    modes: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()

    def ignores(self, path: str) -> bool:
        return path == NAME or any(_matches(path, pattern) for pattern in self.ignore)

    def hides(self, path: str) -> bool:
        return any(_matches(path, pattern) for pattern in self.secret)


def parse_options(text: str, path: str) -> Options:
    """Raises `ConfigurationError` at the place of what is wrong."""
    document = read_yaml(text, path)
    value = {} if document.value is None else document.value
    if not isinstance(value, dict):
        raise _wrong(document.place(), f"not a mapping with {_KNOWN}")
    for key in value:
        if key not in {"modes", "ignore", "secret"}:
            raise _wrong(document.key_place(key), f"unknown key {key!r}, known are {_KNOWN}")
    modes = _modes(document, value.get("modes") or {})
    places = {key: document.key_place("modes", key) for key in modes}
    return Options(modes, places, *(_patterns(document, key, value.get(key)) for key in ("ignore", "secret")))


def _modes(document: Document, value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise _wrong(document.place("modes"), "`modes` is not a mapping of paths to modes")
    for key, mode in value.items():
        if not isinstance(mode, str) or not _MODE.fullmatch(mode):
            raise _wrong(document.place("modes", key), f'{mode!r} is not a mode: write it as "0600", with quotes')
    return {str(key): str(mode) for key, mode in value.items()}


def _patterns(document: Document, key: str, value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(pattern, str) and pattern.strip("/") for pattern in value):
        raise _wrong(document.place(key), f"`{key}` is not a list of patterns")
    return tuple(value)


def _wrong(place: Place, problem: str) -> ConfigurationError:
    return ConfigurationError(f"{place}: {problem}", remedy=f"edit {place.path}")


def _matches(path: str, pattern: str) -> bool:
    core = pattern.strip("/")
    anchored = "/" in pattern.rstrip("/")
    for prefix in _prefixes(path):
        is_folder = prefix != path
        name = prefix if anchored else prefix.rpartition("/")[2]
        if (is_folder or not pattern.endswith("/")) and fnmatchcase(name, core):
            return True
    return False


def _prefixes(path: str) -> Iterator[str]:
    for position, letter in enumerate(path):
        if letter == "/":
            yield path[:position]
    yield path
