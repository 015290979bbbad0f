"""What judging and assessing a repository cost, by how many files it has. No node is asked, so no lab is needed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bench.measure import Subject, Summary, side_by_side
from bench.place import STEMS
from bench.repository import made
from bench.table import Line, Page, memory, ratio, shown, within

SMALL, MIDDLE, LARGE = 300, 1300, 5000
_MOST_SECONDS, _MOST_TO_ASSESS = 1.0, 5.0
_MOST_MEMORY = 200
# A file more costs as much in a large repository as in a small one, as far as a machine with other work can tell.
_MOST_GROWTH = 1.3
_ABOUT = (
    "Repositories of three nodes that are made up as real ones are: services of four files, roles, dotfiles, scripts "
    "and pages. Seconds are of the processor, start included."
)


def judge(scratch: Path, rounds: int, page: Page) -> None:
    folders = {count: made(scratch / f"files-{count}", count) for count in (SMALL, MIDDLE, LARGE)}
    subjects = {
        f"validate {count}": Subject((*STEMS, "validate", "--no-linters"), cwd=folder, expect=(0, 3))
        for count, folder in folders.items()
    }
    subjects["assess"] = Subject((*STEMS, "assess"), cwd=folders[MIDDLE])
    found = side_by_side(subjects, rounds=rounds)
    wrong = [Line(f"⚠ {name} {each.failed}".replace("|", "¦"), "") for name, each in found.items() if each.failed]
    page.add("`stems validate` and `stems assess` by the number of files", _ABOUT, [*_lines(found), *wrong])


def _lines(found: Mapping[str, Summary]) -> list[Line]:
    small, middle, large = (found[f"validate {count}"] for count in (SMALL, MIDDLE, LARGE))
    first, later = (middle.cpu - small.cpu) / (MIDDLE - SMALL), (large.cpu - middle.cpu) / (LARGE - MIDDLE)
    return [
        within(f"`stems validate`, {SMALL} files with {SMALL // 6} services", small.cpu, _MOST_SECONDS),
        memory("the same", small.rss),
        Line(f"`stems validate`, {MIDDLE} files", shown(middle.cpu)),
        Line(f"`stems validate`, {LARGE} files", shown(large.cpu)),
        memory("the same", large.rss, _MOST_MEMORY),
        ratio(f"a file more beyond {MIDDLE}, against one below", later / first if first > 0 else 0.0, _MOST_GROWTH),
        within(f"`stems assess`, {MIDDLE} files", found["assess"].cpu, _MOST_TO_ASSESS),
        memory("the same", found["assess"].rss, _MOST_MEMORY),
    ]
