"""A text of a repository as YAML: its documents, what is wrong with it, and the keys that repeat."""

from __future__ import annotations

from dataclasses import dataclass

from stems.errors import ConfigurationError
from stems.model.finding import Place
from stems.readers.document import Document
from stems.readers.nodes import RepeatedKeyError, YamlError
from stems.readers.yaml import read_all_yaml, read_with_repeats


@dataclass(frozen=True, slots=True)
class YamlContent:
    """A key that repeats is an `error`, and the documents are there all the same, with its last value."""

    documents: tuple[Document, ...] = ()
    error: YamlError | None = None
    repeats: tuple[RepeatedKeyError, ...] = ()


def read_yaml_content(text: str, path: str, *, has_repeats: bool = False) -> YamlContent:
    """What is in a text; `has_repeats` where it is known that a key repeats."""
    try:
        return _with_repeats(text, path) if has_repeats else YamlContent(read_all_yaml(text, path))
    except RepeatedKeyError:
        return read_yaml_content(text, path, has_repeats=True)
    except YamlError as error:
        return YamlContent(error=error)
    except (ConfigurationError, RecursionError) as error:
        return YamlContent(error=YamlError(Place(path), str(error)))


def _with_repeats(text: str, path: str) -> YamlContent:
    documents, repeats = read_with_repeats(text, path)
    return YamlContent(documents, repeats[0] if repeats else None, repeats)
