"""One batched script per node: many small questions, one round trip."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from stems.errors import UnknownError
from stems.infrastructure.command import Command, Effect, Watch, script
from stems.infrastructure.runner import Runner

PROBE_TIMEOUT = 15.0


@dataclass(frozen=True, slots=True)
class Section:
    """What one snippet of the probe printed, and its exit status."""

    status: int
    text: str


def probe_command(snippets: Mapping[str, str], marker: str, *, timeout: float = PROBE_TIMEOUT) -> Command:
    """Every snippet in a subshell of its own, its output between markers that the node cannot guess."""
    parts = [
        f"printf '%s\\n' '{marker} begin {name}'\n"
        f"(\n{snippet}\n) </dev/null\n"
        f"printf '\\n%s %d\\n' '{marker} end {name}' $?"
        for name, snippet in snippets.items()
    ]
    return script("\n".join(["LC_ALL=C; export LC_ALL", *parts, "exit 0\n"]), Effect.READS, timeout=timeout)


def parse_probe(output: str, marker: str) -> dict[str, Section]:
    """The sections that came back whole; one that did not is left out, and so unknown."""
    pattern = re.compile(
        rf"^{re.escape(marker)} begin ([\w:.-]+)\n(.*?)\n{re.escape(marker)} end \1 (\d+)$", re.DOTALL | re.MULTILINE
    )
    return {name: Section(int(status), text) for name, text, status in pattern.findall(output)}


def probe(
    runner: Runner,
    snippets: Mapping[str, str],
    *,
    timeout: float = PROBE_TIMEOUT,
    began: Callable[[], object] | None = None,
) -> dict[str, Section]:
    """Ask a node all of `snippets`. Raises when any of them has no answer. `began` is called at its first word."""
    marker = f"stems-{os.urandom(12).hex()}"
    command = probe_command(snippets, marker, timeout=timeout)
    result = runner.run(command, watch=_once(began) if began else None)
    sections = parse_probe(result.text, marker)
    missing = [name for name in snippets if name not in sections]
    if missing:
        raise UnknownError(
            f"{runner.place}: no readable answer about {', '.join(missing)}",
            said=result.errors,
            remedy="see whether the node has a POSIX shell and its disk is not full",
        )
    return sections


def _once(began: Callable[[], object]) -> Watch:
    waiting = [began]

    def watch(line: bytes) -> None:
        del line
        if waiting:
            waiting.pop()()

    return watch
