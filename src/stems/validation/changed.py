"""What somebody is about to commit: only findings about it are of interest there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from stems.model.finding import Finding
from stems.validation.resource import above


@dataclass(frozen=True)
class Changed:
    """The paths that differ from a commit, which is empty where there is none yet. Paths that are gone count, too."""

    since: str
    paths: frozenset[str]

    def is_in(self, finding: Finding) -> bool:
        """Whether a finding is about one of them, or about a folder with one of them."""
        places = (finding.place, *finding.also)
        return any(place.path in self.paths or place.path in self._folders for place in places)

    @cached_property
    def _folders(self) -> frozenset[str]:
        return frozenset(folder for path in self.paths for folder in above(path))
