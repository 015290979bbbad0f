"""Other projects that a Compose file includes."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stems.model.finding import Place
from stems.readers.substitution import UNKNOWN, Unknown
from stems.tools.compose.model.conform import conform
from stems.tools.compose.model.environment import Environment, file_values, with_env_of
from stems.tools.compose.model.patterns import Keys
from stems.tools.compose.model.reading import Reading, joined
from stems.tools.compose.model.shapes.project import INCLUDE
from stems.tools.compose.model.value import Value, plain

_KINDS = ("services", "networks", "volumes", "configs", "secrets", "models")
_ENV = ".env"


@dataclass(frozen=True, slots=True)
class Include:
    """One entry of `include`, as it is written."""

    place: Place
    paths: tuple[str, ...]
    env_files: tuple[str, ...] = ()
    folder: str = ""

    def environment(self, above: Environment, start: str, folder: str) -> Environment:
        """The environment of what is included: that of the file above it comes first."""
        if not self.env_files:
            return with_env_of(above, folder)
        files: dict[str, str | Unknown] = {}
        is_open = False
        for path in (joined(start, each) for each in self.env_files):
            found = file_values(above.with_files(files), path)
            if found is None:
                self._miss(above.reading, path)
                is_open = is_open or above.reading.given.is_unset_unknown
                continue
            # The last file wins among these; what the file above has wins over all of them.
            files |= found.values
            is_open = is_open or found.is_open
        return above.with_files(files, is_open=is_open)

    def _miss(self, reading: Reading, path: str) -> None:
        """An environment file that is not in the repository. A node may have it, as it has a `.env`."""
        message, remedy = f"{path} is not there", f"add {path}, or do not name it as `env_file`"
        if not reading.given.is_unset_unknown:
            reading.refuse(self.place, message, remedy)
        elif posixpath.basename(path) != _ENV:
            reading.warn(self.place, message, remedy)


def includes(reading: Reading, root: Value) -> Iterator[Include]:
    """Every entry whose files are known."""
    written = root.at("include")
    if written is None or written.data is None:
        return
    if not isinstance(written.data, list):
        conform(reading, written, INCLUDE, ("include",))
    for item in written.items:
        found = _include(item)
        if found is None:
            conform(reading, item, INCLUDE.item or INCLUDE, ("include", "*"))
        elif not found.paths or any(path is UNKNOWN for path in _all(item)):
            reading.pass_over(item.place, item.written or "what is included")
        else:
            yield found


def with_included(reading: Reading, root: Value, included: Iterable[Value]) -> Value:
    """A file together with what it includes, which may not say another thing about the same."""
    data = {key: value for key, value in root.fields.items() if key != "include"}
    for tree in included:
        for kind in _KINDS:
            theirs = tree.at(kind)
            if theirs is not None and theirs.fields:
                own = data.get(kind)
                data[kind] = theirs if own is None else _together(reading, own, theirs, (kind,))
    return root.having(data)


def _together(reading: Reading, own: Value, theirs: Value, keys: Keys) -> Value:
    data = dict(own.fields)
    reading.spend(len(theirs.fields))
    for name, value in theirs.fields.items():
        if name in data and not _is_same(data[name], value):
            reading.refuse(
                data[name].key,
                f"{keys[0]}.{name} is another one at {value.key}, which is included",
                "give one of them another name, or change the included one in an override file",
            )
        data.setdefault(name, value)
    return own.having(data)


def _is_same(left: Value, right: Value) -> bool:
    return plain(left) == plain(right)


def _include(item: Value) -> Include | None:
    if isinstance(item.data, str):
        return Include(item.place, (item.data,))
    if item.data is UNKNOWN:
        return Include(item.place, ())
    if not isinstance(item.data, dict):
        return None
    folder = item.at("project_directory")
    return Include(
        item.place,
        tuple(_texts(item.at("path"))),
        tuple(_texts(item.at("env_file"))),
        folder.data if folder is not None and isinstance(folder.data, str) else "",
    )


def _texts(value: Value | None) -> Iterator[str]:
    for item in (value.items or [value]) if value is not None else []:
        if isinstance(item.data, str):
            yield item.data


def _all(item: Value) -> Iterator[object]:
    for value in item.fields.values() or [item]:
        yield value.data
        yield from (inner.data for inner in value.items)
