"""Environment files as Compose reads them: `.env` of a project, `env_file` of an include and of a service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from stems.errors import ConfigurationError
from stems.model.finding import Place
from stems.readers.env import Entry, read_env
from stems.readers.substitution import UNKNOWN, Lookup, Substitution, SubstitutionError, Unknown
from stems.tools.compose.model.reading import Reading, joined

Values = Mapping[str, str | Unknown]


@dataclass(frozen=True, slots=True)
class Environment:
    """The variables that Compose has: those that are given come before those of files.

    `is_open` says that a name without a value here may have one elsewhere.
    """

    reading: Reading
    files: Values = field(default_factory=dict)
    is_open: bool = False
    evaluated: dict[tuple[str, bool], Values] = field(default_factory=dict, repr=False, compare=False)

    def lookup(self, name: str) -> str | Unknown | None:
        return self.lookup_with({})(name)

    def lookup_with(self, own: Values) -> Lookup:
        """The same for a file that has variables of its own."""
        given = self.reading.given

        def lookup(name: str) -> str | Unknown | None:
            if name in given.variables:
                return given.variables[name]
            # A name that is given as unknown for sure wins over a file, as a variable of the shell does.
            if isinstance(given.unknown, set | frozenset) and name in given.unknown:
                return UNKNOWN
            found = self.files.get(name, own.get(name))
            if found is not None:
                return found
            return UNKNOWN if self.is_open or name in given.unknown else None

        return lookup

    def known(self, name: str) -> str:
        """A variable of Compose itself, which nobody sets elsewhere without saying so."""
        found = self.reading.given.variables.get(name, self.files.get(name))
        return found if isinstance(found, str) else ""

    def with_files(self, files: Values, *, is_open: bool = False) -> Environment:
        """The same with more files; what is there already wins."""
        return Environment(self.reading, {**files, **self.files}, self.is_open or is_open)


def with_env_of(environment: Environment, folder: str) -> Environment:
    """An environment with the `.env` of a folder, where it has one."""
    found = with_env_file(environment, joined(folder, ".env"))
    environment.reading.lacks_env |= found is None
    return found or environment


@dataclass(frozen=True, slots=True)
class FileValues:
    """What an environment file says; one that is out of sight may say anything."""

    values: Values
    is_open: bool = False


def with_env_file(environment: Environment, path: str) -> Environment | None:
    """An environment with the entries of a file. None when there is no such file."""
    found = file_values(environment, path)
    return None if found is None else environment.with_files(found.values, is_open=found.is_open)


def file_values(environment: Environment, path: str) -> FileValues | None:
    reading = environment.reading
    if reading.is_elsewhere(path):
        return FileValues({}, is_open=True)
    text = reading.text(path)
    return None if text is None else FileValues(evaluated(environment, text, path))


def evaluated(environment: Environment, text: str, path: str, *, is_raw: bool = False) -> Values:
    """The entries of an environment file with the variables in them replaced."""
    done = environment.evaluated
    if (path, is_raw) not in done:
        done[path, is_raw] = _evaluated(environment, text, path, is_raw=is_raw)
    return done[path, is_raw]


def _evaluated(environment: Environment, text: str, path: str, *, is_raw: bool) -> Values:
    reading = environment.reading
    try:
        entries = _raw(text, path) if is_raw else read_env(text, path)
    except ConfigurationError as error:
        reading.refuse_error(error, path)
        return {}
    values: dict[str, str | Unknown] = {}
    for entry in entries:
        value = _value(environment, entry, values)
        if value is not None:
            values[entry.name] = value
            reading.entries[path, entry.name] = entry.place
            reading.spend(1)
            reading.write(len(str(value)))
    return values


def _raw(text: str, path: str) -> tuple[Entry, ...]:
    """Lines of `NAME=value` that mean what they say: `format: raw` of an `env_file`."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if not line.startswith("#")]
    split = [(number, *line.partition("=")) for number, line in lines if line.strip()]
    return tuple(
        Entry(name.strip(), value if sign else None, Place(path, number, 1), is_literal=True)
        for number, name, sign, value in split
    )


def _value(environment: Environment, entry: Entry, own: Values) -> str | Unknown | None:
    lookup = environment.lookup_with(own)
    if entry.value is None:
        return lookup(entry.name)
    if entry.is_literal:
        return entry.value
    try:
        return Substitution(lookup).of(entry.value)
    except SubstitutionError as error:
        environment.reading.refuse(entry.place, f"{entry.name}: {error}")
        return UNKNOWN
