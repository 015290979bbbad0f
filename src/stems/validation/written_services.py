"""Containers that are written in another way than Compose's, told in Compose's words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from stems.model.finding import Place
from stems.readers.substitution import UNKNOWN, Unknown
from stems.tools.compose.model.canonical import canonical
from stems.tools.compose.model.environment import Environment
from stems.tools.compose.model.project import Service
from stems.tools.compose.model.reading import EVERYTHING, Given, Reading
from stems.tools.compose.model.services import read_service
from stems.tools.compose.model.value import Data, Value
from stems.validation.files import File
from stems.validation.run_options import Option

_MARKS = ("{{", "{%", "$")
_MOST_LINES = 40
LISTS = frozenset({"cap_add", "security_opt", "volumes", "ports", "devices", "tmpfs", "environment"})


def value_of(data: object, place: Place, inner: Callable[[str | int], Place] | None = None) -> Value:
    """Data that something else read, as a value of a Compose file. What a variable has a say in is unknown.

    `inner` says where the parts of the first level are written.
    """
    said: Data
    if isinstance(data, dict):
        said = {str(key): value_of(one, inner(key) if inner else place) for key, one in data.items()}
    elif isinstance(data, list):
        said = [value_of(one, inner(number) if inner else place) for number, one in enumerate(data)]
    elif isinstance(data, str):
        said = UNKNOWN if any(mark in data for mark in _MARKS) else data
    else:
        said = data if isinstance(data, int | float | bool | Unknown) else None
    return Value(said, place, place, written=data if isinstance(data, str) else "")


def service_of(name: str, place: Place, fields: Mapping[str, Value]) -> Service:
    """A service with these keys of Compose. What Compose would refuse in them is left out."""
    reading = Reading(_nothing, Given(unknown=EVERYTHING))
    own = Value({key: value for key, value in fields.items() if value.data is not None}, place, place)
    tree = Value({"services": Value({name: own}, place, place)}, place, place)
    found = canonical(reading, tree).at("services", name)
    return read_service(Environment(reading), name, found or own, is_started=True)


def _nothing(path: str) -> None:
    del path


def fields_of(said: Iterable[tuple[Option, Place]]) -> dict[str, Value]:
    """What options say, as the keys of a service. Those that may be given several times are lists."""
    lists: dict[str, list[Value]] = defaultdict(list)
    found: dict[str, Value] = {}
    for one, place in said:
        value = value_of(one.value, place)
        if one.key in LISTS:
            lists[one.key].append(value)
        else:
            found[one.key] = value
    return found | {key: Value(values, values[0].place, values[0].key) for key, values in lists.items()}


def where(file: File, line: int, word: str) -> Place:
    """Where a word is written that belongs to a line, which may go on in the next ones."""
    for number in range(line, line + _MOST_LINES):
        text = file.line(number)
        if word and word in text:
            return file.place(number, text.find(word) + 1)
        if not text.rstrip().endswith("\\"):
            break
    return file.place(line, 1)
