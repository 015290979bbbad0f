"""YAML events composed into a tree, within bounds that hostile text cannot exceed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import yaml

from stems.model.finding import Place
from stems.readers.nodes import InvalidYamlError, RepeatedKeyError, YamlNode, refuse
from stems.readers.scalars import read_scalar

MAX_DEPTH = 100
MAX_VALUES = 100_000

_CORE = "tag:yaml.org,2002:"
_READ_BY_WORD = {f"{_CORE}{name}" for name in ("int", "float", "bool", "null")}
_KNOWN = _READ_BY_WORD | {f"{_CORE}{name}" for name in ("str", "seq", "map")} | {"!"}
# NUL ends arguments and paths; a lone surrogate, which the pure parser lets pass, cannot be written anywhere.
_UNUSABLE = re.compile("[\x00\ud800-\udfff]")
TOO_DEEP = f"nested more than {MAX_DEPTH} levels deep"
_TOO_MANY = f"more than {MAX_VALUES} values (aliases count as often as they are used)"


class Composer:
    """Builds nodes from the events of one stream.

    With a list of `repeats` a key that a mapping has twice is noted there, and its last value counts.
    """

    def __init__(
        self, events: Iterator[yaml.Event], path: str, *, strict: bool, repeats: list[RepeatedKeyError] | None = None
    ) -> None:
        self._events = events
        self._path = path
        self._strict = strict
        self._repeats = repeats
        self._anchors: dict[str, YamlNode | None] = {}

    def documents(self) -> Iterator[YamlNode]:
        values = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                self._anchors = {}
                node = self._node(next(self._events), 1)
                values += node.size
                if values > MAX_VALUES:
                    refuse(node.place, _TOO_MANY)
                yield node

    def _node(self, event: yaml.Event, depth: int) -> YamlNode:
        place = self._place(event)
        node = self._alias(event, place) if isinstance(event, yaml.AliasEvent) else self._anchored(event, place, depth)
        if depth + node.height - 1 > MAX_DEPTH:
            refuse(place, TOO_DEEP)
        return node

    def _anchored(self, event: yaml.Event, place: Place, depth: int) -> YamlNode:
        anchor = getattr(event, "anchor", None)
        if anchor is not None:
            self._anchors[anchor] = None
        if depth > MAX_DEPTH:
            refuse(place, TOO_DEEP)
        if isinstance(event, yaml.ScalarEvent):
            node = self._scalar(event, place)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self._sequence(event, place, depth)
        elif isinstance(event, yaml.MappingStartEvent):
            node = self._mapping(event, place, depth)
        else:
            refuse(place, "a value is missing here")
        if anchor is not None:
            self._anchors[anchor] = node
        return node

    def _alias(self, event: yaml.AliasEvent, place: Place) -> YamlNode:
        name = event.anchor
        if name not in self._anchors:
            raise InvalidYamlError(place, f"`*{name}` refers to nothing: no `&{name}` before it")
        node = self._anchors[name]
        if node is None:
            refuse(place, f"`*{name}` refers to something that contains it")
        return replace(node, place=place)

    def _scalar(self, event: yaml.ScalarEvent, place: Place) -> YamlNode:
        tag = self._tag(event.tag, place)
        is_text = bool(event.style) if not tag else tag not in _READ_BY_WORD
        value = event.value if is_text else read_scalar(event.value)
        if isinstance(value, str):
            self._require_clean(value, place)
        return YamlNode(place, tag, value, is_text=is_text)

    def _require_clean(self, text: str, place: Place) -> None:
        # Escapes in double quotes write what the text itself may not contain.
        if _UNUSABLE.search(text) or (self._strict and any(ord(c) < 32 and c not in "\t\n" for c in text)):
            refuse(place, "a control character is not allowed in a value")

    def _sequence(self, event: yaml.SequenceStartEvent, place: Place, depth: int) -> YamlNode:
        items: list[YamlNode] = []
        node = YamlNode(place, self._tag(event.tag, place), items=items)
        for inner in iter(self._next, None):
            item = self._node(inner, depth + 1)
            items.append(item)
            self._grow(node, item)
        return node

    def _mapping(self, event: yaml.MappingStartEvent, place: Place, depth: int) -> YamlNode:
        node = YamlNode(place, self._tag(event.tag, place), keys={}, values={})
        merged: list[YamlNode] = []
        for inner in iter(self._next, None):
            key = self._node(inner, depth + 1)
            value = self._node(next(self._events), depth + 1)
            if key.scalar == "<<" and not key.is_text:
                merged.extend(self._merged(key, value))
            else:
                self._add(node, self._key_text(key, inner), key, value)
            self._grow(node, value)
        for source in merged:
            node.merge(source)
        return node

    def _add(self, node: YamlNode, text: str, key: YamlNode, value: YamlNode) -> None:
        if text in node.values:
            first = node.key_place(text).line
            error = RepeatedKeyError(key.place, f"`{text}` is written twice: the first is on line {first}")
            if self._repeats is None:
                raise error
            self._repeats.append(error)
        node.add(text, key, value)

    def _next(self) -> yaml.Event | None:
        event = next(self._events)
        return None if isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)) else event

    def _grow(self, node: YamlNode, inner: YamlNode) -> None:
        node.size += inner.size
        node.height = max(node.height, inner.height + 1)
        if node.size > MAX_VALUES:
            refuse(inner.place, _TOO_MANY)

    def _merged(self, key: YamlNode, value: YamlNode) -> list[YamlNode]:
        if self._strict:
            refuse(key.place, "`<<` is not allowed here: write the keys out")
        sources = value.items if value.items is not None else [value]
        for source in sources:
            if source.keys is None:
                refuse(source.place, "`<<` merges mappings, and this is none")
        return sources

    def _key_text(self, key: YamlNode, event: yaml.Event) -> str:
        if isinstance(key.scalar, str):
            return key.scalar
        if key.items is not None or key.keys is not None:
            refuse(key.place, "a key must be text: put quotes around a key that starts with `{` or `[`")
        written = event.value if isinstance(event, yaml.ScalarEvent) else str(key.scalar)
        if self._strict:
            refuse(key.place, f'a key must be text: write "{written}" in quotes')
        return written

    def _tag(self, tag: str | None, place: Place) -> str:
        if self._strict and tag and tag not in _KNOWN:
            refuse(place, f"the tag `{tag.removeprefix(_CORE)}` has no meaning here")
        return tag or ""

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        return Place(self._path, mark.line + 1, mark.column + 1) if mark else Place(self._path)
