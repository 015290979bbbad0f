"""`stems status` beside what people use today, on three nodes and on a hundred."""

from __future__ import annotations

from pathlib import Path

from bench import many, rivals
from bench.ground import Ground, judged
from bench.measure import Subject, Summary
from bench.place import on_path
from bench.probe import bare_probe
from bench.table import Line, Page, faster, memory, ratio, shown
from stems.lifecycle.workspace import open_workspace

MANY = 100


def status(ground: Ground, page: Page) -> None:
    bare = _connections(ground)
    place, hosts = ground.workspace, ground.known_hosts
    shell = {
        "bare cold": bare_probe(place, ground.scratch, known_hosts=hosts, control=None),
        "bare warm": bare_probe(place, ground.scratch, known_hosts=hosts, control=bare),
        "loop": rivals.shell_loop(place, ground.scratch, known_hosts=hosts),
        "parallel": rivals.parallel_ssh(place, ground.scratch, known_hosts=hosts),
    }
    inventory = rivals.inventory(place, ground.scratch, known_hosts=hosts)
    ping = Subject((on_path("ansible"), "all", "-i", str(inventory), "-m", "ping"), cwd=ground.scratch)
    found = ground.compare({
        "cold": ground.cold(ground.stems("status")),
        "warm": ground.stems("status"),
        **{name: Subject(("sh", str(path))) for name, path in shell.items()},
        "ping": ping,
        **_farm(ground),
    })  # fmt: skip
    page.add("`stems status`, three nodes", _ABOUT_STATUS, judged(_status_lines(found), found))


_ABOUT_STATUS = (
    "Cold: no connection is open yet; warm: shared connections are. Bare parallel ssh sends the very script that stems "
    "sends, from a shell script; it asks no HTTP checks, compares no commits and shows nothing. Ansible's own "
    "connections are warm."
)


def _status_lines(found: dict[str, Summary]) -> list[Line]:
    cold, warm = found["cold"], found["warm"]
    lines = [
        ratio("cold, against the same probe by bare parallel ssh", cold.wall / found["bare cold"].wall, 1.3),
        ratio("warm, against the same probe by bare parallel ssh", warm.wall / found["bare warm"].wall, 1.3),
        faster("cold, how much faster than the shell loop of nine ssh calls", found["loop"].wall / cold.wall, 4.0),
        faster("warm, how much faster than the shell loop of nine ssh calls", found["loop"].wall / warm.wall, 4.0),
        Line("`stems status` cold", shown(cold.wall)),
        Line("`stems status` warm", shown(warm.wall)),
        Line("processor time of it, warm, ssh clients included", shown(warm.cpu)),
        Line("the probe by bare parallel ssh, cold", shown(found["bare cold"].wall)),
        Line("the probe by bare parallel ssh, warm", shown(found["bare warm"].wall)),
        Line("shell loop of nine ssh calls (uptime, docker ps, git rev-parse)", shown(found["loop"].wall)),
        Line("the same three questions by parallel ssh", shown(found["parallel"].wall)),
        Line("`ansible all -m ping`", shown(found["ping"].wall)),
    ]
    if "farm" in found:
        lines.append(Line(f"`cf ps` of compose-farm {rivals.COMPOSE_FARM} (services only)", shown(found["farm"].wall)))
    return [*lines, memory("`stems status`", warm.rss)]


def _farm(ground: Ground) -> dict[str, Subject]:
    program = rivals.compose_farm(ground.scratch)
    if not program:
        return {}
    home, config = rivals.compose_farm_home(ground.place, ground.workspace)
    argv = (program, "ps", "--config", str(config))
    return {"farm": Subject(argv, cwd=home, env=rivals.farm_environment(home), limit=60)}


def hundred(ground: Ground, page: Page) -> None:
    folder = many.start(ground.place, MANY)
    try:
        few = many.write_repository(ground.place, 3)
        subjects = {}
        for name, repository in (("few", few), ("many", folder)):
            subjects[name] = ground.stems("status", cwd=repository)
            subjects[f"{name} bare"] = Subject(("sh", str(_bare_of(ground, repository, name))))
        found = ground.compare(subjects)
    finally:
        many.stop(ground.place)
    page.add(f"`stems status`, {MANY} nodes against 3, warm", _ABOUT_MANY, judged([
        ratio(f"{MANY} nodes against 3", found["many"].wall / found["few"].wall, 10.0),
        Line(f"the same by bare parallel ssh, {MANY} against 3", f"{_ratio(found, 'many bare', 'few bare'):.2f} x"),
        Line(f"stems against bare parallel ssh, {MANY} nodes", f"{_ratio(found, 'many', 'many bare'):.2f} x"),
        Line("3 nodes", shown(found["few"].wall)),
        Line(f"{MANY} nodes", shown(found["many"].wall)),
        Line("processor time here, 3 nodes", shown(found["few"].cpu)),
        Line(f"processor time here, {MANY} nodes", shown(found["many"].cpu)),
        memory(f"{MANY} nodes", found["many"].rss),
    ], found))  # fmt: skip


_ABOUT_MANY = (
    "The nodes are ports of a few more sshds in each lab node. Connections, logins and probes are real, machine-ids "
    "are made up. All of them share the processors of this one machine with stems, which real nodes would not, so bare "
    "parallel ssh on the same addresses is given too. The cluster has dotfiles and no service."
)


def _bare_of(ground: Ground, repository: Path, name: str) -> Path:
    folder = ground.scratch / f"bare-{name}"
    folder.mkdir()
    with open_workspace(repository) as workspace:
        hosts = folder / "known_hosts"
        hosts.write_text(workspace.pinned)
        return bare_probe(workspace, folder, known_hosts=hosts, control=_connections(ground))


def _connections(ground: Ground) -> Path:
    """Where bare ssh keeps its shared connections."""
    folder = ground.scratch / "bare"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _ratio(found: dict[str, Summary], one: str, other: str) -> float:
    return found[one].wall / found[other].wall
