"""The files that are judged: read once, only when a rule asks, and never more than is good for the machine."""

from __future__ import annotations

import errno
import os
import re
import stat
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from posixpath import dirname

from stems.model.finding import Place
from stems.readers.document import Document
from stems.readers.encrypted import is_encrypted
from stems.readers.kept import Kept
from stems.readers.nodes import RepeatedKeyError, YamlError
from stems.validation.aside import holds_pages, is_page, lies_aside
from stems.validation.budget import MOST_TEXT, beyond
from stems.validation.content import LARGEST, Kind, read_content
from stems.validation.crypted import NAME as ATTRIBUTES
from stems.validation.crypted import Crypted
from stems.validation.patterns import any_of
from stems.validation.templated import has_actions, is_template_name
from stems.validation.yaml_content import YamlContent, read_yaml_content

_MOST_CHARACTERS = 32 * 1024 * 1024
_MOST_LINES = 2 * LARGEST
_YAML = (".yml", ".yaml")
_NAMES = (*_YAML, ".j2", ".jinja2", ".tmpl", ".ini", ".cfg", ".toml", ".sh")
"""Endings of files in which names are given and used."""
_NOT_READ = frozenset({Kind.LARGE, Kind.BEYOND, Kind.UNREADABLE, Kind.ENCODED})


@dataclass(frozen=True, slots=True)
class File:
    """One file of the repository by its path there."""

    path: str
    _files: Files = field(repr=False, compare=False)

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """The path of the folder that it is in, empty for the top."""
        return self.path.rpartition("/")[0]

    @property
    def is_documentation(self) -> bool:
        """Whether it tells people about configuration instead of being some."""
        return is_page(self.path) or holds_pages(self.folder)

    @property
    def is_aside(self) -> bool:
        """Whether it lies where people keep what they do not run: archives, examples, tests, code of others.

        What `config/cluster.yml` declares runs, wherever it lies.
        """
        return lies_aside(self.folder)

    @property
    def is_template(self) -> bool:
        """Whether it is rendered before it is read as what its name says: Jinja, Go templates, Handlebars, ERB.

        YAML that can be read is YAML, whatever its texts hold.
        """
        if is_template_name(self.path):
            return True
        if not has_actions(self.text):
            return False
        return not self.name.endswith(_YAML) or not isinstance(self.yaml_error, RepeatedKeyError | None)

    @property
    def is_encrypted(self) -> bool:
        """Whether nobody can read it in a commit without a key."""
        return is_encrypted(self.path, self.text) or self.path in self._files._crypted

    @property
    def size(self) -> int:
        """Its bytes, also of what is not read."""
        about = self._files._status(self.path)
        return about.st_size if about else 0

    @property
    def is_folder(self) -> bool:
        """Whether Git tracks a commit of another repository here, which is a folder when it is checked out."""
        about = self._files._status(self.path)
        return about is not None and stat.S_ISDIR(about.st_mode)

    @property
    def leads_to(self) -> str:
        """What is written in a symbolic link, empty for anything else."""
        return self._files._link(self.path)

    @property
    def kind(self) -> Kind:
        return self._files._content(self.path)[0]  # a file and its files are one thing

    @property
    def text(self) -> str:
        """What is in it; nothing where it is no text."""
        return self._files._content(self.path)[1]

    @property
    def lines(self) -> list[str]:
        """Its lines; the first one is line 1 of a place."""
        return [line.removesuffix("\r") for line in self.text.split("\n")] if self.text else []

    def line(self, number: int) -> str:
        """One of its lines; nothing where there is no such line."""
        starts = self._files._starts(self.path)
        if not 0 < number <= len(starts):
            return ""
        start = starts[number - 1]
        end = starts[number] - 1 if number < len(starts) else len(self.text)
        return self.text[start:end].removesuffix("\r")

    @property
    def documents(self) -> tuple[Document, ...]:
        """Its YAML documents; none where it is not YAML, which `yaml_error` says."""
        return self._files._yaml(self.path).documents

    @property
    def yaml_error(self) -> YamlError | None:
        return self._files._yaml(self.path).error

    @property
    def repeated_keys(self) -> tuple[RepeatedKeyError, ...]:
        """The keys that stand twice in one mapping: the last value counts, as for most programs."""
        return self._files._yaml(self.path).repeats

    def place(self, line: int = 0, column: int = 0) -> Place:
        return Place(self.path, line, column)

    def at(self, offset: int) -> Place:
        """Where in it an offset of its text is, as a match of a pattern gives it."""
        starts = self._files._starts(self.path)
        line = bisect_right(starts, offset)
        return Place(self.path, line, offset - starts[line - 1] + 1)


class Files:
    """The files of a working tree or a commit, in the order of their paths. Whatever they are, reading never raises."""

    def __init__(self, root: Path | None = None, paths: Iterable[str] = ()) -> None:
        self._root = os.path.realpath(root) if root else ""
        self._files = {path: File(path, self) for path in sorted(paths)}
        self._contents: Kept[tuple[Kind, str]] = Kept(_MOST_CHARACTERS)
        self._broken: dict[str, YamlContent] = {}
        self._repeating: set[str] = set()
        self._line_starts: Kept[array[int]] = Kept(_MOST_LINES)
        self._folders: dict[str, bool] = {}

    @property
    def root(self) -> Path:
        """The folder of the working tree or of the commit's files."""
        return Path(self._root)

    def __iter__(self) -> Iterator[File]:
        return iter(self._files.values())

    def __len__(self) -> int:
        return len(self._files)

    def __contains__(self, path: str) -> bool:
        return path in self._files

    def __getitem__(self, path: str) -> File:
        return self._files[path]

    def get(self, path: str) -> File | None:
        return self._files.get(path)

    def named(self, *patterns: str) -> Iterator[File]:
        """Those whose name matches one of the patterns, as `*.yml`; one with a slash is about the whole path.

        A star also stands for slashes.
        """
        names = any_of(*(each for each in patterns if "/" not in each)).match
        paths = any_of(*(each for each in patterns if "/" in each)).match if "/" in "".join(patterns) else None
        return (file for name, file in self._by_name if names(name) or (paths and paths(file.path)))

    def under(self, folder: str) -> Iterator[File]:
        """Those in a folder and below it."""
        start = f"{folder.strip('/')}/"
        return (file for path, file in self._files.items() if start in ("/", "./") or path.startswith(start))

    @cached_property
    def beyond(self) -> frozenset[str]:
        """The paths of files that are not read, because there is more text than people write."""
        sizes = ((path, about.st_size) for path in self._files if (about := self._status(path)))
        return beyond((path, size) for path, size in sizes if size <= LARGEST)

    @cached_property
    def is_whole(self) -> bool:
        """Whether every file was read that may name something: of what is in another one nothing is known."""
        return not any(file.kind in _NOT_READ for file in self if file.name.endswith(_NAMES))

    @property
    def unread(self) -> str:
        """What is `beyond` in words; nothing where everything is read."""
        if not self.beyond:
            return ""
        first = min(self.beyond, key=lambda path: (self._files[path].size, path))
        more = f" and {len(self.beyond) - 1} larger" if len(self.beyond) > 1 else ""
        return f"{first}{more}: {MOST_TEXT // 1024 // 1024} MiB are read of one repository, small files first"

    @cached_property
    def _by_name(self) -> tuple[tuple[str, File], ...]:
        return tuple((file.name, file) for file in self)

    @cached_property
    def _crypted(self) -> Crypted:
        return Crypted((file.folder, file.text) for file in self.named(ATTRIBUTES))

    def _content(self, path: str) -> tuple[Kind, str]:
        found = self._contents.get(path)
        if found is None:
            found = self._read(path)
            self._contents.keep(path, found, weight=len(found[1]) + 1)
        return found

    def _starts(self, path: str) -> array[int]:
        """Where each line of a file begins: a rule may ask for the places of thousands of offsets."""
        found = self._line_starts.get(path)
        if found is None:
            found = array("I", [0])
            found.extend(each.end() for each in re.finditer("\n", self._content(path)[1]))
            self._line_starts.keep(path, found, weight=len(found))
        return found

    def _yaml(self, path: str) -> YamlContent:
        found = self._broken.get(path)
        if found is None:
            found = read_yaml_content(self._content(path)[1], path, has_repeats=path in self._repeating)
            if found.repeats:
                self._repeating.add(path)
            elif found.error is not None:
                self._broken[path] = found
        return found

    def _read(self, path: str) -> tuple[Kind, str]:
        if not self._is_inside(dirname(path)):
            return Kind.UNREADABLE, ""
        if path in self.beyond:
            return Kind.BEYOND, ""
        try:
            return read_content(self._local(path))
        except (OSError, ValueError) as error:
            return Kind.LINK if getattr(error, "errno", None) == errno.ELOOP else Kind.UNREADABLE, ""

    def _status(self, path: str) -> os.stat_result | None:
        try:
            return os.lstat(self._local(path)) if self._is_inside(dirname(path)) else None
        except (OSError, ValueError):
            return None

    def _link(self, path: str) -> str:
        try:
            return os.readlink(self._local(path)) if self._is_inside(dirname(path)) else ""  # noqa: PTH115  # as below
        except (OSError, ValueError):
            return ""

    def _local(self, path: str) -> str:
        return os.path.join(self._root, path)  # noqa: PTH118  # pathlib takes longer than reading does

    def _is_inside(self, folder: str) -> bool:
        """Whether no link leads out of the repository on the way to a folder."""
        if folder not in self._folders:
            real = os.path.realpath(self._local(folder))
            self._folders[folder] = bool(self._root) and (real == self._root or real.startswith(f"{self._root}/"))
        return self._folders[folder]
