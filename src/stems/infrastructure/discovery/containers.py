"""Docker, Compose, and the containers that run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from stems.infrastructure.discovery.said import one, tidy
from stems.model.truth import UNKNOWN, Fact, FoundContainer

# Whatever the program of Docker is asked, it asks the daemon first. One that hangs must not keep the node from saying
# everything else, and the program does not end before its answer unless it is killed.
_LIMITED = """
limited() { if command -v timeout >/dev/null 2>&1; then timeout -s KILL 4 "$@"; else "$@"; fi; }
command -v docker >/dev/null 2>&1 || { echo none=docker; exit 0; }
"""
VERSIONS = f"""{_LIMITED}
server=$(limited docker version --format '{{{{.Server.Version}}}}' 2>/dev/null)
test $? -lt 128 || exit 1
echo "server=$server"
echo "client=$(limited docker --version 2>/dev/null)"
if said=$(limited docker compose version --short 2>&1); then echo "compose=$said"; else
  case $said in *'not a docker command'*|*'unknown command'*|*'unknown flag: --short'*) echo none=compose;; esac
fi
exit 0
"""

# A container that ends while it is asked about makes the whole answer fail, so that it is asked for once more.
_FORMAT = (
    '[{{json .Name}},{{json .Config.Image}},{{json (index .Config.Labels "com.docker.compose.project")}},'
    '{{json (index .Config.Labels "com.docker.compose.oneoff")}},{{json .HostConfig.PortBindings}}]'
)
CONTAINERS = f"""{_LIMITED}
listed() {{ ids=$(limited docker ps --quiet --no-trunc); }}
look() {{ test -z "$ids" || limited docker inspect --type container --format '{_FORMAT}' $ids; }}
listed || exit 1
found=$(look 2>/dev/null) || {{ listed && found=$(look); }} || exit 1
printf '%s\\n' "$found"
"""

_CLIENT = re.compile(r"Docker version (?P<version>[0-9][\w.+~-]*),.*")
_VERSION = re.compile(r"v?(?P<version>[0-9][\w.+~-]*)")
_PORT = re.compile(r"(?P<number>\d{1,5})/(?P<protocol>tcp|udp|sctp)")
_PUBLISHED = re.compile(r"[1-9]\d{0,4}(?:-\d{1,5})?")
_ADDRESS = re.compile(r"[0-9a-fA-F:.]*")
_EVERYWHERE = frozenset({"", "0.0.0.0", "::"})  # noqa: S104  # what Docker writes for it


def docker(text: str) -> Fact[str | None]:
    """The version of what runs containers; that of the program where the user may not ask it."""
    if one(text, "none") == "docker":
        return None
    server, client = one(text, "server"), one(text, "client")
    match = _VERSION.fullmatch(server) if server is not UNKNOWN else None
    match = match or (_CLIENT.fullmatch(client) if client is not UNKNOWN else None)
    return match["version"] if match else UNKNOWN


def compose(text: str) -> Fact[str | None]:
    if one(text, "none") is not UNKNOWN:
        return None
    said = one(text, "compose")
    match = _VERSION.fullmatch(said) if said is not UNKNOWN else None
    return match["version"] if match else UNKNOWN


def containers(text: str) -> Fact[tuple[FoundContainer, ...]]:
    """Those that run, without what somebody started for one command."""
    if one(text, "none") == "docker":
        return ()
    try:
        return tuple(sorted(_containers(text)))
    except (ValueError, TypeError, AttributeError, KeyError):
        return UNKNOWN


def _containers(text: str) -> Iterator[FoundContainer]:
    for line in filter(None, text.splitlines()):
        name, image, project, one_off, bindings = json.loads(line)
        if one_off != "True":
            yield FoundContainer(tidy(name).lstrip("/"), tidy(image), tidy(project or ""), _ports(bindings or {}))


def _ports(bindings: dict[str, list[dict[str, str]] | None]) -> tuple[str, ...]:
    """As Compose writes them. One that Docker chooses is another one after each start."""
    found: set[tuple[int, str]] = set()
    for inside, outside in bindings.items():
        port = _PORT.fullmatch(inside)
        for each in (outside or ()) if port else ():
            host, address = each.get("HostPort", ""), each.get("HostIp", "")
            if port and _PUBLISHED.fullmatch(host) and _ADDRESS.fullmatch(address):
                found.add(
                    (int(host.partition("-")[0]), f"{_prefix(address)}{host}:{port['number']}/{port['protocol']}")
                )
    return tuple(text for _, text in sorted(found))


def _prefix(address: str) -> str:
    if address in _EVERYWHERE:
        return ""
    return f"[{address}]:" if ":" in address else f"{address}:"
