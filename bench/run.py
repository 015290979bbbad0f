"""Measure what reading commands cost, side by side in one run, and write bench/results.md.

    make bench                                   a lab of its own, taken down in the end
    .venv/bin/python -m bench.run --lab NAME     a lab that is there; it gets what its repository declares
    .venv/bin/python -m bench.run --only status  some parts only: help status plan refused validate many gates judge
    .venv/bin/python -m bench.run --only judge --write /tmp/judge.md   validate and assess at 300 to 5,000 files, no lab

Medians of seven rounds (`--rounds`), each round takes every subject in turn. Every run is bounded. Budgets are ratios
within this run, except where they are stated in seconds. A missed budget is written as missed; nothing fails because of
it.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bench import measure, parts
from bench.ground import Ground, opened
from bench.place import prepared
from bench.table import Page, machine

RESULTS = Path(__file__).parent / "results.md"


@dataclass
class Shared:
    """The lab that parts share: made for the first one that needs it, taken down by `after`."""

    name: str
    scratch: Path
    rounds: int
    after: ExitStack

    @cached_property
    def ground(self) -> Ground:
        place = self.after.enter_context(prepared(self.name, self.scratch))
        return self.after.enter_context(opened(place, rounds=self.rounds))


def main() -> None:
    options = _options()
    load = os.getloadavg()[0]
    page = Page()
    # Control sockets need a short path.
    with tempfile.TemporaryDirectory(prefix="bench-", dir="/tmp") as scratch, ExitStack() as after:
        shared = Shared(options.lab, Path(scratch), options.rounds, after)
        for name in options.only or (*parts.PARTS, *parts.OFFLINE):
            if name in parts.OFFLINE:
                parts.OFFLINE[name](Path(scratch), options.rounds, page)
            else:
                parts.PARTS[name](shared.ground, page)
            # What is measured so far stays when the run is ended.
            page.write(options.write, f"Medians of {options.rounds}. {machine(load)}")
    print(f"\nwritten: {options.write}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lab", default="", help="use this lab instead of one of its own")
    parser.add_argument("--rounds", type=int, default=measure.ROUNDS)
    parser.add_argument("--only", nargs="*", choices=(*parts.PARTS, *parts.OFFLINE), help="some parts only")
    parser.add_argument("--write", type=Path, default=RESULTS, help="where the page goes")
    return parser.parse_args()


if __name__ == "__main__":
    main()
