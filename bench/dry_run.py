"""`stems plan` beside the tools' own dry runs without stems."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path

from bench import gates
from bench.ground import Ground, judged
from bench.measure import Subject, Summary
from bench.probe import ssh_words, write_parallel
from bench.table import Line, Page, memory, ratio, shown
from stems.lifecycle.look.observe import known, observe
from stems.lifecycle.planning import work_for
from stems.lifecycle.site import site
from stems.lifecycle.workspace import Workspace, open_workspace
from stems.tools.ansible.check import scan
from stems.tools.ansible.run import playbook_command, write_inventory

_KEPT = ("ANSIBLE_PIPELINING", "ANSIBLE_TRANSFORM_INVALID_GROUP_CHARS")


def ansible_check(repository: Path, folder: Path, runtime: Mapping[str, str]) -> Subject:
    """`ansible-playbook --check --diff` as a person would run it, with the inventory that stems generates."""
    with open_workspace(repository) as workspace:
        work = work_for(workspace, workspace.head)
        job = next(entry.job for entry in work.entries if entry.tool.NAME == "ansible")
        runners = workspace.runners()
        seen = known(observe(work.cluster, runners, work.cluster.nodes.values()))
        sites = [
            site(work.cluster, node, runners[name], home=seen[name].facts.home, commit=work.commit)
            for name, node in work.cluster.nodes.items()
        ]
        own = folder / f"ansible-{workspace.head[:12]}"
        own.mkdir()
        write_inventory(job, sites, own, check=True)
        command = playbook_command(job, sites, scan(job), folder=own, check=True)
        inventory = own / "inventory.yml"
        # The workspace's copy of the host keys goes with it.
        hosts = own / "known_hosts"
        hosts.write_text(workspace.pinned)
        inventory.write_text(inventory.read_text().replace(str(workspace.known_hosts), str(hosts)))
    settings = {name: command.env[name] for name in _KEPT}
    return Subject(command.argv, cwd=repository / "ansible", env={**settings, **runtime})


def compose_dry_run(workspace: Workspace, folder: Path, *, known_hosts: Path) -> Subject:
    """`docker compose --dry-run up` of every project in the checkout of each node, all nodes at once."""
    calls = {}
    for name, node in workspace.cluster.nodes.items():
        services = [service for service in workspace.cluster.services_on(name) if service.tool == "compose"]
        lines = [f"cd {workspace.cluster.checkout}/services", f"export NODE_NAME={name} HOSTNAME={node.hostname}"]
        lines += [f"(cd {service.name} && docker compose --dry-run up -d >/dev/null 2>&1)" for service in services]
        words = ssh_words(workspace, node, known_hosts=known_hosts, control=folder / "bare")
        calls[name] = shlex.join((*words, "; ".join([*lines, "true"])))
    (folder / "bare").mkdir(mode=0o700, exist_ok=True)
    return Subject(("sh", str(write_parallel(folder / "compose.sh", calls))))


def at_once(first: Subject, second: Subject) -> Subject:
    """Both at the same time, as `stems plan` asks them: here all nodes share the processors of one machine."""
    env = {**(first.env or {}), **(second.env or {})}
    one, other = (
        f"(cd {shlex.quote(str(each.cwd or Path.cwd()))} && {shlex.join(each.argv)})" for each in (first, second)
    )
    # An output of its own: ssh makes it one that does not block, with which Ansible will not run.
    return Subject(("sh", "-c", f"{other} >/dev/null 2>&1 &\n{one} || exit\nwait $!"), env=env)


def plan(ground: Ground, page: Page) -> None:
    lines: list[Line] = []
    for case in ("nothing to do", "a change in every domain"):
        if case != "nothing to do":
            gates.changed(ground.place, 1)
        ansible = ansible_check(ground.repository, ground.scratch, ground.runtime("warm"))
        compose = compose_dry_run(ground.workspace, ground.scratch, known_hosts=ground.known_hosts)
        found = ground.compare({
            "plan": ground.stems("plan"),
            "ansible": ansible,
            "compose": compose,
            "both": at_once(ansible, compose),
        })  # fmt: skip
        lines += judged(_plan_lines(case, found), found)
    ground.place.git("reset", "--quiet", "--hard", "HEAD~1")
    page.add("`stems plan`, three nodes", _ABOUT_PLAN, lines)


def _plan_lines(case: str, found: dict[str, Summary]) -> list[Line]:
    ran = found["plan"]
    composed = f"{case}: `docker compose --dry-run up` of all projects by parallel ssh"
    return [
        ratio(f"{case}: against the slowest tool's own dry run", ran.wall / _slowest(found), 1.15),
        ratio(f"{case}: against both dry runs at the same time", ran.wall / found["both"].wall, 1.15),
        Line(f"{case}: `stems plan`", shown(ran.wall)),
        Line(f"{case}: processor time of it", shown(ran.cpu)),
        Line(f"{case}: `ansible-playbook --check --diff`", shown(found["ansible"].wall)),
        Line(composed, shown(found["compose"].wall)),
        Line(f"{case}: both of them at the same time", shown(found["both"].wall)),
        memory(f"{case}: `stems plan`, its largest process", ran.rss),
    ]


_ABOUT_PLAN = (
    "`ansible-playbook` runs the same playbook with the same inventory, pipelining and connections. Compose's dry "
    "run is that of the checkout on each node, one project after the other, all nodes at once. All nodes are "
    "containers of one machine, so that what runs on them at the same time shares its processors."
)


def _slowest(found: dict[str, Summary]) -> float:
    return max(found[name].wall for name in ("ansible", "compose"))
