"""YAML text with positions: YAML 1.2 scalars, duplicate keys refused, hostile text refused in bounded time."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from stems.model.finding import Place
from stems.readers.composer import TOO_DEEP, Composer
from stems.readers.document import Document
from stems.readers.kept import Kept
from stems.readers.nodes import InvalidYamlError, RepeatedKeyError, YamlError, YamlNode, plain, refuse
from stems.readers.problems import in_our_words

MAX_CHARACTERS = 2 * 1024 * 1024
MAX_KEPT = 150_000
"""Values of documents that were read, which are about 60 MB."""


# Tools read the same files for each node, and once for what is wrong and once for what is owned; then rules do.
_KEPT: Kept[tuple[Document, ...]] = Kept(MAX_KEPT)
_KEPT_WITH_REPEATS: Kept[tuple[tuple[Document, ...], tuple[RepeatedKeyError, ...]]] = Kept(MAX_KEPT)
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NOT_PRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_yaml(text: str, path: str, *, strict: bool = False) -> Document:
    """The only document in a text; an empty text has the value `None`.

    `strict` also refuses merge keys, tags that YAML does not define, keys that are not text and control characters
    written as escapes. Otherwise a value with an unknown tag keeps its text, and a key keeps its own.
    """
    documents = read_all_yaml(text, path, strict=strict)
    if len(documents) > 1:
        place = documents[1].place()
        refuse(place, "a second document starts here, and only one is allowed")
    return documents[0] if documents else Document(path, None, YamlNode(Place(path, 1, 1)))


def read_all_yaml(text: str, path: str, *, strict: bool = False) -> tuple[Document, ...]:
    """Every document in a text."""
    found = _KEPT.get((text, path, strict))
    if found is None:
        found = _read(text, path, strict=strict)
        _KEPT.keep((text, path, strict), found, weight=sum(document.size for document in found) + 1)
    return found


def read_with_repeats(text: str, path: str) -> tuple[tuple[Document, ...], tuple[RepeatedKeyError, ...]]:
    """Every document in a text as programs read it that take the last of two equal keys, and each key that repeats."""
    found = _KEPT_WITH_REPEATS.get((text, path))
    if found is None:
        repeats: list[RepeatedKeyError] = []
        found = _read(text, path, strict=False, repeats=repeats), tuple(repeats)
        _KEPT_WITH_REPEATS.keep((text, path), found, weight=sum(document.size for document in found[0]) + len(repeats))
    return found


def _read(text: str, path: str, *, strict: bool, repeats: list[RepeatedKeyError] | None = None) -> tuple[Document, ...]:
    text = text.removeprefix("\ufeff")
    _require_readable(text, path)
    composer = Composer(_events(text, path), path, strict=strict, repeats=repeats)
    return tuple(Document(path, plain(node), node) for node in composer.documents())


def _events(text: str, path: str) -> Iterator[yaml.Event]:
    parser = _PARSER(text)
    try:
        while parser.check_event():
            yield parser.get_event()
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        place, message = in_our_words(error, text, path)
        # What is only too much for this reader may be good YAML for another one.
        is_invalid = isinstance(error, yaml.MarkedYAMLError) and message != TOO_DEEP
        raise (InvalidYamlError if is_invalid else YamlError)(place, message) from None
    finally:
        parser.dispose()


def _require_readable(text: str, path: str) -> None:
    if len(text) > MAX_CHARACTERS:
        refuse(Place(path), f"larger than {MAX_CHARACTERS // 1024 // 1024} MiB")
    if found := _NOT_PRINTABLE.search(text):
        before = text[: found.start()]
        place = Place(path, before.count("\n") + 1, found.start() - before.rfind("\n"))
        raise InvalidYamlError(place, f"the character U+{ord(found.group()):04X} is not allowed in YAML")
