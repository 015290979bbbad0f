"""The parts of the benchmark: what is compared with what, and the budget of each."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from bench import gates, generated, rivals
from bench.dry_run import plan
from bench.ground import Ground
from bench.judge import judge
from bench.measure import Subject, side_by_side
from bench.place import STEMS
from bench.status import hundred, status
from bench.table import Line, Page, memory, shown, within


def start_up(ground: Ground, page: Page) -> None:
    found = ground.compare(
        {"help": ground.stems("--help"), "python": Subject((str(Path(STEMS[0]).with_name("python")), "-c", "pass"))}
    )
    page.add("Start", "", [
        within("`stems --help`", found["help"].wall, 0.100),
        Line("processor time of it", shown(found["help"].cpu)),
        Line("Python that does nothing", shown(found["python"].wall)),
        memory("`stems --help`", found["help"].rss),
    ])  # fmt: skip


def refused(ground: Ground, page: Page) -> None:
    with generated.refusing(ground.place) as folder:
        found = ground.compare({
            command: ground.stems(command, cwd=folder, expect=(7,)) for command in ("status", "plan", "drift")
        })  # fmt: skip
    lines = [
        Line(f"`stems {command}`: {shown(ran.wall)}", f"exits {ran.status}", "exits 7", ran.status == 7)
        for command, ran in found.items()
    ]
    program = rivals.compose_farm(ground.scratch)
    if program:
        home, config = rivals.compose_farm_home(ground.place, ground.workspace, port=1)
        for arguments in (("ps",), ("list",), ("apply", "--dry-run")):
            argv = (program, *arguments, "--config", str(config))
            subject = Subject(argv, cwd=home, env=rivals.farm_environment(home), limit=60, expect=(0, 1))
            ran = side_by_side({"farm": subject}, rounds=1)["farm"]
            said = " / ".join(line.strip() for line in ran.output.splitlines() if line.strip())[-160:].replace("|", "¦")
            lines.append(Line(f"compose-farm `cf {' '.join(arguments)}`: “{said}”", f"exits {ran.status}"))
    page.add("Every node refuses SSH", "", lines)


def validate(ground: Ground, page: Page) -> None:
    folder = generated.many_services(ground.place)
    found = ground.compare({"validate": ground.stems("validate", "--no-linters", cwd=folder, expect=(0, 3))})
    ran = found["validate"]
    page.add("`stems validate`, 50 generated services", "", [
        within("`stems validate`", ran.wall, 1.0),
        Line("processor time of it", shown(ran.cpu)),
        Line("it exits", str(ran.status)),
        memory("`stems validate`", ran.rss),
    ])  # fmt: skip


def deployment(ground: Ground, page: Page) -> None:
    gates.changed(ground.place, secrets.randbelow(1000000))
    page.add("What the gates add to a deployment", _ABOUT_GATES, gates.measured(ground.place))


_ABOUT_GATES = "One deployment, read off its own lines; no budget, it is to be kept small."


PARTS: dict[str, Callable[[Ground, Page], None]] = {
    "help": start_up,
    "status": status,
    "plan": plan,
    "refused": refused,
    "validate": validate,
    "many": hundred,
    "gates": deployment,
}
OFFLINE: dict[str, Callable[[Path, int, Page], None]] = {"judge": judge}
"""What needs a private folder and a number of rounds, and no lab."""
