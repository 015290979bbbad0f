"""What a project is read with: its files, its variables, what was found, and how much work is left to it."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field

from stems.errors import ConfigurationError
from stems.model.finding import Finding, Place, Severity
from stems.model.names import printable
from stems.readers.nodes import MAX_MESSAGE, YamlError

UNREADABLE = "STM501"
REFUSED = "STM503"
VALUELESS = "STM504"
UNDEFINED = "STM506"

MOST_VALUES = 400_000
"""Values that all files together may stand for: `extends` and `include` multiply them, and each step counts."""
MOST_FILES = 1000
MOST_CHARACTERS = 32 * 1024 * 1024
MOST_FINDINGS = 100

Read = Callable[[str], str | None]


class Everything:
    """A container of every name: whatever is not known is set elsewhere."""

    def __contains__(self, name: object) -> bool:
        return True


EVERYTHING = Everything()


class TooMuchError(Exception):
    """A project that stands for more than anybody would write."""


@dataclass(frozen=True, slots=True)
class Given:
    """What is known about where a project will run.

    `variables` are what the environment of Compose has for sure. `unknown` are names set elsewhere, `EVERYTHING`
    if nobody knows which: what depends on one is `UNKNOWN`. `rendered` are files that something else writes, such as an
    `.env` that Ansible renders: what they say is unknown, and that they are not in the repository is no mistake.
    `profiles` are those that are asked for, `*` for all. A `project` is the name that Compose is told, whatever the
    files say. Compose takes a variable that nothing sets for an empty one; with `is_unset_unknown` what it stands for
    is unknown instead, so that one mistake is not told as several.
    """

    variables: Mapping[str, str] = field(default_factory=dict)
    unknown: Container[str] = frozenset()
    rendered: Container[str] = frozenset()
    profiles: Sequence[str] = ()
    project: str = ""
    is_unset_unknown: bool = False


@dataclass(slots=True)
class Reading:
    """One project while it is read."""

    read: Read
    given: Given = field(default_factory=Given)
    findings: list[Finding] = field(default_factory=list)
    is_complete: bool = True
    """Whether every file that belongs to the project could be seen."""
    unset: dict[str, Place] = field(default_factory=dict)
    """Variables that had no value and no default where Compose takes an empty one, and where the first of them is."""
    absent: dict[Place, tuple[str, ...]] = field(default_factory=dict)
    """Values that variables without a value have a say in, and which of these have no default either."""
    lacks_env: bool = False
    """Whether an `.env` that Compose would read is not in the repository."""
    unseen: dict[Place, str] = field(default_factory=dict)
    """Where a Compose file is named that is out of sight, and as what."""
    entries: dict[tuple[str, str], Place] = field(default_factory=dict)
    """Where each name of each environment file has its value."""
    values: int = 0
    characters: int = 0
    texts: dict[str, str | None] = field(default_factory=dict)

    def refuse(self, place: Place, message: str, remedy: str = "", *, code: str = REFUSED) -> None:
        self._find(Finding(code, place, _shown(message), _shown(remedy) or f"edit {place.path}"))

    def warn(self, place: Place, message: str, remedy: str = "", *, code: str = REFUSED) -> None:
        self._find(Finding(code, place, _shown(message), _shown(remedy), Severity.WARNING))

    def refuse_error(self, error: ConfigurationError, path: str) -> None:
        """A text that could not be parsed at all."""
        place, message = (error.place, error.message) if isinstance(error, YamlError) else _split(error.problem, path)
        self.refuse(place, message, error.remedy, code=UNREADABLE)

    def spend(self, values: int) -> None:
        """Raises `TooMuchError` when all is used up."""
        self.values += values
        if self.values > MOST_VALUES:
            raise TooMuchError(f"stands for more than {MOST_VALUES} values")

    def text(self, path: str) -> str | None:
        """A file of the repository, or None when there is none."""
        if path not in self.texts:
            if len(self.texts) >= MOST_FILES:
                raise TooMuchError(f"more than {MOST_FILES} files")
            text = self.texts[path] = self.read(path)
            self.write(len(text or ""))
        return self.texts[path]

    def write(self, characters: int) -> None:
        """Raises `TooMuchError` when files, and what variables make of them, are too long together."""
        self.characters += characters
        if self.characters > MOST_CHARACTERS:
            raise TooMuchError(f"stands for more than {MOST_CHARACTERS // 1024 // 1024} MiB")

    def is_elsewhere(self, path: str) -> bool:
        """Whether a file is out of sight: not in the repository, or written by something else."""
        return is_outside(path) or path in self.given.rendered

    def pass_over(self, place: Place, name: str) -> None:
        """Note that a Compose file is out of sight."""
        self.is_complete = False
        self.unseen.setdefault(place, name)

    def _find(self, finding: Finding) -> None:
        if finding not in self.findings:
            self.findings.append(finding)
        if len(self.findings) > MOST_FINDINGS:
            raise TooMuchError(f"more than {MOST_FINDINGS} findings")


def is_outside(path: str) -> bool:
    """Whether a path is none below the repository: absolute, of a home, above it, or on another machine."""
    return path.startswith(("/", "~", "../")) or path == ".." or ":" in path or "\x00" in path


def joined(folder: str, path: str) -> str:
    """A path of a folder, without `.` and `..` where that is possible; what is absolute or of a home stays."""
    if path.startswith(("/", "~")) or "://" in path:
        return path
    return posixpath.normpath(posixpath.join(folder, path)).removeprefix("./")


def _shown(text: str) -> str:
    return printable(text).replace("\n", " ")[:MAX_MESSAGE]


def _split(problem: str, path: str) -> tuple[Place, str]:
    """The place that a problem starts with, `PATH:LINE:COLUMN: MESSAGE`."""
    rest = problem.removeprefix(f"{path}:")
    line, _, after = rest.partition(":")
    column, _, message = after.partition(":")
    if rest != problem and line.isdecimal() and column.isdecimal():
        return Place(path, int(line), int(column)), message.strip()
    return Place(path), problem
