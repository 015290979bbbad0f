"""The files that are read: where they lie, and what is in them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property
from posixpath import basename, dirname, join, normpath

from stems.readers.document import Document
from stems.readers.encrypted import VAULT

ENDINGS = (".yml", ".yaml", ".json", "")
_SHELLS = frozenset({".envrc", ".env", "Makefile", "makefile", "GNUmakefile", "justfile", "Justfile", "Taskfile.yml"})


class Content:
    """The files of a repository by their paths from its root. Nothing outside of it exists for this reader.

    `aside` are those that nobody runs: they count where something is looked for, and are not judged.
    """

    def __init__(
        self,
        paths: Collection[str],
        text: Callable[[str], str],
        documents: Callable[[str], Sequence[Document]],
        aside: Collection[str] = (),
    ) -> None:
        self.paths = tuple(sorted(paths))
        self.aside = frozenset(aside)
        self._files = frozenset(paths)
        self._text = text
        self._documents = documents

    def __contains__(self, path: str) -> bool:
        return path in self._files

    @cached_property
    def live(self) -> tuple[str, ...]:
        return tuple(path for path in self.paths if path not in self.aside)

    @cached_property
    def _below(self) -> dict[str, list[str]]:
        """The names in each folder; folders end in a slash."""
        found: dict[str, dict[str, None]] = {"": {}}
        for path in self.paths:
            inner = path
            while inner.strip("/"):
                folder, name = dirname(inner), basename(inner) + ("/" if inner != path else "")
                names = found.setdefault(folder, {})
                if name in names:
                    break
                names[name] = None
                inner = folder
        return {folder: list(names) for folder, names in found.items()}

    @cached_property
    def ignored(self) -> tuple[str, ...]:
        """What Git is told to ignore, in whatever folder: that may be on the machine of whoever runs Ansible."""
        texts = (self.text(path) for path in self.paths if basename(path) == ".gitignore")
        lines = (line.strip() for text in texts for line in text.split("\n"))
        return tuple(dict.fromkeys(line.strip("/") for line in lines if line.strip("/") and line[0] not in "#!"))

    def is_steered(self, variable: str) -> bool:
        """Whether a file that prepares a shell sets a variable of Ansible's: it then looks elsewhere."""
        return any(variable in self.text(path) for path in self.paths if basename(path) in _SHELLS)

    def text(self, path: str) -> str:
        """Nothing where it is no text, or not there."""
        return self._text(path) if path in self._files else ""

    def document(self, path: str) -> Document | None:
        """The first YAML document, None where there is none or it cannot be read."""
        found = self._documents(path) if path in self._files else ()
        return found[0] if found else None

    def is_encrypted(self, path: str) -> bool:
        return self.text(path).startswith(VAULT)

    def is_folder(self, path: str) -> bool:
        return path in self._below

    def exists(self, path: str) -> bool:
        return path in self._files or path in self._below

    def is_hidden(self, path: str) -> bool:
        """Whether a link or a submodule lies on the way: what is behind it is not in this repository."""
        return any(each in self._files and each not in self._below for each in and_above(path))

    def files_in(self, folder: str) -> list[str]:
        return [joined(folder, name) for name in self._below.get(folder, ()) if not name.endswith("/")]

    def folders_in(self, folder: str) -> list[str]:
        """The names of the folders there."""
        return [name[:-1] for name in self._below.get(folder, ()) if name.endswith("/")]

    def under(self, folder: str) -> Iterator[str]:
        """The files there and below."""
        for name in self._below.get(folder, ()):
            path = joined(folder, name.rstrip("/"))
            if name.endswith("/"):
                yield from self.under(path)
            else:
                yield path

    def named(self, folder: str, name: str) -> str:
        """The file of variables or tasks that a name means in a folder, or nothing."""
        return next((path for ending in ENDINGS if (path := joined(folder, name + ending)) in self._files), "")


def and_above(path: str) -> Iterator[str]:
    """A path of the repository and every folder above it, nearest first; only the path itself of one outside."""
    yield path
    while path.strip("/"):
        path = dirname(path)
        yield path


def joined(folder: str, name: str) -> str:
    """A path from the root; one that starts with `..` is outside."""
    path = normpath(join(folder, name))
    return "" if path == "." else path


def is_outside(path: str) -> bool:
    return path.startswith(("/", "~", "..", "$")) or "\0" in path


def is_below(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(f"{folder}/")
