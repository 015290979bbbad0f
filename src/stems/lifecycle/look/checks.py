"""The health checks of `cluster.yml` that the probe answers: mounts and free space."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass

from stems.infrastructure.probe import Section
from stems.model.check import Check, DiskFreeCheck, HttpCheck, MountCheck
from stems.readers.quantities import read_share, read_size

_PERCENT = "%"
_NUMBER = re.compile(r"[0-9]{1,18}")
_MOUNT_DETAILS = {True: "", False: "not mounted", None: "not known"}
_MOUNTED = (
    "if awk -v p={path} '$2 == p {{ found = 1 }} END {{ exit !found }}' /proc/mounts; then echo yes; else echo no; fi"
)
_FREE = (
    'df -Pk -- {path} 2>/dev/null | {{ read -r _; read -r _ total _ free _ && echo "$total $free" || echo unknown; }}'
)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What came of one check. `passed` is None when it is not known; `of` are the services that ask for it."""

    check: str
    passed: bool | None
    detail: str = ""
    of: tuple[str, ...] = ()


def snippet(checks: Iterable[Check]) -> str:
    """What the probe asks for mounts and free space: one line a check, in their order."""
    lines = []
    for check in checks:
        if isinstance(check, MountCheck):
            lines.append(_MOUNTED.format(path=shlex.quote(_as_in_mounts(check.path))))
        elif isinstance(check, DiskFreeCheck):
            lines.append(_FREE.format(path=shlex.quote(check.path)))
    return "\n".join(lines) or ":"


def _as_in_mounts(path: str) -> str:
    """A path as /proc/mounts writes it, with each backslash twice: awk takes one away."""
    return re.sub(r"[\s\\]", lambda found: f"\\\\{ord(found[0]):03o}", path)


def parse_snippet(checks: Iterable[Check], section: Section) -> list[CheckResult]:
    asked = [check for check in checks if not isinstance(check, HttpCheck)]
    lines = section.text.splitlines()
    if len(lines) != len(asked):
        return [CheckResult(str(check), None, "the answer could not be read") for check in asked]
    return [_judge(check, line) for check, line in zip(asked, lines, strict=True)]


def _judge(check: Check, line: str) -> CheckResult:
    if isinstance(check, MountCheck):
        passed = {"yes": True, "no": False}.get(line)
        return CheckResult(str(check), passed, _MOUNT_DETAILS[passed])
    assert isinstance(check, DiskFreeCheck)  # noqa: S101  # the only other kind that the probe asks
    words = line.split()
    if len(words) != 2 or not all(_NUMBER.fullmatch(word) for word in words):
        return CheckResult(str(check), None, "free space is not known")
    total, free = (int(word) * 1024 for word in words)
    wanted = total * read_share(check.at_least) if check.at_least.endswith(_PERCENT) else read_size(check.at_least)
    return CheckResult(str(check), free >= wanted, f"{100 * free // max(total, 1)}% free")
