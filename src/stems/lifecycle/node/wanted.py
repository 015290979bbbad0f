"""A machine that is to become a node, as somebody asks for it, and its entry in the cluster file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from stems.errors import ConfigurationError, UsageError
from stems.model.cluster import CLUSTER_FILE, Cluster
from stems.model.names import HOST, NODE, USER, is_name, printable
from stems.model.node import Node, Privilege, SshAddress

_LARGEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is empty or 0 is left out of the entry. `given` is an entry that somebody wrote, which options win over."""

    name: str
    host: str = ""
    user: str = ""
    port: int = 0
    role: str = ""
    arch: str = ""
    privilege: str = ""
    hostname: str = ""
    hardware: Mapping[str, object] = field(default_factory=dict)
    given: Mapping[str, object] = field(default_factory=dict)

    @property
    def ssh(self) -> dict[str, object]:
        written = self.given.get("ssh")
        options = {"host": self.host, "user": self.user, "port": self.port}
        there = written if isinstance(written, dict) else {}
        return {**there, **{key: value for key, value in options.items() if value}}

    @property
    def entry(self) -> dict[str, object]:
        options = {"role": self.role, "arch": self.arch, "privilege": self.privilege, "hostname": self.hostname}
        entry = {**self.given, "ssh": self.ssh, **{key: value for key, value in options.items() if value}}
        entry.setdefault("hostname", self.name)
        entry.setdefault("privilege", Privilege.SUDO.value)
        if self.hardware:
            entry.setdefault("hardware", dict(self.hardware))
        entry.setdefault("checks", [{"disk_free": {"path": "/", "at_least": "5%"}}])
        known = ("hostname", "ssh", "privilege", "role", "arch", "hardware", "variables", "checks")
        return {key: entry[key] for key in (*known, *(entry.keys() - {*known})) if entry.get(key) not in (None, {})}

    def node(self) -> Node:
        """As a preflight reaches it."""
        ssh, privilege = self.ssh, self.entry["privilege"]
        port, user = ssh.get("port", 0), ssh.get("user", "")
        address = SshAddress(
            str(ssh["host"]), str(user), port if isinstance(port, int) else 0, identity=str(ssh.get("identity", ""))
        )
        known = {one.value: one for one in Privilege}
        return Node(self.name, self.name, address, privilege=known.get(str(privilege), Privilege.SUDO))

    def with_variable(self, name: str, *, value: object) -> Wanted:
        """With a variable of the node, where nobody gave it."""
        given = self.given.get("variables")
        there = given if isinstance(given, dict) else {}
        return self if name in there else replace(self, given={**self.given, "variables": {name: value, **there}})

    def with_found(self, *, arch: str, hostname: str, hardware: Mapping[str, object]) -> Wanted:
        """What the machine says of itself, where nobody said it."""
        return replace(
            self,
            arch=self.arch or ("" if "arch" in self.given else arch),
            hostname=self.hostname or ("" if "hostname" in self.given else hostname),
            hardware=hardware,
        )


def usual_user(cluster: Cluster) -> str:
    """The account that most nodes have; empty where each has another."""
    most = Counter(node.ssh.user for node in cluster.nodes.values() if node.ssh.user).most_common(2)
    is_tie = len(most) > 1 and most[0][1] == most[1][1]
    return most[0][0] if most and not is_tie else ""


def require_new(cluster: Cluster, wanted: Wanted) -> None:
    """Raise for a name that is taken or none, and for an address that says nothing."""
    if wanted.name in cluster.nodes:
        place = cluster.written.key_place("nodes", wanted.name)
        raise UsageError(f"{place}: there is a node {wanted.name}", remedy="give the new one another name")
    ssh = wanted.ssh
    valid = {
        f"{wanted.name}: not a name for a node": is_name(NODE, wanted.name),
        f"{ssh.get('host', '')}: not a host": is_name(HOST, ssh.get("host")),
        f"{ssh.get('user', '')}: not an account": not ssh.get("user") or is_name(USER, ssh.get("user")),
        f"{ssh.get('port', 0)}: not a port": _is_port(ssh.get("port", 0)),
    }
    for problem, is_right in valid.items():
        if not is_right:
            raise UsageError(printable(problem), remedy="see `stems new node --help`")
    same = [node for node in cluster.nodes.values() if _is_same(node, ssh)]
    if same:
        raise ConfigurationError(
            f"{same[0].name}: has that address already",
            remedy=f"see nodes.{same[0].name} in {CLUSTER_FILE}, or give another --host or --port",
        )


def _is_port(port: object) -> bool:
    return isinstance(port, int) and 0 <= port <= _LARGEST_PORT


def _is_same(node: Node, ssh: Mapping[str, object]) -> bool:
    usual = 22
    return node.ssh.host == ssh.get("host") and (node.ssh.port or usual) == (ssh.get("port") or usual)
