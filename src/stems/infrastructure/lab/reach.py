"""Plain ssh to lab nodes, for the lab's own questions."""

from __future__ import annotations

from stems.errors import DeadlineError, StemsError
from stems.infrastructure.command import Command, Effect, Result, script
from stems.infrastructure.lab.state import Lab, LabNode, named
from stems.infrastructure.runner import Runner

# A bounded wait in one process: a Python loop would start ssh as often and report each failure.
WAIT_FOR_SSH = """
tries=0
until "$@" true; do
  tries=$((tries + 1))
  [ "$tries" -lt 150 ] || exit 1
  sleep 0.2
done
"""

WAIT_FOR_SYSTEM = """
tries=0
until systemctl is-system-running 2>/dev/null | grep -q -e running -e degraded; do
  tries=$((tries + 1))
  [ "$tries" -lt 200 ] || exit 1
  sleep 0.2
done
[ ! -e /usr/bin/docker ] || sudo systemctl start docker
"""

# A fault makes health probes fail, so containers that are well need some seconds to be seen as well again.
ILL_CONTAINERS = """
[ -e /usr/bin/docker ] || exit 0
end=$(($(date +%s) + 60))
while :; do
  ill=$(sudo docker ps --filter health=unhealthy --filter health=starting --format '{{.Names}}') || exit 1
  [ -n "$ill" ] && [ "$(date +%s)" -lt "$end" ] || break
  sleep 0.5
done
echo "$ill"
"""


def ssh_argv(lab: Lab, node: LabNode, *, timeout: int = 5) -> tuple[str, ...]:
    options = {
        "BatchMode": "yes", "StrictHostKeyChecking": "yes", "UserKnownHostsFile": str(lab.known_hosts),
        "HostKeyAlias": node.name, "IdentitiesOnly": "yes", "ConnectTimeout": str(timeout), "LogLevel": "ERROR",
    }  # fmt: skip
    words = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
    return ("ssh", "-F", "none", *words, "-i", str(lab.identity), "-p", str(node.port), f"{node.user}@{node.host}")


def on_node(lab: Lab, node: LabNode, text: str, *, runner: Runner, effect: Effect, timeout: float = 90) -> Result:
    """Run a script on a node over ssh."""
    command = script(text, effect, timeout=timeout)
    return runner.run(Command((*ssh_argv(lab, node), *command.argv), effect, stdin=command.stdin, timeout=timeout))


def answers(lab: Lab, node: LabNode, runner: Runner) -> bool:
    try:
        return runner.run(Command((*ssh_argv(lab, node, timeout=3), "true"), Effect.READS, timeout=5)).ok
    except DeadlineError:
        return False


def wait_until_ready(lab: Lab, node: LabNode, runner: Runner) -> None:
    """Return when SSH answers, systemd has started everything, and the lab's images are there."""
    try:
        result = runner.run(Command(("sh", "-c", WAIT_FOR_SSH, "sh", *ssh_argv(lab, node)), Effect.READS, timeout=90))
        if result.ok:
            result = on_node(lab, node, WAIT_FOR_SYSTEM, runner=runner, effect=Effect.WRITES)
        said = "" if result.ok else result.errors or "systemd did not start everything"
    except DeadlineError as error:
        said = error.said or error.problem
    if said:
        raise StemsError(
            f"{node.name}: the lab node did not start",
            said=said,
            remedy=f"docker logs {lab.container(node)}, then `stems lab down{named(lab.name)}` and up again",
        )


def ill_containers(lab: Lab, node: LabNode, runner: Runner) -> tuple[str, ...]:
    """The containers on a node that did not become healthy within a minute."""
    result = on_node(lab, node, ILL_CONTAINERS, runner=runner, effect=Effect.READS)
    if not result.ok:
        raise StemsError(f"{node.name}: what its containers are cannot be read", said=result.errors)
    return tuple(sorted(result.text.split()))
