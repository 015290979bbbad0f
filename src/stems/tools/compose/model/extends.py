"""Services that extend others: of the same file, of another one, and of those that these extend."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field

from stems.model.finding import Place
from stems.readers.substitution import UNKNOWN
from stems.tools.compose.model.canonical import canonical
from stems.tools.compose.model.environment import Environment
from stems.tools.compose.model.load import documents
from stems.tools.compose.model.merge import cleaned, merged
from stems.tools.compose.model.paths import rebased
from stems.tools.compose.model.reading import UNREADABLE, Reading, joined
from stems.tools.compose.model.unique import unique
from stems.tools.compose.model.value import Value, plain

MOST_CHAINED = 50

Chain = tuple[tuple[str, str], ...]
"""The services that extend one another so far, each with its file."""


@dataclass(slots=True)
class _File:
    """The services of one file, and what became of those that were asked for."""

    path: str
    folder: str
    services: dict[str, Value]
    done: dict[str, Value] = field(default_factory=dict)


@dataclass(slots=True)
class Extender:
    """Replaces `extends` in the services of a file by what they stand for."""

    reading: Reading
    environment: Environment
    folder: str
    _files: dict[str, _File | None] = field(default_factory=dict)

    def applied(self, root: Value, path: str) -> Value:
        services = root.at("services")
        if services is not None and services.data is None and not services.tag:
            # Laid over another file it would change nothing, and Compose refuses it all the same.
            self.reading.refuse(services.place, "services must be a mapping, and is empty")
        if services is None or not services.fields:
            return root
        file = _File(path, self.folder, dict(services.fields))
        data = {name: self._service(file, name, ()) for name in services.fields}
        return root.having({**root.fields, "services": services.having(data)})

    def _service(self, file: _File, name: str, chain: Chain) -> Value:
        service = file.services[name]
        written = service.at("extends")
        if written is None:
            return service
        if name not in file.done:
            file.done[name] = service
            base = self._base(file, name, written, (*chain, (file.path, name)))
            if base is not None:
                file.done[name] = self._extended(base, service, name)
        return file.done[name]

    def _extended(self, base: Value, service: Value, name: str) -> Value:
        own = service.having({key: value for key, value in service.fields.items() if key != "extends"})
        base = cleaned(self.reading, base)
        return merged(self.reading, base, own, ("services", name)).having_place(service)

    def _base(self, file: _File, name: str, written: Value, chain: Chain) -> Value | None:
        wanted, path = _target(written)
        if UNKNOWN in (wanted, path):
            self.reading.pass_over(written.place, "what is extended")
            return None
        if not isinstance(wanted, str):
            self.reading.refuse(written.place, f"services.{name}.extends must name a service")
            return None
        other = self._file(file, path, written.place) if isinstance(path, str) else file
        if other is None:
            return None
        if (other.path, wanted) in chain:
            self.reading.refuse(written.place, f"services.{name} extends itself, by way of `{wanted}`")
        elif len(chain) > MOST_CHAINED:
            self.reading.refuse(written.place, f"more than {MOST_CHAINED} services extend one another")
        elif wanted not in other.services:
            message = f"services.{name} extends `{wanted}`, which {other.path} does not have"
            self.reading.refuse(written.place, message, code=UNREADABLE)
        else:
            base = self._service(other, wanted, chain)
            return base if other is file else self._brought(base, wanted, other, file)
        return None

    def _file(self, file: _File, path: str, place: Place) -> _File | None:
        reading = self.reading
        found = joined(file.folder, path)
        if reading.is_elsewhere(found):
            reading.pass_over(place, path)
            return None
        if found not in self._files:
            self._files[found] = self._opened(found, place)
        return self._files[found]

    def _opened(self, path: str, place: Place) -> _File | None:
        text = self.reading.text(path)
        if text is None:
            remedy = "add the file, or do not extend what is in it"
            self.reading.refuse(place, f"{path} is not there", remedy, code=UNREADABLE)
            return None
        services: dict[str, Value] = {}
        for root in documents(self.reading, text, path, self.environment):
            services |= (root.at("services") or root.having({})).fields
        return _File(path, posixpath.dirname(path), services)

    def _brought(self, base: Value, name: str, other: _File, file: _File) -> Value:
        """A service of another file, with paths as they are written from this one."""
        tree = base.having({"services": base.having({name: cleaned(self.reading, base)})})
        tree = unique(canonical(self.reading, tree))
        start = posixpath.relpath(f"/{other.folder}", f"/{file.folder}")
        return rebased(tree, start).at("services", name) or base


def _target(written: Value) -> tuple[object, object]:
    """The service and the file that are extended."""
    if isinstance(written.data, dict):
        return plain(written.at("service")), plain(written.at("file"))
    return plain(written), None
