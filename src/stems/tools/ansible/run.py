"""One run of `ansible-playbook`: the command, and its events."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stems.errors import ToolError
from stems.infrastructure.cache import cache_folder
from stems.infrastructure.command import Command, Effect, Watch
from stems.infrastructure.shell import RUN_VARIABLE
from stems.tools.ansible.check import Scan
from stems.tools.ansible.configured import surroundings
from stems.tools.ansible.events import Run, parse_events
from stems.tools.ansible.facts import gathering_of
from stems.tools.ansible.hazards import INSTEAD
from stems.tools.ansible.hosts import is_local
from stems.tools.ansible.inventory import render_inventory
from stems.tools.ansible.program import program
from stems.tools.ansible.requirements import GALAXY, requirements_of
from stems.tools.ansible.settings import own_inventory, playbook_of, settings_of
from stems.tools.base import Job, Site
from stems.tools.redact import redacted

PLUGINS = Path(__file__).parent / "plugins"
CALLBACK = "stems_events"
UNTIL = "STEMS_ANSIBLE_UNTIL"
ALLOWED = "STEMS_ANSIBLE_ALLOWED"
PACKED = "STEMS_ANSIBLE_PACKED"
PLAYS = "STEMS_ANSIBLE_PLAYS"
PREVIEW_TIMEOUT = 900.0
APPLY_TIMEOUT = 3600.0


@dataclass(frozen=True, slots=True)
class Ran:
    """The events of a run, and what it said besides them: for errors."""

    run: Run
    command: str
    said: str


def environment(job: Job, folder: Path, *, deployment: str = "", gathering: str = "") -> dict[str, str]:
    """What is set for Ansible, over the user's `ansible.cfg` and what passes on from the user's environment."""
    return {
        **surroundings(job),
        **({"ANSIBLE_GATHERING": gathering} if gathering else {}),
        "ANSIBLE_STDOUT_CALLBACK": CALLBACK,
        "ANSIBLE_CALLBACK_PLUGINS": str(PLUGINS),
        # An empty list is refused; other callbacks would talk, or log what a diff holds.
        "ANSIBLE_CALLBACKS_ENABLED": CALLBACK,
        # Nobody is asked here: `privilege` of a node says when sudo wants a password.
        "ANSIBLE_ASK_PASS": "0",
        "ANSIBLE_BECOME_ASK_PASS": "0",
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
    job: Job, sites: Sequence[Site], scanned: Scan, *, folder: Path, check: bool, until: str = ""
) -> Command:
    """`until` is the place of a task, as in `ansible/site.yml:12`: from there on only handlers run."""
    settings = settings_of(job)
    own = [part for name in own_inventory(job) for part in ("--inventory", name)]
    return Command(
        (
            program(),
            *own,
            *("--inventory", str(folder / "inventory.yml")),
            *("--limit", ",".join(limit_of(job, sites, scanned))),
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
            **environment(
                job, folder, deployment="" if check else job.deployment, gathering=gathering_of(job, scanned)
            ),
            PACKED: str(cache_folder() / "ansible" / "packed"),
            **({UNTIL: f"/{until}"} if until else {}),
            **({ALLOWED: json.dumps(scanned.allowed)} if scanned.allowed else {}),
            **({PLAYS: json.dumps(scanned.numbers(job.part))} if job.part is not None and scanned.has_steps else {}),
        },
    )


def run_playbook(
    job: Job,
    sites: Sequence[Site],
    scanned: Scan,
    *,
    check: bool,
    until: str = "",
    watch: Watch | None = None,
) -> Ran:
    """Run it once for all sites. Raises `ToolError` when there are no events to judge it by."""
    with tempfile.TemporaryDirectory(dir=job.private, prefix="ansible-") as name:
        folder = Path(name)
        write_inventory(job, sites, folder, check=check)
        command = playbook_command(job, sites, scanned, folder=folder, check=check, until=until)
        result = job.local.run(command, watch=watch)
    said = redacted(result.errors.replace(f"{folder}/", "").replace(f"{job.tree.root}/", ""))
    ran = Ran(parse_events(_named(job, result.text)), short(job, sites, scanned, check=check), said)
    _require_ended(job, ran, f"exit status {result.status}")
    _require_as_read(job, ran, scanned)
    return ran


def _named(job: Job, text: str) -> str:
    """With what `requirements.yml` brought under a name that is the same on every machine."""
    wanted = requirements_of(job)
    return text.replace(f"{wanted.folder}/", GALAXY) if wanted else text


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
            f"{playbook_of(job)}: Ansible did not run it to its end",
            ran=ran.command,
            said=ran.said or status,
            remedy="correct what it says, then try again",
        )


def _require_as_read(job: Job, ran: Ran, scanned: Scan) -> None:
    """Which plays are group steps is read from the text: where Ansible reads others, nothing can be said of it."""
    written = [f"{play.place.path}:{play.place.line}" for play, _ in scanned.plays]
    found = [place.removeprefix(f"{job.tree.root}/") for place in ran.run.places]
    if scanned.has_steps and found != written:
        raise ToolError(
            f"{playbook_of(job)}: Ansible reads other plays than can be told from its text",
            said=f"read: {', '.join(written)}\nAnsible: {', '.join(found)}",
            remedy="import playbooks by plain names, below the folder of the source",
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
    return Command(
        (program("ansible-inventory"), "--inventory", inventory, "--list"),
        Effect.STAGES,
        timeout=60.0,
        cwd=str(job.source),
        env=environment(job, folder),
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


def limit_of(job: Job, sites: Sequence[Site], scanned: Scan) -> list[str]:
    """The nodes, and this machine where a play is for it: Ansible would pass over that without a word."""
    here = any(is_local(play.patterns) for play, _ in scanned.of(job.part).plays)
    return [*(site.node.name for site in sites), *(["localhost"] if here else [])]


def short(job: Job, sites: Sequence[Site], scanned: Scan, *, check: bool) -> str:
    """The command as a person would type it."""
    limit = ",".join(limit_of(job, sites, scanned))
    return f"ansible-playbook {settings_of(job).playbook}{' --check --diff' if check else ''} --limit {limit}"
