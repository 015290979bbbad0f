"""Tasks that may act in a preview because a person accepts it: what the callback plugin is told of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from glob import escape
from pathlib import Path

from stems.model.finding import Place
from stems.tools.ansible.hazards import ACTS_IN_PREVIEW
from stems.tools.ansible.requirements import GALAXY, requirements_of
from stems.tools.base import Job


def allowed_tasks(job: Job, accepted: Iterable[Place]) -> list[str]:
    """Patterns for `FILE` and `FILE:LINE`, as Ansible names where a task is written.

    `accepted` are the places of what was accepted beside it. What is below a block or a play belongs to it.
    """
    root = Path(escape(str(job.tree.root)))
    # What is accepted in an installed role is in a list, because nobody writes beside it.
    beside = [each for each in accepted if not each.path.startswith(GALAXY)]
    patterns = [f"{root}/{escape(each.path)}:{line}" for each in beside for line in _lines_of(job.tree.root, each)]
    wanted = requirements_of(job)
    for listed in job.exceptions.in_force(ACTS_IN_PREVIEW):
        where = listed.where.removesuffix("/")
        if not where.startswith(GALAXY):
            patterns += [f"{root}/{where}", f"{root}/{where}/*"]
        elif wanted:
            folder = escape(str(wanted.folder))
            patterns += [f"{folder}/{where.removeprefix(GALAXY)}{rest}" for rest in ("", "/*")]
    return patterns


def _lines_of(root: Path, place: Place) -> Iterator[int]:
    """The line of an entry of a list, and those below it that are further in."""
    yield place.line
    lines = (root / place.path).read_text("utf-8", "replace").splitlines()
    for number, text in enumerate(lines[place.line :], start=place.line + 1):
        if text.strip() and len(text) - len(text.lstrip()) < place.column - 1:
            return
        yield number
