"""Units of systemd that are enabled, and those that failed."""

from __future__ import annotations

import re

from stems.model.truth import UNKNOWN, Fact

# Unit files can be listed where no systemd runs, and say nothing there.
_RUNS = "test -d /run/systemd/system || exit 1\n"
ENABLED = f"{_RUNS}systemctl list-unit-files --state=enabled --no-legend --no-pager --plain"
FAILED = f"{_RUNS}systemctl list-units --state=failed --no-legend --no-pager --plain"

_UNIT = re.compile(r"[A-Za-z0-9:_.@\\-]{1,250}\.(?:service|timer|socket|path|mount|automount|target|swap|slice|scope)")
# Snaps have one for each of their versions; the others are made for one run.
_PASSING = re.compile(r"snap-.*\.mount|run-.*|session-.*\.scope|[0-9a-f]{32}.*")


def units(text: str) -> Fact[tuple[str, ...]]:
    names = [line.split()[0] for line in text.splitlines() if line.strip()]
    if not all(map(_UNIT.fullmatch, names)):
        return UNKNOWN
    return tuple(sorted({name for name in names if not _PASSING.fullmatch(name)}))
