"""What people see, scene by scene: each page is a list of titles, a sentence about each, and what is printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import click

from stems.cli.output import error_lines
from stems.cli.render.drift import render_drift
from stems.cli.render.history import render_deployment, render_history
from stems.cli.render.keep import render_kept
from stems.cli.render.plan import render_plan
from stems.cli.render.status import render_status
from stems.errors import NodeUnreachableError, TakenBackError, ToolError
from stems.infrastructure.journal import Act
from stems.infrastructure.lock import Held, Lock
from stems.lifecycle.drift import Drift, NodeDrift
from stems.lifecycle.keep import Kept
from stems.lifecycle.look.checks import CheckResult
from stems.lifecycle.look.health import NodeHealth
from stems.lifecycle.plan import Planned
from stems.lifecycle.status import NodeStatus, Sync
from stems.lifecycle.workspace import Workspace
from stems.model.change import Change, Domain, Group, Risk, Undo
from stems.model.cluster import Gates
from stems.model.deployment import Deployment, Outcome
from stems.model.observation import Answer, Present, Unknown
from stems.model.plan import NodePlan, Postponed
from stems.model.remnant import Remnant, Remnants
from stems.model.state import Health, ServiceState
from tests.support.builders import FIRST, ID, NODES, SECOND, change, entry, node_plan, observed, plan
from tests.unit.model.test_plan import NOW, PLAN

GONE = NodeUnreachableError(
    "crtr: it does not answer at crtr.example:22", remedy="see whether crtr is on and in the network"
)


@dataclass(frozen=True)
class Scene:
    """One title, what it is about, and what is printed."""

    title: str
    about: str
    lines: Iterable[str]

    def __str__(self) -> str:
        printed = "\n".join(click.unstyle(line) for line in self.lines)
        return f"## {self.title}\n\n{self.about}\n\n```text\n{printed}\n```\n"


def page(name: str, scenes: Iterable[Scene]) -> str:
    return f"# {name}\n\n" + "\n".join(str(scene) for scene in scenes)


# --- plan


DOTFILE = Change(
    "prtr", Domain.USER, "files", "file:/home/owner/.tmux.conf", "create", Risk.USER, "", "b" * 64,
    "+set -g mouse on", "dotfiles/.tmux.conf", Undo.BY_BACKUP,
)  # fmt: skip
MOTD = change(
    "prtr", "file:/etc/motd", diff="--- before\n+++ after\n@@ -1 +1 @@\n-old\n+new", source="ansible/site.yml:7"
)
TASK = change("prtr", "task:restart docker", action="run", risk=Risk.UNKNOWN, note="effect not predictable")
WEB = change(
    "prtr", "container:web-web-1", domain=Domain.SERVICES, tool="compose", action="recreate", risk=Risk.SERVICE,
    source="services/web/compose.yml", diff="\n".join(f"-line {number}" for number in range(1, 16)), by_hand=True,
)  # fmt: skip
VOLUME = change(
    "prtr", "container:old-1", domain=Domain.SERVICES, tool="compose", action="remove", risk=Risk.DESTRUCTIVE,
    undo=Undo.NO,
)  # fmt: skip
ANNOUNCE = change(
    "prtr", "task:Announce on localhost", action="run", risk=Risk.UNKNOWN, source="ansible/site.yml:3",
    before="", after="", undo=Undo.NO, note="acts on localhost", group=Group.FIRST,
)  # fmt: skip
POOL = change("prtr", "file:/etc/pool", source="ansible/site.yml:19", group=Group.LAST)
HOSTILE = change("prtr", "file:/srv/a\x1b[2Jb\nc", source="services/a", note="it said \x1b]0;x\x07")
WHOLE = node_plan("prtr", TASK, MOTD, DOTFILE, WEB, VOLUME, deployed=SECOND)
LATER = NodePlan(
    "drtr", "d" * 32, "", {}, (change("drtr", "package:docker.io"),),
    (Postponed(Domain.SERVICES, "compose", "Docker is not on drtr"),),
)  # fmt: skip

STAYS = Remnants(
    (
        Remnant("prtr", "file:/etc/profile.d/homelab.sh", "create", ID),
        Remnant("prtr", "unit:caddy.service", "start", ID),
        Remnant("prtr", "task:Migrate", "run", ID, is_sure=False),
    ),
    ("the plan of 20261122T130000Z-fedcba is not in the ledger",),
)


def shown(planned: Planned, *, full_diff: bool = False) -> Iterator[str]:
    return render_plan(planned, Gates(), subject="Greet in the message of the day", full_diff=full_diff)


def plan_page() -> Iterator[Scene]:
    yield Scene("Nothing to do", "Every node is as the commit says.", shown(Planned(plan(node_plan("prtr")))))
    yield Scene(
        "Every kind of change", "By node and domain, risk by word, long diffs cut.", shown(Planned(plan(WHOLE)))
    )
    yield Scene(
        "The same with `--diff`", "Diffs in full, those of new files too.", shown(Planned(plan(WHOLE)), full_diff=True)
    )
    yield Scene(
        "A fresh node", "The plan ends where Docker comes with an earlier change.",
        shown(Planned(plan(LATER), notes={"drtr": ("its disk is new",)}, unmanaged={"drtr": ("container:mine",)})),
    )  # fmt: skip
    yield Scene(
        "What is done once for all nodes", "Each change says so; what is done on no node stands with the first.",
        shown(Planned(plan(node_plan("prtr", ANNOUNCE, MOTD, POOL), node_plan("drtr", replace(POOL, node="drtr"))))),
    )  # fmt: skip
    yield Scene(
        "Going back", "What stays of later deployments is named, as far as it was recorded.",
        shown(Planned(plan(node_plan("prtr", MOTD)), stays={"prtr": STAYS})),
    )  # fmt: skip
    yield Scene(
        "A node that does not answer", "Unknown is never nothing to do.",
        shown(Planned(plan(node_plan("prtr")), unknown={"crtr": GONE})),
    )  # fmt: skip
    yield Scene(
        "A name that would steer the terminal", "Names come from nodes, and are data.",
        shown(Planned(plan(node_plan("prtr", HOSTILE)))),
    )  # fmt: skip
    yield Scene(
        "A deployment that was taken back", "The error block, with the last lines that were said, and what stays.",
        error_lines(TakenBackError(
            "drtr: not healthy after 20 s; taken back on drtr, prtr",
            said="web is unhealthy: exit 1\nGET / 500\ndrtr, prtr: ran, and cannot be undone: task:Migrate",
            remedy="mend the cause in the repository, commit, and deploy again; "
            "nothing else of this deployment is left",
        )),
    )  # fmt: skip


# --- status


def seen(name: str, **more: object) -> NodeStatus:
    well = NodeHealth((ServiceState("web", Health.HEALTHY),))
    at = observed(name, entry(Act.INTENT), entry(Act.RESULT, outcome="deployed"))
    made = NodeStatus(NODES[name], at, well, Sync(in_sync=True), behind=0)
    return replace(made, **more)  # type: ignore[arg-type]  # the fields of a status


LOCK = Lock(ID, "owner", "laptop", "deploy", PLAN.digest, token="t", since="2026-11-22T12:00:00Z")
ILL = NodeHealth(
    (ServiceState("grafana", Health.UNHEALTHY, "exit 1"), ServiceState("web", Health.STARTING)),
    (
        CheckResult("mount /nas", passed=False, detail="not mounted"),
        CheckResult("http://127.0.0.1/", passed=None, of=("grafana",)),
    ),
)


def status_page(place: Workspace) -> Iterator[Scene]:
    def scene(title: str, about: str, **answers: Answer[NodeStatus]) -> Scene:
        return Scene(title, about, render_status(place, answers))

    well = {name: Present(seen(name)) for name in ("drtr", "prtr")}
    yield scene("All is well", "One screen, nothing more to say.", crtr=Present(seen("crtr")), **well)
    yield scene("A node is down", "What is lost with it, and what to do.", crtr=Unknown(GONE), **well)
    yield scene(
        "Troubles", "Three separate answers: deployed, healthy, in sync.",
        crtr=Present(seen("crtr", health=ILL, sync=Sync(in_sync=False, touched=("/etc/motd",)), behind=2)),
        drtr=Present(seen("drtr", sync=Sync(in_sync=None, unreadable=("sudo: a password is required",)), behind=None)),
        prtr=Present(seen("prtr", observed=observed("prtr"), sync=Sync(in_sync=None), behind=None)),
    )  # fmt: skip
    fresh = NodeStatus(NODES["prtr"], observed("prtr"), NodeHealth(), Sync(in_sync=None), behind=None)
    fresh = replace(fresh, awaiting=("web",))
    yield scene("Nothing deployed yet", "What nobody deployed is not ill.", prtr=Present(fresh))
    ended = f"was deployed as {ID} and ended taken back: prtr: not healthy after 20 s"
    yield Scene(
        "The current commit was taken back", "So that nobody deploys it again without a thought.",
        render_status(place, {"prtr": Present(seen("prtr", behind=1))}, earlier=ended),
    )  # fmt: skip
    yield scene(
        "A branch that is tried on one node", "Who runs what: the branch is named, the others are as they were.",
        crtr=Present(seen("crtr")), drtr=Present(seen("drtr", behind=1, ahead=2)),
        prtr=Present(seen("prtr", ahead=1, branch="quieter")),
    )  # fmt: skip
    yield scene(
        "A deployment under way, and one that broke off", "Who holds the lock, and what to do about the other.",
        crtr=Present(seen("crtr", observed=observed("crtr", entry(Act.INTENT)))),
        drtr=Present(seen("drtr", observed=observed("drtr", held=Held("{}", LOCK)))),
        prtr=Present(seen("prtr", observed=observed("prtr", held=Held("?", None)))),
    )  # fmt: skip


# --- drift


def drift_page(place: Workspace) -> Iterator[Scene]:
    def scene(title: str, about: str, *nodes: NodeDrift, **more: object) -> Scene:
        return Scene(title, about, render_drift(place, Drift(nodes, **more)))  # type: ignore[arg-type]  # unknown nodes

    edited = replace(MOTD, by_hand=True)
    yield scene("None", "Everything is as deployed.", NodeDrift("prtr", FIRST))
    yield scene(
        "By hand, not yet applied, unmanaged", "What a repair would put right is apart from all else.",
        NodeDrift(
            "prtr", FIRST, (edited, WEB), (TASK,), ("ansible/site.yml", "services/web/compose.yml", "services/a"),
            ("container:mine",),
        ),
        NodeDrift("drtr", ""),
    )  # fmt: skip
    yield scene("Paused", "Visibly left out.", NodeDrift("prtr", FIRST, (edited,), paused="waits for a new disk"))
    yield scene("Unknown", "A node that does not answer has no drift, and no peace.", unknown={"crtr": GONE})
    locked = ToolError("drtr: sudo wants a password")
    yield scene(
        "Not checked",
        "One tool did not answer: the others did, and the node is not called as deployed.",
        NodeDrift("drtr", FIRST, unchecked={Domain.SYSTEM: locked}),
        NodeDrift("drtr", FIRST, (edited,), unchecked={Domain.SERVICES: locked}),
        unknown={"drtr": locked},
    )
    diff = "--- dotfiles/.a\n+++ dotfiles/.a\n@@ -1,1 +1,1 @@\n-old\n+new\n"
    yield Scene(
        "Kept", "Where it is now, what it says, and what could not be brought.",
        render_kept([
            Kept("file:~/.a", ("prtr", "drtr"), "dotfiles/.a", "change", diff, note="its mode 600 is not in it"),
            Kept("file:~/.b", ("prtr",), "dotfiles/.b", "remove", "deleted file dotfiles/.b\n"),
            Kept("file:~/.c", ("prtr",), "dotfiles/.c", "change", "old mode 100644\nnew mode 100755\n", is_new=False),
        ]),
    )  # fmt: skip


# --- history


DEPLOYED = Deployment(
    ID, "f" * 64, FIRST, "owner@laptop", "deploy", NOW, Outcome.DEPLOYED, NOW + timedelta(seconds=83),
    {"prtr": Outcome.DEPLOYED, "drtr": Outcome.UNCHANGED}, {"prtr": "", "drtr": SECOND},
)  # fmt: skip
BACK = Deployment(
    "20261122T130000Z-fedcba", "e" * 64, SECOND, "owner@laptop", "rollback", NOW, Outcome.TAKEN_BACK, NOW,
    {"prtr": Outcome.TAKEN_BACK, "drtr": Outcome.NOT_REACHED}, {"prtr": FIRST, "drtr": FIRST},
    "prtr: not healthy after 20 s; taken back on prtr",
)  # fmt: skip


def history_page(place: Workspace) -> Iterator[Scene]:
    running = replace(DEPLOYED, identity="20261122T140000Z-012345", outcome=Outcome.RUNNING, ended=None)
    yield Scene("Nothing yet", "A new cluster.", render_history(place, []))
    yield Scene("A list", "Newest first.", render_history(place, [running, BACK, DEPLOYED]))
    yield Scene("One of them", "Node by node.", render_deployment(place, DEPLOYED))
    yield Scene("One that failed", "With its reason.", render_deployment(place, BACK))
