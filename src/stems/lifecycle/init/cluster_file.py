"""The cluster file of the template with the names of a person: its lines, and so its comments, stay."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from stems.configuration.load import load_cluster
from stems.errors import UsageError
from stems.lifecycle.init.component import declared, template_text
from stems.model.change import Domain
from stems.model.names import CLUSTER, HOST, NODE, USER, is_name, printable
from stems.readers.written import write_scalar

_SECTION = "(?:#.*\n)*{}:\n(?:[ ].*\n)+"
"""A section in block style with the comment above it."""
_ADDRESS = re.compile(
    r"(?P<name>[^=]+)=(?:(?P<user>[^@]+)@)?(?:\[(?P<bracketed>[^\]]+)\]|(?P<host>[^:\[\]]+))(?::(?P<port>[1-9][0-9]{0,4}))?"
)
_LARGEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class FirstNode:
    """A machine as somebody names it who begins: what is empty or 0 is OpenSSH's own rule."""

    name: str
    host: str
    user: str = ""
    port: int = 0

    @classmethod
    def parse(cls, text: str) -> FirstNode:
        """From NAME=[USER@]HOST[:PORT]."""
        found = _ADDRESS.fullmatch(text)
        if not found:
            raise UsageError(
                f"{printable(text)}: not a node", remedy="name it as NAME=USER@HOST or NAME=USER@HOST:PORT"
            )
        host = found["bracketed"] or found["host"]
        node = cls(found["name"], host, found["user"] or "", int(found["port"] or 0))
        return node.checked()

    def checked(self) -> FirstNode:
        valid = {
            f"{self.name}: not a name for a node": is_name(NODE, self.name),
            f"{self.host}: not a host": is_name(HOST, self.host),
            f"{self.user}: not an account": not self.user or is_name(USER, self.user),
            f"{self.port}: not a port": self.port <= _LARGEST_PORT,
        }
        for problem, is_right in valid.items():
            if not is_right:
                raise UsageError(
                    printable(problem), remedy="a node is NAME=USER@HOST[:PORT], for instance gate=me@192.0.2.11"
                )
        return self


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a cluster begins with. Without nodes there are those of the template, whose addresses are nobody's."""

    name: str
    nodes: tuple[FirstNode, ...] = ()
    domains: Collection[Domain] = tuple(Domain)
    checkout: str = ""


def cluster_text(beginning: Beginning) -> str:
    require_names(beginning)
    text = template_text()
    name = str(declared()["cluster"]["name"])
    text = _replaced(text, f"cluster: {{name: {name},", f"cluster: {{name: {write_scalar(beginning.name)},")
    checkout = beginning.checkout or f"~/{beginning.name}-config"
    text = _replaced(text, f"checkout: {declared()['checkout']}\n", f"checkout: {checkout}\n")
    text = _replaced(text, f"@{name}.example", f"@{beginning.name}.example")
    for domain in Domain:
        if domain not in beginning.domains:
            text = re.sub(rf"^  {domain.value}: .*\n", "", text, count=1, flags=re.MULTILINE)
    if not beginning.domains:
        text = _without(text, "domains")
    if Domain.SERVICES not in beginning.domains:
        text = _without(text, "services")
    if beginning.nodes:
        text = _with_nodes(text, beginning.nodes)
    load_cluster(text)
    return text


def require_names(beginning: Beginning) -> None:
    if not is_name(CLUSTER, beginning.name):
        raise UsageError(
            f"{printable(beginning.name)}: not a name for a cluster",
            remedy="give one of lower-case letters, digits and `-` with `--name`",
        )
    names = [node.name for node in beginning.nodes]
    twice = next((name for name in names if names.count(name) > 1), "")
    if twice:
        raise UsageError(f"{twice}: two nodes are called so", remedy="give each a name of its own")


def _with_nodes(text: str, nodes: Sequence[FirstNode]) -> str:
    entries = "\n".join(["nodes:", *(line for node in nodes for line in _node(node))])
    text = re.sub("^nodes:\n(?:[ ].*\n)+", lambda _: f"{entries}\n", text, count=1, flags=re.MULTILINE)
    text = re.sub(r"^(# The machines\.) The addresses here.*? in your own\.", r"\1", text, count=1, flags=re.MULTILINE)
    names = [write_scalar(node.name) for node in nodes]
    rollout = declared()["rollout"]
    order = f"order: [{', '.join(rollout['order'])}], pilot: {rollout['pilot']},"
    text = _replaced(text, order, f"order: [{', '.join(names)}], pilot: {names[0]},")
    there = next(iter(declared()["services"].values()))["node"]
    return text.replace(f"    node: {there} ", f"    node: {names[0]} ")


def _node(node: FirstNode) -> list[str]:
    ssh = {
        "host": node.host,
        **({"user": node.user} if node.user else {}),
        **({"port": node.port} if node.port else {}),
    }
    written = ", ".join(f"{key}: {write_scalar(value)}" for key, value in ssh.items())
    return [
        f"  {write_scalar(node.name)}:",
        f"    hostname: {write_scalar(node.name)}",
        f"    ssh: {{{written}}}",
        "    privilege: sudo                # sudo | sudo-password | none",
        "    checks: [{disk_free: {path: /, at_least: 5%}}]",
        "    # What is lost while it is down, and what to do meanwhile; `stems status` says it then.",
        "    # when_down: {impact: No way in from outside, mitigation: Reach the other nodes directly}",
    ]


def _without(text: str, section: str) -> str:
    return re.sub(f"^{_SECTION.format(section)}\n", "", text, count=1, flags=re.MULTILINE)


def _replaced(text: str, before: str, after: str) -> str:
    # The template is ours: where its line is another one, a text that looks right would be wrong.
    if text.count(before) != 1:
        raise AssertionError(f"the template has not one {before!r}")
    return text.replace(before, after)
