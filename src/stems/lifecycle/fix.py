"""Mending what can be mended without a person: findings bring edits, and the working tree gets them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from stems.errors import StemsError
from stems.infrastructure.local import LocalRunner
from stems.lifecycle.validate import Wanted, validate_working_tree
from stems.model.edit import edited
from stems.model.finding import Finding
from stems.model.names import is_relative_path
from stems.tools.git.repository import Repository
from stems.tools.git.working_file import LINK, PLAIN, Version, read_version, write_version
from stems.tools.redact import redacted_diff
from stems.validation.check import Judgement

CARRIAGE_RETURN = "␍"
"""How one is shown in a diff: otherwise both lines look the same."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A file that was mended: which findings that was about, and its redacted diff."""

    path: str
    findings: tuple[Finding, ...]
    diff: str


@dataclass(frozen=True, slots=True)
class NotFixed:
    """A finding that could have been mended and was not, and why."""

    finding: Finding
    why: str


@dataclass(frozen=True, slots=True)
class Fixes:
    """What was mended and what not, and the judgement of what is there now."""

    fixed: tuple[Fixed, ...]
    not_fixed: tuple[NotFixed, ...]
    judgement: Judgement


def fix_working_tree(folder: Path, wanted: Wanted) -> Fixes:
    """Mend what `wanted` asks about, and judge it again.

    Nothing is staged or committed: what was written is to be reviewed. What somebody accepts is no finding: it stays.
    """
    judged = validate_working_tree(folder, replace(wanted, every_stage=True, linters=False))
    fixed, not_fixed = mend(Repository.find(folder, LocalRunner()), judged)
    return Fixes(fixed, not_fixed, validate_working_tree(folder, wanted))


def mend(repository: Repository, judgement: Judgement) -> tuple[tuple[Fixed, ...], tuple[NotFixed, ...]]:
    """Make the edits that findings bring, in files that are still as they were judged."""
    chosen, not_fixed = _chosen(judgement.findings)
    fixed = []
    for path, findings in chosen.items():
        try:
            fixed.append(_mended(repository, path, findings, judgement))
        except (StemsError, OSError) as error:
            why = error.problem if isinstance(error, StemsError) else str(error.strerror or error)
            not_fixed += [NotFixed(finding, why) for finding in findings]
    return tuple(fixed), tuple(not_fixed)


def _chosen(findings: Iterable[Finding]) -> tuple[dict[str, list[Finding]], list[NotFixed]]:
    """Findings by the file that their edits are of; of two that meet the first one counts."""
    chosen: dict[str, list[Finding]] = {}
    not_fixed = []
    for finding in findings:
        if not finding.fix:
            continue
        path = finding.fix[0].path
        others = chosen.setdefault(path, [])
        if any(edit.path != path for edit in finding.fix):
            not_fixed.append(NotFixed(finding, "its edits are of several files"))
        elif any(_meet(finding, other) for other in others):
            not_fixed.append(NotFixed(finding, "it meets another edit: run it again"))
        else:
            others.append(finding)
    return {path: found for path, found in chosen.items() if found}, not_fixed


def _meet(one: Finding, other: Finding) -> bool:
    pairs = ((mine, theirs) for mine in one.fix for theirs in other.fix)
    return any(mine.meets(theirs) and mine != theirs for mine, theirs in pairs)


def _mended(repository: Repository, path: str, findings: list[Finding], judgement: Judgement) -> Fixed:
    was = _read(repository, path)
    text = was.content.decode("utf-8") if was else ""
    judged = judgement.files.get(path)
    edits = tuple(dict.fromkeys(edit for finding in findings for edit in finding.fix))
    if text != (judged.text if judged else "") or not all(edit.fits(text) for edit in edits):
        raise StemsError(f"{path}: changed since it was judged")
    now = edited(text, edits)
    if _read(repository, path) != was:
        raise StemsError(f"{path}: changed since it was judged")
    write_version(repository, path, Version(was.mode if was else PLAIN, now.encode("utf-8")))
    shown = (each.replace("\r", CARRIAGE_RETURN) for each in (text, now))
    return Fixed(path, tuple(findings), redacted_diff(*shown, path=path))


def _read(repository: Repository, path: str) -> Version | None:
    """The file as it is, None where there is none. Raises for what is no file of the repository itself."""
    if not is_relative_path(path) or ".git" in path.split("/"):
        raise StemsError(f"{path}: no file of the repository")
    found = read_version(repository.root / path)
    if found is None and os.path.lexists(repository.root / path):
        raise StemsError(f"{path}: no file")
    if found is not None and found.mode == LINK:
        raise StemsError(f"{path}: a link, and what it leads to is not written")
    return found
