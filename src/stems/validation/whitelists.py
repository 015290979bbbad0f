"""The user's own whitelists: which files may lie where, in `.meta/whitelists/*.yml`.

Their format is the user's, and read as far as it can be understood: a mapping of folders to names and patterns, or one
folder with `allowed_files`, `allowed_directories` and `patterns`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from posixpath import basename, normpath

from stems.model.finding import Place
from stems.readers.document import Document
from stems.validation.files import File, Files
from stems.validation.subject import Subject

FOLDER = ".meta/whitelists"
_ROOTS = frozenset({"root", "", ".", "/", "./", "top", "toplevel", "top_level", "repository", "repo", "root_directory"})
_FILES = frozenset({"files", "allowed_files", "file"})
_FOLDERS = frozenset(
    {"directories", "dirs", "folders", "allowed_directories", "allowed_dirs", "allowed_folders", "subdirectories"}
)
_BOTH = frozenset(
    {"patterns", "allowed", "allow", "names", "entries", "items", "required", "optional",
     "allowed_patterns", "file_patterns",
     "whitelist", "required_files", "optional_files", "globs"}
)  # fmt: skip
_ENDINGS = frozenset({"extensions", "allowed_extensions", "file_extensions"})
_FORBIDS = frozenset(
    {"forbidden", "forbidden_files", "forbidden_patterns", "forbidden_directories", "forbid", "denied", "deny",
     "disallowed", "not_allowed", "blocked", "blacklist", "prohibited"}
)  # fmt: skip
_KINDS = _FILES | _FOLDERS | _BOTH | _ENDINGS | _FORBIDS
_OF_ROOT = ("allowed_root_", "root_level_", "root_", "top_level_", "toplevel_", "top_")
_NAMES = ("name", "path", "pattern", "file", "directory", "glob")
_WHERE = frozenset({"path", "folder", "directory", "location", "scope"})
_SAID = frozenset(
    {"version", "description", "reason", "purpose", "notes", "note", "comment", "comments", "updated", "last_updated",
     "metadata", "meta", "author", "owner", "schema", "title", "date", "created", "status"}
)  # fmt: skip
_GROUPS = frozenset(
    {"whitelist", "whitelists", "directories", "folders", "paths", "structure", "allowed", "rules", "locations"}
)
_MOST_DEEP = 6
_SPECIAL = "*?["


@dataclass(slots=True)
class Whitelist:
    """What may lie in one folder, and where that is written."""

    folder: str
    place: Place
    files: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    forbidden: list[str] = field(default_factory=list)
    of_files: bool = False
    of_folders: bool = False

    def allows(self, path: str, *, is_folder: bool) -> bool:
        """Whether something in the folder, given from there, is on the list or on the way to what is."""
        if any(fnmatchcase(path, pattern) for pattern in self.forbidden):
            return False
        # A list of files alone says nothing of folders, nor the other way round.
        listed, is_listed = (self.folders, self.of_folders) if is_folder else (self.files, self.of_files)
        return not is_listed or any(_is_meant(pattern, path, is_folder=is_folder) for pattern in listed)


@dataclass(frozen=True, slots=True)
class Whitelists:
    """Every list that can be read, by folder, and what cannot be."""

    lists: Mapping[str, Whitelist]
    unread: tuple[Place, ...]


def whitelists_of(subject: Subject) -> Whitelists:
    """Asked for with `subject.once`."""
    lists: dict[str, Whitelist] = {}
    unread: list[Place] = []
    for file in subject.files.under(FOLDER):
        if file.name.endswith((".yml", ".yaml")):
            reader = _Reader(subject.files, lists)
            reader.read(file)
            unread += [file.place(1)] if file.yaml_error else reader.unread
    _deepen(lists)
    return Whitelists(lists, tuple(unread))


def _deepen(lists: dict[str, Whitelist]) -> None:
    """What a list says of a folder further down, as `docs/*.md` does, is a list of that folder, if it has no other."""
    explicit, left = frozenset(lists), list(lists.values())
    while left:
        found = left.pop()
        derived: dict[str, Whitelist] = {}
        for pattern in dict.fromkeys((*found.files, *found.folders)):
            head, slash, rest = pattern.partition("/")
            folder = f"{found.folder}/{head}" if found.folder else head
            if slash and head not in found.folders and folder not in explicit and not set(_SPECIAL) & set(head):
                inner = derived.setdefault(folder, Whitelist(folder, found.place))
                inner.of_files = inner.of_folders = True
                inner.folders.append(rest)
                inner.files += [rest] if pattern in found.files else []
        lists.update(derived)
        left += derived.values()


class _Reader:
    """Reads one file into the lists that all files share."""

    def __init__(self, files: Files, lists: dict[str, Whitelist]) -> None:
        self._files = files
        self._lists = lists
        self.unread: list[Place] = []

    def read(self, file: File) -> None:
        stem = file.name.rpartition(".")[0]
        for document in file.documents:
            value = document.value
            if isinstance(value, dict) and _keys(value) & _KINDS and not _is_nested(value):
                self._one(document, (), _where(value, stem), value)
            elif isinstance(value, dict) and _lists_kinds(value, stem):
                # Keys are kinds then, and all of them lie at the top.
                self._one(document, (), "root", {"names": [name for part in value.values() for name in _listed(part)]})
            elif isinstance(value, dict):
                self._many(document, (), value, 0)
            elif isinstance(value, list) and (_is_of_root(stem) or self._is_folder(stem)):
                where = "" if _is_of_root(stem) else stem
                self._names(document, (), self._list(where, document.place()), value, files=True, folders=True)
            elif value is not None:
                self.unread.append(document.place())

    def _many(self, document: Document, keys: tuple[str | int, ...], value: Mapping[str, object], depth: int) -> None:
        """A mapping of folders to what may lie there."""
        for key, inner in value.items():
            at = (*keys, key)
            if key.lower() in _SAID:
                continue
            if key.lower() in _GROUPS and isinstance(inner, dict) and depth < _MOST_DEEP:
                self._many(document, at, inner, depth + 1)
            elif isinstance(inner, list) and key.lower() in _GROUPS and _are_folders(inner):
                self._several(document, at, inner)
            elif isinstance(inner, list) and (word := _of_root(key)):
                self._kind(document, at, self._list("", document.key_place(*at)), word, inner)
            elif isinstance(inner, list):
                self._names(document, at, self._list(key, document.key_place(*at)), inner, files=True, folders=True)
            elif isinstance(inner, dict):
                self._one(document, at, _where(inner, key), inner)
            elif inner is not None:
                self.unread.append(document.key_place(*at))

    def _several(self, document: Document, keys: tuple[str | int, ...], entries: list[object]) -> None:
        """A list of folders, each of which says which one it is."""
        for number, entry in enumerate(entries):
            if isinstance(entry, dict):
                self._one(document, (*keys, number), _where(entry, str(entry.get("name", ""))), entry)

    def _one(self, document: Document, keys: tuple[str | int, ...], folder: str, value: Mapping[str, object]) -> None:
        """One folder with what may lie there, by kind."""
        kinds = {key: inner for key, inner in value.items() if key.lower() in _KINDS}
        if not kinds:
            self.unread.append(document.key_place(*keys))
            return
        found = self._list(folder, document.key_place(*keys))
        for key, inner in kinds.items():
            names = list(inner) if isinstance(inner, dict) else inner
            if isinstance(names, list):
                self._kind(document, (*keys, key), found, key.lower(), names)
            elif inner is not None:
                self.unread.append(document.key_place(*keys, key))

    def _kind(
        self, document: Document, keys: tuple[str | int, ...], found: Whitelist, word: str, names: list[object]
    ) -> None:
        if word in _FORBIDS:
            found.forbidden += [name.rstrip("/") for each in names if (name := _name(each)) is not None]
        elif word in _ENDINGS:
            found.files += [f"*.{str(each).lstrip('*').lstrip('.')}" for each in names]
            found.of_files = True
        else:
            if word.startswith(("required", "optional")):
                # What must be in a folder says nothing of what else may.
                names = [name.partition("/")[0] if isinstance(name, str) else name for name in names]
            self._names(document, keys, found, names, files=word not in _FOLDERS, folders=word not in _FILES)

    def _names(
        self,
        document: Document,
        keys: tuple[str | int, ...],
        found: Whitelist,
        names: list[object],
        *,
        files: bool,
        folders: bool,
    ) -> None:
        found.of_files |= files
        found.of_folders |= folders
        for number, item in enumerate(names):
            name = _name(item)
            if name is None:
                self.unread.append(document.place(*keys, number))
                continue
            name = name.removeprefix("./")
            if files and not name.endswith("/"):
                found.files.append(name)
            if folders:
                found.folders.append(name.rstrip("/"))

    def _list(self, named: str, place: Place) -> Whitelist:
        folder = "" if named.lower() in _ROOTS else normpath(named).strip("/")
        return self._lists.setdefault(folder, Whitelist(folder, place))

    def _is_folder(self, name: str) -> bool:
        return any(True for _ in self._files.under(name))


def _keys(value: Mapping[str, object]) -> set[str]:
    return {key.lower() for key in value}


def _is_nested(value: Mapping[str, object]) -> bool:
    """Whether words such as `directories` hold folders with lists of their own."""
    parts = [part for key, part in value.items() if key.lower() in _GROUPS]
    inner = [part for part in parts if isinstance(part, dict)]
    return any(isinstance(each, (dict, list)) for part in inner for each in part.values()) or any(
        isinstance(part, list) and _are_folders(part) for part in parts
    )


def _are_folders(entries: list[object]) -> bool:
    """Whether a list has folders with lists of their own, instead of names."""
    return bool(entries) and all(isinstance(each, dict) and _keys(each) & _KINDS for each in entries)


def _of_root(key: str) -> str:
    """The kind that a key such as `allowed_root_files` says of the top, nothing for others."""
    rest = next((key.lower().removeprefix(start) for start in _OF_ROOT if key.lower().startswith(start)), "")
    return rest if rest in _KINDS else ""


def _where(value: Mapping[str, object], otherwise: str) -> str:
    said = next((part for key, part in value.items() if key.lower() in _WHERE and isinstance(part, str)), None)
    return otherwise if said is None else said


def _is_of_root(stem: str) -> bool:
    return stem in _ROOTS or re.fullmatch(r"root[_-]?(?:files|level|folder|directory|whitelist)?", stem) is not None


def _lists_kinds(value: Mapping[str, object], stem: str) -> bool:
    """Whether a file about the top groups its names by what they are for."""
    parts = [part for key, part in value.items() if key.lower() not in _SAID]
    is_flat = bool(parts) and all(isinstance(part, list) for part in parts)
    return "root" in stem.lower() and is_flat and not _keys(value) & _ROOTS and not any(map(_of_root, value))


def _listed(part: object) -> list[object]:
    return part if isinstance(part, list) else []


def _name(item: object) -> str | None:
    if isinstance(item, str):
        return item
    if isinstance(item, dict):
        return next((str(item[key]) for key in _NAMES if isinstance(item.get(key), str)), None)
    return None


def _is_meant(pattern: str, path: str, *, is_folder: bool) -> bool:
    if "/" not in pattern:
        return fnmatchcase(basename(path), pattern)
    # A folder on the way to something that may be there may be there, too.
    return fnmatchcase(path, pattern) or (is_folder and fnmatchcase(path, pattern.partition("/")[0]))


def outside(whitelists: Whitelists, files: Files) -> Iterator[tuple[str, File, Whitelist]]:
    """What lies in a listed folder without being listed there: its path, a file of it, and the list."""
    seen: set[str] = set()
    shapes = [each for name, each in whitelists.lists.items() if set(_SPECIAL) & set(name)]
    for file in files:
        parts = file.path.split("/")
        for depth in range(len(parts)):
            found = whitelists.lists.get("/".join(parts[:depth])) or _of_shape(shapes, parts[:depth])
            path, is_folder = "/".join(parts[: depth + 1]), depth + 1 < len(parts)
            if found and path not in seen:
                seen.add(path)
                if not found.allows(parts[depth], is_folder=is_folder):
                    yield path, file, found


def _of_shape(shapes: list[Whitelist], parts: list[str]) -> Whitelist | None:
    """The list of all folders of a shape, as `roles/*`, that one of these parts has; a star is no slash there."""
    for each in shapes:
        steps = each.folder.split("/")
        if len(steps) == len(parts) and all(map(fnmatchcase, parts, steps)):
            return each
    return None
