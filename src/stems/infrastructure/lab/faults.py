"""Faults that a lab node can have, and undoing whichever it has."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from stems.errors import StemsError
from stems.infrastructure.lab.engine import Engine, require_engine
from stems.infrastructure.lab.nodes import shut_way_out, states
from stems.infrastructure.lab.reach import ill_containers, wait_until_ready
from stems.infrastructure.lab.state import Lab, LabNode, home, named
from stems.infrastructure.parallel import crew
from stems.infrastructure.runner import Runner

# The home moves to a file system of its own that is exactly as large as its content. Shrinking beats filling: no
# memory is used up, and other files of this machine keep their space.
FILL = r"""set -e
home=$1
mountpoint -q /run/stems-lab-home && exit 0
mkdir -p /run/stems-lab-home
mount --bind "$home" /run/stems-lab-home
mount -t tmpfs -o "size=1g,mode=$(stat -c %a "$home"),uid=$(stat -c %u "$home"),gid=$(stat -c %g "$home")" lab "$home"
rsync -aHX /run/stems-lab-home/ "$home/"
for place in "$home" /tmp; do
  mount -o "remount,size=$(($(df --output=used -B 4096 "$place" | tail -n 1) * 4096 + 4096))" "$place"
  dd if=/dev/zero of="$place/.stems-lab-filler" bs=4096 2>/dev/null || true
done
"""

EMPTY = r"""
home=$1
mountpoint -q /run/stems-lab-home || exit 0
rm -f "$home/.stems-lab-filler" /tmp/.stems-lab-filler
mount -o remount,size=256m /tmp
rsync -aHX --delete "$home/" /run/stems-lab-home/ && umount -l "$home" && umount /run/stems-lab-home
"""

STOP_SSHD = "systemctl mask --runtime --now -q ssh.service ssh.socket; pkill -x sshd; exit 0"
START_SSHD = "systemctl unmask --runtime -q ssh.service ssh.socket; systemctl is-active -q ssh || systemctl start ssh"


_PAUSE_TRIES = 5


def break_node(lab: Lab, node: LabNode, fault: str, runner: Runner) -> None:
    """Give a node one of FAULTS; one that it has already is healed first, so that a node has one at a time."""
    engine = require_engine(runner)
    heal_container(lab, node, engine)
    FAULTS[fault](lab, node, engine)


def heal(lab: Lab, runner: Runner, *, nodes: Iterable[LabNode] = ()) -> dict[str, tuple[str, ...]]:
    """Undo whichever fault the nodes have (all, if none is named) and wait until they answer.

    Returns for each node the containers that stay ill for a minute: they may be so without any fault of the node.
    """
    engine = require_engine(runner)
    healed = tuple(nodes) or lab.nodes
    for node in healed:
        heal_container(lab, node, engine)

    def settled(node: LabNode) -> tuple[str, ...]:
        wait_until_ready(lab, node, runner)
        return ill_containers(lab, node, runner)

    with crew(len(healed)) as pool:
        return dict(zip((node.name for node in healed), pool.map(settled, healed), strict=True))


def heal_container(lab: Lab, node: LabNode, engine: Engine) -> None:
    """Undo what was done to a container. A healthy one is left as it is."""
    container = lab.container(node)
    state = states(lab, engine).get(container, "")
    if not state:
        raise StemsError(f"{node.name}: its container is gone", remedy=f"stems lab up{named(lab.name)}")
    if state == "paused":
        engine.act("unpause", container)
    if not connected(lab, node, engine):
        aliases = ("--alias", node.name, "--alias", node.hostname)
        engine.act("network", "connect", "--ip", node.address, *aliases, lab.network, container)
    if state in ("running", "paused"):
        engine.act("exec", container, "sh", "-c", START_SSHD)
        engine.act("exec", container, "sh", "-c", EMPTY, "sh", home(node))
    else:
        # What the other faults did to the node lived in its memory and went with it.
        engine.act("start", container)
    shut_way_out(lab, node, engine)


def connected(lab: Lab, node: LabNode, engine: Engine) -> bool:
    form = "{{range $name, $_ := .NetworkSettings.Networks}}{{println $name}}{{end}}"
    return lab.network in engine.read("inspect", "--format", form, lab.container(node)).split()


def _pause(lab: Lab, node: LabNode, engine: Engine) -> None:
    # On cgroup v1 the freezer gives up while processes come and go: the same request succeeds a moment later.
    for _ in range(_PAUSE_TRIES - 1):
        if engine.attempt("pause", lab.container(node)).ok:
            return
        time.sleep(0.5)
    engine.act("pause", lab.container(node))


def _kill(lab: Lab, node: LabNode, engine: Engine) -> None:
    engine.act("kill", lab.container(node))


def _disconnect(lab: Lab, node: LabNode, engine: Engine) -> None:
    engine.act("network", "disconnect", lab.network, lab.container(node))


def _stop_sshd(lab: Lab, node: LabNode, engine: Engine) -> None:
    engine.act("exec", lab.container(node), "sh", "-c", STOP_SSHD)


def _fill_disk(lab: Lab, node: LabNode, engine: Engine) -> None:
    engine.act("exec", lab.container(node), "sh", "-c", FILL, "sh", home(node))


FAULTS: dict[str, Callable[[Lab, LabNode, Engine], None]] = {
    "pause": _pause,
    "kill": _kill,
    "disconnect": _disconnect,
    "stop-sshd": _stop_sshd,
    "fill-disk": _fill_disk,
}

MEANINGS = {
    "pause": "hangs: connections open and nothing answers",
    "kill": "loses its power",
    "disconnect": "loses its network",
    "stop-sshd": "refuses SSH and goes on working",
    "fill-disk": "has no space left in the home and in /tmp",
}
