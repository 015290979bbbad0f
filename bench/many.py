"""A hundred nodes in three containers, real in all but their machine-id.

Each lab node runs a few more sshds that listen on many ports. Each port is a node of the measured cluster. Connections,
logins and the probe are real; a `cat` before the system's gives every port a machine-id of its own, because stems
rightly takes two addresses with one machine-id for one machine. All of them share the processors of this machine,
which a hundred real nodes would not, so a hundred are compared with three of the same kind, and with bare parallel ssh.
"""

from __future__ import annotations

from pathlib import Path

from bench.place import Place, call
from stems.infrastructure.command import Effect
from stems.infrastructure.lab.reach import on_node
from stems.infrastructure.lab.state import LabNode
from stems.infrastructure.local import LocalRunner

FIRST_PORT = 30000
# One sshd listens on no more.
_MOST_PORTS = 12
_FOLDER = "/opt/stems-bench"
_START = r"""
set -e
sudo mkdir -p {folder}/bin
sudo tee {folder}/as-node >/dev/null <<'END'
#!/bin/sh
set -- $SSH_CONNECTION
export BENCH_PORT=$4 PATH={folder}/bin:$PATH
exec /bin/sh -c "$SSH_ORIGINAL_COMMAND"
END
sudo tee {folder}/bin/cat >/dev/null <<'END'
#!/bin/sh
[ "$1" != /etc/machine-id ] || { printf '%032d\n' "$BENCH_PORT"; exit 0; }
exec /bin/cat "$@"
END
sudo chmod 755 {folder}/as-node {folder}/bin/cat
sudo mkdir -p /run/sshd
{stop}
for port in {ports}; do echo "Port $port"; done | split -l {most} - /tmp/stems-bench-ports.
for ports in /tmp/stems-bench-ports.*; do
  { cat "$ports"
    echo 'AddressFamily inet'
    echo 'ForceCommand {folder}/as-node'
    echo 'MaxStartups 200'
    echo 'UsePAM yes'
    echo "PidFile {folder}/${ports##*.}.pid"
  } | sudo tee "{folder}/${ports##*.}.conf" >/dev/null
  sudo /usr/sbin/sshd -f "{folder}/${ports##*.}.conf"
  rm "$ports"
done
"""
_STOP = 'for pid in {folder}/*.pid; do [ ! -e "$pid" ] || sudo kill "$(cat "$pid")" || :; done'


def start(place: Place, count: int) -> Path:
    """Start the sshd of every lab node; returns a repository of `count` nodes with dotfiles only."""
    ports = _ports(place, count)
    for node in place.lab.nodes:
        listened = " ".join(str(port) for owner, port in ports if owner is node)
        text = _START.replace("{ports}", listened).replace("{most}", str(_MOST_PORTS)).replace("{stop}", _STOP)
        _on(place, node, text.replace("{folder}", _FOLDER))
    return write_repository(place, count)


def stop(place: Place) -> None:
    for node in place.lab.nodes:
        _on(place, node, f"{_STOP}; sudo rm -rf {{folder}}".replace("{folder}", _FOLDER))


def write_repository(place: Place, count: int) -> Path:
    """A cluster of the first `count` ports, each with one dotfile and no service."""
    folder = place.scratch / f"nodes-{count}"
    (folder / "config").mkdir(parents=True)
    (folder / "dotfiles").mkdir()
    (folder / "dotfiles/.bench").write_text("measured\n")
    keys = dict(line.split(maxsplit=1) for line in place.lab.known_hosts.read_text().splitlines() if line.strip())
    nodes, known = [], []
    for number, (owner, port) in enumerate(_ports(place, count)):
        name = f"n{number:03}"
        address = f"host: {owner.address}, user: {owner.user}, port: {port}, identity: {place.lab.identity}"
        nodes.append(f"  {name}: {{hostname: {name}, ssh: {{{address}}}, privilege: none}}")
        known.append(f"{name} {keys[owner.name]}")
    text = "\n".join([
        "version: 1", "cluster: {name: many}", "checkout: ~/many", "nodes:", *nodes,
        'domains: {user: {tool: files, source: dotfiles, owns: ["~/"]}}', "",
    ])  # fmt: skip
    (folder / "config/cluster.yml").write_text(text)
    (folder / "config/known_hosts").write_text("\n".join(known) + "\n")
    for arguments in (("init", "-q"), ("add", "--all"), ("commit", "-qm", "Many nodes")):
        call("git", "-c", "user.name=bench", "-c", "user.email=bench@colab.example", *arguments, cwd=folder)
    return folder


def _ports(place: Place, count: int) -> list[tuple[LabNode, int]]:
    nodes = place.lab.nodes
    return [(nodes[number % len(nodes)], FIRST_PORT + number) for number in range(count)]


def _on(place: Place, node: LabNode, text: str) -> None:
    result = on_node(place.lab, node, text, runner=LocalRunner(), effect=Effect.WRITES)
    if not result.ok:
        raise SystemExit(f"bench: {node.name}: {result.errors[-500:]}")
