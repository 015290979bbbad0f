"""The options of `docker run` and `podman run`, told in Compose's words."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from stems.readers.substitution import UNKNOWN

_RUN = re.compile(r"(?:^|[\s/;&|(\"'])(?:docker|podman)\s+(?:container\s+)?run\s+(?P<rest>.+)", re.DOTALL)
_SWITCHES = frozenset(
    [
        "--detach",
        "--interactive",
        "--tty",
        "--rm",
        "--init",
        "--privileged",
        "--read-only",
        "--replace",
        "--publish-all",
        "--no-healthcheck",
        "--oom-kill-disable",
        "--sig-proxy",
        "--quiet",
        "--tls-verify",
        "--no-hosts",
        "--env-host",
        "--rmi",
        "--no-hostname",
    ]
)
_LETTERS = frozenset("ditPq")
_SHORT = {"-v": "--volume", "-p": "--publish", "-e": "--env", "-m": "--memory", "-u": "--user", "-h": "--hostname"}
_LISTS = {
    "--volume": "volumes",
    "--mount": "volumes",
    "--publish": "ports",
    "--env": "environment",
    "--cap-add": "cap_add",
    "--security-opt": "security_opt",
    "--device": "devices",
    "--tmpfs": "tmpfs",
}
_TEXTS = {
    "--network": "network_mode",
    "--net": "network_mode",
    "--pid": "pid",
    "--ipc": "ipc",
    "--uts": "uts",
    "--userns": "userns_mode",
    "--restart": "restart",
    "--pull": "pull_policy",
    "--memory": "mem_limit",
    "--cpus": "cpus",
    "--cpuset-cpus": "cpuset",
    "--platform": "platform",
    "--runtime": "runtime",
    "--gpus": "gpus",
    # What these bring may be a mount, or say where the data is: nobody sees here.
    "--env-file": "volumes_from",
    "--volumes-from": "volumes_from",
    "--pod": "volumes_from",
}
_ENDS = re.compile(r"^(?:[;&|]+|\d?>.*)$")
_MOST = 400
_YES = ("", "true", "1")


@dataclass(frozen=True, slots=True)
class Option:
    """What one option says: a key of Compose, its value, and the word that it is written with."""

    key: str
    value: object
    word: str


@dataclass(slots=True)
class Run:
    """One command: what its container is to be, and whether it goes on in the background."""

    image: str = ""
    name: str = ""
    is_detached: bool = False
    options: list[Option] = field(default_factory=list)
    command: list[str] = field(default_factory=list)


def run_in(text: str) -> Run | None:
    """The container that a command line starts; None where it starts none, or cannot be split into words."""
    found = _RUN.search(text)
    parts = split_words(found["rest"]) if found else []
    return read_run(parts) if parts else None


def split_words(text: str) -> list[str]:
    """The words of a command line as a shell has them; none where its quotes do not close.

    The quote at its end may be that of a shell around it: `sh -c "docker run …"`.
    """
    whole = text.replace("\\\n", " ").strip()
    for each in (whole, whole.rstrip("\"'")):
        try:
            return shlex.split(each, posix=True)[:_MOST]
        except ValueError:
            continue
    return []


def read_run(words: Sequence[str]) -> Run:
    """Options up to the image, then the image, then its command."""
    run = Run()
    rest = iter(words)
    for word in rest:
        if word == "--" or _ENDS.match(word):
            break
        if not word.startswith("-"):
            run.image = word
            run.command = list(_command(rest))
            break
        _take(run, word, rest)
    return run


def mount_of(text: str) -> dict[str, object]:
    """The long form of `type=bind,source=/a,target=/b,ro`."""
    found: dict[str, object] = {}
    for part in text.split(","):
        name, sign, value = part.strip().partition("=")
        key = _MOUNT.get(name, "")
        if key == "read_only":
            found[key] = value in _YES if sign else True
        elif key:
            found[key] = value
    return found


_MOUNT = {
    "type": "type",
    "source": "source",
    "src": "source",
    "target": "target",
    "destination": "target",
    "dst": "target",
    "ro": "read_only",
    "readonly": "read_only",
}


def _command(rest: Iterator[str]) -> Iterator[str]:
    for word in rest:
        if _ENDS.match(word):
            return
        yield word


def _take(run: Run, word: str, rest: Iterator[str]) -> None:
    name, sign, value = word.partition("=")
    if not word.startswith("--"):
        if _LETTERS.issuperset(word[1:]):
            run.is_detached |= "d" in word
            return
        short, value = word[:2], word[2:].removeprefix("=")
        name, sign = _SHORT.get(short, short), value
    if name in _SWITCHES:
        is_on = not sign or value.lower() in _YES
        run.is_detached |= name == "--detach" and is_on
        if name == "--rm":
            run.options.append(Option("restart", "no", word))
        if name == "--privileged":
            run.options.append(Option("privileged", UNKNOWN if "$" in value else is_on, word))
        return
    told = value if sign else next(rest, "")
    if name == "--name":
        run.name = told
    elif name in _LISTS:
        key = _LISTS[name]
        run.options.append(Option(key, mount_of(told) if name == "--mount" else told, told))
    elif name in _TEXTS:
        key = _TEXTS[name]
        # How many of the GPUs it takes is left out: one at least.
        said = {"volumes_from": [told], "gpus": [{"count": 1}]}.get(key, told)
        run.options.append(Option(key, said, told))
