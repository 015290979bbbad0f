"""What a linter says of a place where a rule of stems says the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from stems.model.finding import Finding
from stems.validation.codes import ANSIBLE_LINT, COMPOSE_LINT, SECRET_SCANNER, SHELLCHECK, YAMLLINT
from stems.validation.stage import Stage

LINTED = frozenset({YAMLLINT, SHELLCHECK, ANSIBLE_LINT, COMPOSE_LINT, SECRET_SCANNER})
_UNREADABLE = ("syntax", "key-duplicates", "syntax-check", "parser-error", "load-failure", "schema")
_EARLY = (Stage.SYNTAX, Stage.SCHEMA)
_SECRETS = "STM6"
SAME: dict[str, tuple[str, ...]] = {
    "CL-0001": ("STM516",),
    "CL-0002": ("STM515",),
    "CL-0004": ("STM510",),
    "CL-0008": ("STM517",),
    "CL-0010": ("STM518",),
    **dict.fromkeys(("CL-0011", "CL-0024", "CL-0027", "CL-0028", "CL-0029", "CL-0030"), ("STM519",)),
    "CL-0015": ("STM511",),
    "CL-0020": ("STM520", "STM602"),
    "CL-0021": ("STM602",),
    "CL-0026": ("STM513",),
    "SC1017": ("STM150",),
    "ignore-errors": ("STM444",),
    "latest[git]": ("STM431",),
    "no-log-password": ("STM447",),
    "package-latest": ("STM445",),
    "risky-octal": ("STM443",),
}
"""Codes of linters, each with those of the rules that look for the same in the same line."""


def without_repeats(findings: Sequence[Finding], stage_of: Callable[[Finding], Stage]) -> Iterator[Finding]:
    """Without the findings of linters that a rule of stems has, too: two names for one trouble are one too many."""
    own = [finding for finding in findings if finding.code not in LINTED]
    unreadable = {finding.place.path for finding in own if stage_of(finding) in _EARLY}
    lines = {(finding.code, place.path, place.line) for finding in own for place in (finding.place, *finding.also)}
    secrets = {(path, line) for code, path, line in lines if code.startswith(_SECRETS)}
    for finding in findings:
        if finding.code not in LINTED or not _is_said(finding, unreadable, lines, secrets):
            yield finding


def _is_said(
    finding: Finding,
    unreadable: set[str],
    lines: set[tuple[str, str, int]],
    secrets: set[tuple[str, int]],
) -> bool:
    path, line = finding.place.path, finding.place.line
    if finding.linter_code.startswith(_UNREADABLE) and path in unreadable:
        return True
    if finding.code == SECRET_SCANNER and (path, line) in secrets:
        return True
    return any((code, path, line) in lines for code in _same(finding))


def _same(finding: Finding) -> Iterable[str]:
    return SAME.get(finding.linter_code, ())
