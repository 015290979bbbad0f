"""Fuzz every target, or those that are named, and write down what breaks one.

python -m fuzz.run [--seconds N] [--seed N] [TARGET…]
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
from pathlib import Path

from fuzz.engine import Tried, fuzz
from fuzz.targets import TARGETS

FOUND = Path(__file__).parent / "found"


def main() -> int:
    names = [target.name for target in TARGETS]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(names))
    parser.add_argument("--seconds", type=float, default=5 * len(names), help="for all of them together")
    parser.add_argument("--seed", type=int, default=random.randrange(2**32), help="printed, to repeat a run")
    asked = parser.parse_args()
    chosen = [target for target in TARGETS if not asked.targets or target.name in asked.targets]
    if unknown := set(asked.targets) - set(names):
        parser.error(f"no target is called {', '.join(sorted(unknown))}")
    print(f"seed {asked.seed}")
    broken = 0
    for target in chosen:
        tried = fuzz(target, seconds=asked.seconds / len(chosen), seed=asked.seed)
        broken += len(tried.broken)
        _tell(tried)
    return 1 if broken else 0


def _tell(tried: Tried) -> None:
    lines = len(tried.coverage.lines)
    print(f"{tried.target.name:20} {tried.inputs:8} inputs {lines:6} lines {len(tried.corpus):5} kept", flush=True)
    for problem, text in tried.broken.items():
        FOUND.mkdir(exist_ok=True)
        content = text.encode("utf-8", "surrogatepass")
        path = FOUND / f"{tried.target.name}-{hashlib.sha256(content).hexdigest()[:12]}"
        path.write_bytes(content)
        print(f"  {path}\n{problem}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
