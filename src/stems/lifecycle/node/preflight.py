"""Whether a machine can become a node: network, SSH, sudo, packages and disk, looked at before anything is written."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from stems.errors import StemsError
from stems.infrastructure.discovery import machine
from stems.infrastructure.discovery.said import GIB, one
from stems.infrastructure.guards import reading
from stems.infrastructure.probe import Section, probe
from stems.infrastructure.runner import Runner
from stems.infrastructure.ssh import SshRunner, control_folder
from stems.lifecycle.node.known import known_keys
from stems.lifecycle.trust import pinned_keys, shown_keys
from stems.model.node import Node, Privilege
from stems.model.truth import UNKNOWN

LEAST_DISK = 1024
"""Megabytes below /var, as the role `node` wants them."""

SNIPPETS: Mapping[str, str] = {
    "machine": machine.SNIPPET,
    "sudo": "[ $(id -u) = 0 ] || sudo -n true",
    "packages": """set -e
command -v apt-get
command -v git
python3 -c 'import apt'
[ -z "$(ls /var/lib/dpkg/updates)" ]
""",
    "disk": "df -Pm /var | awk 'NR == 2 {print $4}'",
}


class Verdict(Enum):
    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, what was found, and what to do about it."""

    subject: str
    verdict: Verdict
    said: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Preflight:
    """What was looked at, in its order, and what the machine says of itself; what is not known is empty."""

    checks: tuple[Check, ...]
    arch: str = ""
    hostname: str = ""
    hardware: Mapping[str, object] | None = None

    @property
    def failed(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.verdict is Verdict.BAD)


def look(node: Node, pinned: str, local: Runner) -> Preflight:
    """Ask the machine, and change nothing. It is asked only where its key is known, pinned or to this account."""
    try:
        shown = shown_keys(local, node)
    except StemsError as error:
        return Preflight((Check("network", Verdict.UNKNOWN, error.problem, error.remedy),))
    answers = Check("network", Verdict.GOOD, f"an SSH server answers at {node.ssh.host}")
    known = pinned_keys(pinned, node.name) or known_keys(local, node)
    if not known:
        said = "its host key is not known here, so it was not asked"
        return Preflight((answers, Check("ssh", Verdict.UNKNOWN, said, f"log in once: `{_ssh(node)}`")))
    if not set(known) & set(shown):
        said = "it shows other host keys than the known ones"
        return Preflight((answers, Check("ssh", Verdict.BAD, said, "find out what answers at that address")))
    with tempfile.TemporaryDirectory(prefix="stems-") as private:
        hosts = Path(private) / "known_hosts"
        hosts.write_text("\n".join([*known, ""]))
        try:
            sections = probe(reading(SshRunner(node, hosts, control_folder())), SNIPPETS)
        except StemsError as error:
            return Preflight((answers, Check("ssh", Verdict.BAD, error.problem, error.remedy)))
    return judged(node, sections, answers)


def judged(node: Node, sections: Mapping[str, Section], *before: Check) -> Preflight:
    """What the answers of a machine mean."""
    text = sections["machine"].text
    arch, hostname, cpus, memory = (
        machine.architecture(text), one(text, "hostname"), machine.processors(text), machine.memory(text),
    )  # fmt: skip
    hardware: dict[str, object] = {}
    if cpus is not UNKNOWN:
        hardware["cpus"] = cpus
    if memory is not UNKNOWN and memory >= GIB:
        hardware["memory"] = f"{memory // GIB}G"
    return Preflight(
        (*before, Check("ssh", Verdict.GOOD, f"{_login(node)} gets in"), *_judged(node, sections)),
        arch=arch if arch is not UNKNOWN else "",
        hostname=hostname if hostname is not UNKNOWN else "",
        hardware=hardware,
    )


def _judged(node: Node, sections: Mapping[str, Section]) -> Iterator[Check]:
    if node.privilege is Privilege.SUDO:
        yield _check(
            "sudo", sections["sudo"].status == 0, "works without a password", "does not work without a password",
            "allow it in /etc/sudoers.d, or give --privilege sudo-password",
        )  # fmt: skip
    else:
        yield Check("sudo", Verdict.UNKNOWN, f"not tried, because privilege is {node.privilege.value}")
    yield _check(
        "packages", sections["packages"].status == 0, "apt, its Python module and Git are there, dpkg is at rest",
        "apt, python3-apt or git is missing, or dpkg was interrupted",
        "on the machine: `sudo dpkg --configure -a && sudo apt-get install python3-apt git`",
    )  # fmt: skip
    free = sections["disk"].text.strip()
    if not free.isdigit():
        yield Check("disk", Verdict.UNKNOWN, "the free space below /var is not known")
        return
    yield _check(
        "disk", int(free) >= LEAST_DISK, f"{int(free) // 1024}G free below /var",
        f"{free}M free below /var, and {LEAST_DISK}M are needed", "make room on the machine",
    )  # fmt: skip


def _check(subject: str, is_good: bool, good: str, bad: str, remedy: str) -> Check:  # noqa: FBT001  # the question itself
    return Check(subject, Verdict.GOOD, good) if is_good else Check(subject, Verdict.BAD, bad, remedy)


def _ssh(node: Node) -> str:
    """What a person types to log in."""
    port = f"-p {node.ssh.port} " if node.ssh.port else ""
    return f"ssh {port}{_login(node)}"


def _login(node: Node) -> str:
    return f"{node.ssh.user}@{node.ssh.host}" if node.ssh.user else node.ssh.host
