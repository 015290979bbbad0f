"""What Git ignores here: the `.gitignore` files of the repository."""

from __future__ import annotations

from posixpath import dirname

from stems.readers.gitignore import IgnoreLine, read_gitignore
from stems.validation.files import Files
from stems.validation.subject import Subject


class Ignores:
    """Every line of every `.gitignore`, outermost first, as Git weighs them."""

    def __init__(self, files: Files) -> None:
        found = sorted(
            files.named(".gitignore"), key=lambda file: (file.folder.count("/") + bool(file.folder), file.path)
        )
        self._by_folder: dict[str, tuple[IgnoreLine, ...]] = {
            file.folder: read_gitignore(file.text, file.folder) for file in found
        }
        self._lines: dict[str, tuple[IgnoreLine, ...]] = {}
        self._folders: dict[str, IgnoreLine | None] = {"": None}

    def __bool__(self) -> bool:
        return bool(self._by_folder)

    def __contains__(self, path: object) -> bool:
        """Whether Git ignores a path, whatever it would be: what is not there may become a folder."""
        return isinstance(path, str) and any(self.line_for(path, is_folder=each) for each in (False, True))

    def line_for(self, path: str, *, is_folder: bool = False) -> IgnoreLine | None:
        """The line that makes Git ignore a path, if there is one."""
        above = self._folder(dirname(path))
        return above or self._own(path, is_folder=is_folder)

    def _folder(self, folder: str) -> IgnoreLine | None:
        if folder not in self._folders:
            self._folders[folder] = self._folder(dirname(folder)) or self._own(folder, is_folder=True)
        return self._folders[folder]

    def _own(self, path: str, *, is_folder: bool) -> IgnoreLine | None:
        lines = self._about(dirname(path))
        last = next((line for line in reversed(lines) if line.means(path, is_folder=is_folder)), None)
        return None if last is None or last.is_exception else last

    def _about(self, folder: str) -> tuple[IgnoreLine, ...]:
        """The lines that count in a folder: those of its own file, and of all above."""
        if folder not in self._lines:
            above = self._about(dirname(folder)) if folder else ()
            self._lines[folder] = (*above, *self._by_folder.get(folder, ()))
        return self._lines[folder]


def ignores_of(subject: Subject) -> Ignores:
    """Asked for with `subject.once`."""
    return Ignores(subject.files)
