"""What the gates add to a deployment, read off its own lines: previews compared, verification, health."""

from __future__ import annotations

import re

from bench.place import Place, deploy
from bench.table import Line, shown

_EVENT = re.compile(r"^ *(\d+\.\d) s +(\S+) (\S+) +(\w[\w -]*?)(?: (done|skipped|failed))?(?::.*)?$")
_ACTS = ("system", "user", "services")


def changed(place: Place, number: int) -> None:
    """A commit that changes something in every domain."""
    (place.repository / "dotfiles/.bench").write_text(f"{number}\n")
    for path, mark in (("services/web/site/index.html", "<!-- {} -->"), ("ansible/templates/motd.j2", "{}")):
        target = place.repository / path
        if target.exists():
            target.write_text(target.read_text() + mark.format(number) + "\n")
    place.commit(f"Change something, {number}")


def measured(place: Place) -> list[Line]:
    """One deployment of a change in every domain, by step."""
    said = deploy(place)
    spent = steps(said)
    total = sum(spent.values()) + _before(said)
    acts = sum(seconds for step, seconds in spent.items() if step in _ACTS)
    lines = [Line("deploy of a change in every domain, three nodes, from lock to journal", shown(total))]
    lines.append(
        Line("before the first node: lock, and all previews compared with what was approved", shown(_before(said)))
    )
    lines += [Line(f"step {step}, all nodes together", shown(seconds)) for step, seconds in spent.items()]
    return [*lines, Line("of it applying (each preceded by the domain's own preview, compared)", shown(acts))]


def steps(said: str) -> dict[str, float]:
    """Seconds by step, over all nodes, from the lines of `stems deploy`."""
    begun: dict[tuple[str, str], float] = {}
    spent: dict[str, float] = {}
    for line in said.splitlines():
        found = _EVENT.match(line)
        if not found:
            continue
        at, node, step, ended = float(found[1]), found[3], found[4], found[5]
        if ended and (node, step) in begun:
            spent[step] = spent.get(step, 0.0) + at - begun.pop((node, step))
        elif not ended:
            begun[node, step] = at
    return spent


def _before(said: str) -> float:
    times = [float(found[1]) for found in map(_EVENT.match, said.splitlines()) if found]
    return times[0] if times else 0.0
