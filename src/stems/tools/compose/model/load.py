"""The documents of one Compose file, with their variables replaced."""

from __future__ import annotations

from collections.abc import Iterator

from stems.errors import ConfigurationError
from stems.readers.nodes import YamlNode
from stems.readers.scalars import Scalar
from stems.readers.substitution import UNKNOWN, MissingValueError, Substitution, SubstitutionError, Unknown
from stems.readers.yaml import read_all_yaml
from stems.tools.compose.model.casts import CASTS
from stems.tools.compose.model.environment import Environment
from stems.tools.compose.model.patterns import Keys, dotted
from stems.tools.compose.model.reading import VALUELESS, Reading
from stems.tools.compose.model.value import Moment, Value
from stems.tools.compose.model.words import read_word


def documents(reading: Reading, text: str, path: str, environment: Environment) -> Iterator[Value]:
    """Each document that is a mapping; what is wrong with the others is a finding."""
    try:
        found = read_all_yaml(text, path)
    except ConfigurationError as error:
        reading.refuse_error(error, path)
        return
    loader = _Loader(reading, environment)
    for document in found:
        root = document.root
        reading.spend(root.size)
        if root.keys is not None:
            yield loader.value(root, root, ())
        elif root.scalar is not None or root.items is not None:
            reading.refuse(root.place, "a Compose file must be a mapping")


class _Loader:
    """Makes values of what is written."""

    def __init__(self, reading: Reading, environment: Environment) -> None:
        self._reading = reading
        self._environment = environment

    def value(self, node: YamlNode, key: YamlNode, keys: Keys) -> Value:
        if node.keys is not None:
            data = {name: self._field(node, name, keys) for name in node.values}
            return Value(data, node.place, key.place, node.tag)
        if node.items is not None:
            items = [self.value(item, item, (*keys, "*")) for item in node.items]
            return Value(items, node.place, key.place, node.tag)
        word = read_word(node)
        if not isinstance(word, str):
            return Value(word, node.place, key.place, node.tag)
        return Value(self._replaced(word, node, keys), node.place, key.place, node.tag, word)

    def _field(self, node: YamlNode, name: str, keys: Keys) -> Value:
        key = (node.keys or {})[name]
        if not isinstance(read_word(key), str):
            self._reading.refuse(key.place, f"a key must be text: put `{name}` in quotes")
        return self.value(node.values[name], key, (*keys, name))

    def _replaced(self, text: str, node: YamlNode, keys: Keys) -> Scalar | Unknown | Moment:
        substitution = Substitution(self._environment.lookup)
        try:
            said = substitution.of(text)
        except MissingValueError as error:
            self._reading.unset.setdefault(error.name, node.place)
            if not self._reading.given.is_unset_unknown:
                self._reading.refuse(node.place, f"{dotted(keys)}: {error}", code=VALUELESS)
            return UNKNOWN
        except SubstitutionError as error:
            self._reading.refuse(node.place, f"{dotted(keys)}: {error}")
            return UNKNOWN
        if substitution.absent:
            self._reading.absent[node.place] = tuple(substitution.unset)
        for name in substitution.unset:
            self._reading.unset.setdefault(name, node.place)
        if isinstance(said, Unknown) or (substitution.unset and self._reading.given.is_unset_unknown):
            return UNKNOWN
        if said is not text:
            self._reading.write(len(said))
        return self._cast(said, node, keys)

    def _cast(self, text: str, node: YamlNode, keys: Keys) -> Scalar | Unknown:
        cast = CASTS.get(keys)
        if cast is None:
            return text
        try:
            return cast(text)
        except ValueError as error:
            self._reading.refuse(node.place, f"{dotted(keys)}: {error}, not `{text}`")
            return UNKNOWN
