"""A change of one text that a finding knows how to make."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Puts `after` where `before` is in a file of the repository; `start` is an offset in the characters of its text.

    A file that is not there is an empty text: an edit of it makes the file.
    """

    path: str
    start: int
    before: str
    after: str

    @property
    def end(self) -> int:
        return self.start + len(self.before)

    def fits(self, text: str) -> bool:
        """Whether the text still has at that place what the edit was made for."""
        return self.start >= 0 and text.startswith(self.before, self.start) and self.end <= len(text)

    def meets(self, other: Edit) -> bool:
        """Whether both are about one place, so that what comes out depends on which one is first."""
        if self.path != other.path:
            return False
        return self.start == other.start or (self.start < other.end and other.start < self.end)


def edited(text: str, edits: tuple[Edit, ...]) -> str:
    """The text with all of the edits, which fit it and do not meet."""
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.after + text[edit.end :]
    return text
