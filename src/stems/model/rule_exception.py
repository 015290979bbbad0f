"""An exception: a finding that a person accepts, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase

from stems.model.finding import Place

EXCEPTIONS_FILE = "config/exceptions.yml"


@dataclass(frozen=True, slots=True)
class RuleException:
    """An entry of `config/exceptions.yml`: findings of `code` are accepted in `where`, until a day if one is given.

    `where` is a path of the repository, a folder, or a pattern with `*`, which also crosses slashes.
    """

    code: str
    where: str
    reason: str
    place: Place
    until: date | None = None

    def is_about(self, code: str, path: str) -> bool:
        return code == self.code and self.is_in(path)

    def is_in(self, path: str) -> bool:
        where = self.where.removesuffix("/")
        return path == where or path.startswith(f"{where}/") or fnmatchcase(path, self.where)

    def is_over(self, today: date) -> bool:
        """Whether it has expired: it still counts on the day itself."""
        return self.until is not None and today > self.until
