"""One run of `ansible-playbook`: the command, and its events."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stems.errors import ToolError
from stems.infrastructure.command import Command, Effect, Watch
from stems.infrastructure.shell import RUN_VARIABLE
from stems.model.cluster import SystemDomain
from stems.tools.ansible.events import Run, parse_events
from stems.tools.ansible.hazards import INSTEAD
from stems.tools.ansible.inventory import render_inventory
from stems.tools.ansible.program import program
from stems.tools.base import Job, Site
from stems.tools.redact import redacted

PLUGINS = Path(__file__).parent / "plugins"
CALLBACK = "stems_events"
UNTIL = "STEMS_ANSIBLE_UNTIL"
ALLOWED = "STEMS_ANSIBLE_ALLOWED"
PREVIEW_TIMEOUT = 900.0
APPLY_TIMEOUT = 3600.0


@dataclass(frozen=True, slots=True)
class Ran:
    """The events of a run, and what it said besides them: for errors."""

    run: Run
    command: str
    said: str


def settings_of(job: Job) -> SystemDomain:
    if not isinstance(job.settings, SystemDomain):
        raise TypeError("ansible is a tool of the system domain")
    return job.settings


def environment(folder: Path, names: Sequence[str], *, deployment: str = "") -> dict[str, str]:
    """What is set for Ansible, over the user's `ansible.cfg`; `names` pass on from the user's environment."""
    wanted = {name: os.environ[name] for name in names if name in os.environ}
    return {
        **wanted,
        "ANSIBLE_STDOUT_CALLBACK": CALLBACK,
        "ANSIBLE_CALLBACK_PLUGINS": str(PLUGINS),
        # An empty list is refused; other callbacks would talk, or log what a diff holds.
        "ANSIBLE_CALLBACKS_ENABLED": CALLBACK,
        "ANSIBLE_LOG_PATH": "/dev/null",
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_FORCE_COLOR": "0",
        "ANSIBLE_PIPELINING": "1",
        "ANSIBLE_RETRY_FILES_ENABLED": "0",
        "ANSIBLE_LOCAL_TEMP": str(folder / "tmp"),
        "ANSIBLE_DEPRECATION_WARNINGS": "0",
        "ANSIBLE_TRANSFORM_INVALID_GROUP_CHARS": "ignore",
        "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        **({RUN_VARIABLE: deployment} if deployment else {}),
    }


def playbook_command(
    job: Job, sites: Sequence[Site], *, folder: Path, check: bool, until: str = "", allowed: Sequence[str] = ()
) -> Command:
    """`until` is the place of a task, as in `ansible/site.yml:12`: from there on only handlers run.

    `allowed` are patterns for tasks that may act in check mode.
    """
    settings = settings_of(job)
    own = [part for name in own_inventory(job) for part in ("--inventory", name)]
    return Command(
        (
            program(),
            *own,
            *("--inventory", str(folder / "inventory.yml")),
            *("--limit", ",".join(site.node.name for site in sites)),
            *("--forks", str(max(5, len(sites)))),
            *(("--check",) if check else ()),
            "--diff",
            "--",
            settings.playbook,
        ),
        Effect.STAGES if check else Effect.WRITES,
        timeout=PREVIEW_TIMEOUT if check else APPLY_TIMEOUT,
        cwd=str(job.source),
        env={
            **environment(folder, settings.environment, deployment="" if check else job.deployment),
            **({UNTIL: f"/{until}"} if until else {}),
            **({ALLOWED: json.dumps(list(allowed))} if allowed else {}),
        },
    )


def own_inventory(job: Job) -> tuple[str, ...]:
    """The user's own inventory, from the source's folder or from the root of the repository."""
    named = settings_of(job).inventory
    if not named:
        return ()
    return (
        str(next((path for path in (job.source / named, job.tree.root / named) if path.exists()), job.source / named)),
    )


def run_playbook(
    job: Job,
    sites: Sequence[Site],
    *,
    check: bool,
    until: str = "",
    allowed: Sequence[str] = (),
    watch: Watch | None = None,
) -> Ran:
    """Run it once for all sites. Raises `ToolError` when there are no events to judge it by."""
    with tempfile.TemporaryDirectory(dir=job.private, prefix="ansible-") as name:
        folder = Path(name)
        write_inventory(job, sites, folder, check=check)
        command = playbook_command(job, sites, folder=folder, check=check, until=until, allowed=allowed)
        result = job.local.run(command, watch=watch)
    said = redacted(result.errors.replace(f"{folder}/", "").replace(f"{job.tree.root}/", ""))
    ran = Ran(parse_events(result.text), short(job, sites, check=check), said)
    _require_ended(job, ran, f"exit status {result.status}")
    return ran


def _require_ended(job: Job, ran: Ran, status: str) -> None:
    if ran.run.acting:
        place = ran.run.acting.removeprefix(f"{job.tree.root}/")
        raise ToolError(
            f"{place}: `check_mode: false`: this task would act in a preview",
            ran=ran.command,
            remedy=INSTEAD,
        )
    if ran.run.stats is None:
        raise ToolError(
            f"{settings_of(job).source}/{settings_of(job).playbook}: Ansible did not run it to its end",
            ran=ran.command,
            said=ran.said or status,
            remedy="correct what it says, then try again",
        )


def write_inventory(job: Job, sites: Sequence[Site], folder: Path, *, check: bool) -> None:
    own = own_inventory(job)
    if own:
        require_listed(job, sites, own[0], folder)
    text = render_inventory(
        job.cluster, job.variables, sites, deployment="" if check else job.deployment, groups=not own
    )
    path = folder / "inventory.yml"
    path.touch(mode=0o600)
    path.write_text(text)


def inventory_command(job: Job, inventory: str, folder: Path) -> Command:
    names = settings_of(job).environment
    return Command(
        (program("ansible-inventory"), "--inventory", inventory, "--list"),
        Effect.STAGES,
        timeout=60.0,
        cwd=str(job.source),
        env=environment(folder, names),
    )


def parse_inventory(output: str) -> frozenset[str]:
    """The names that an inventory lists."""
    document = json.loads(output)
    groups = [group for group in document.values() if isinstance(group, dict)]
    return frozenset(name for group in groups for name in [*group.get("hosts", ()), *group.get("hostvars", ())])


def require_listed(job: Job, sites: Sequence[Site], inventory: str, folder: Path) -> None:
    named = settings_of(job).inventory
    result = job.local.run(inventory_command(job, inventory, folder))
    if not result.ok:
        raise ToolError(f"{named}: Ansible cannot read the inventory", said=redacted(result.errors))
    missing = [site.node.name for site in sites if site.node.name not in parse_inventory(result.text)]
    if missing:
        raise ToolError(
            f"{named}: {', '.join(missing)} not listed",
            remedy=f"add it to {named}, under the name in config/cluster.yml",
        )


def short(job: Job, sites: Sequence[Site], *, check: bool) -> str:
    """The command as a person would type it."""
    limit = ",".join(site.node.name for site in sites)
    return f"ansible-playbook {settings_of(job).playbook}{' --check --diff' if check else ''} --limit {limit}"
