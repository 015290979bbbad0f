"""What is wrong with a service that somebody wants, found before anything is written."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from stems.errors import UsageError
from stems.lifecycle.service.wanted import Wanted
from stems.model.cluster import Cluster
from stems.model.names import SERVICE, VARIABLE, is_name, is_node_path, printable
from stems.model.service import Data
from stems.readers.quantities import read_size
from stems.tools.compose.model.specs.image import split_image
from stems.tools.compose.variables import GIVEN, OWN
from stems.validation.moving_tags import how_it_moves

_IMAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/:@-]{0,254}")
_PORTS = re.compile(r"(?:(?P<node>[0-9]{1,5}):)?(?P<own>[0-9]{1,5})")
_URL_PATH = re.compile(r"/[A-Za-z0-9._~/%+-]{0,200}")
_PATH = re.compile(r"/[A-Za-z0-9._/@+-]+")
_LARGEST_PORT = 65535
_HELP = "see `stems new service --help`"


def require_new(cluster: Cluster, name: str) -> None:
    if not is_name(SERVICE, name):
        raise UsageError(f"{printable(name)}: not a name for a service", remedy=_HELP)
    if name in cluster.services:
        place = cluster.written.key_place("services", name)
        raise UsageError(f"{place}: there is a service {name}", remedy="give the new one another name")


def require_node(cluster: Cluster, node: str) -> None:
    """Raise for a node that was named and is none, before anything is asked."""
    if node and node not in cluster.nodes:
        raise UsageError(f"{printable(node)}: no such node", remedy=f"the nodes are {', '.join(cluster.nodes)}")


def require_pinned(image: str) -> None:
    """Raise for an image that is another one tomorrow, or none."""
    if not image:
        raise UsageError(
            "--image: must be given where nobody can be asked", remedy="write --image IMAGE:TAG, such as nginx:1.27.5"
        )
    if not _IMAGE.fullmatch(image):
        raise UsageError(f"{printable(image)}: not an image", remedy="write IMAGE:TAG, such as nginx:1.27.5")
    moves = how_it_moves(split_image(image))
    if moves:
        plain = image.partition("@")[0].removesuffix(f":{split_image(image).tag}")
        raise UsageError(
            f"{image}: has {moves}, so that it is another image after the next pull",
            remedy=f"name a version, `--image {plain}:VERSION`, or a digest; `docker image inspect` says what you have",
        )


def require_port(port: str) -> None:
    """Raise for what is no port, before more is asked."""
    for problem, remedy in _wrong_port(port):
        raise UsageError(printable(problem), remedy=remedy)


def require_health(health: str) -> None:
    """Raise for what is neither a path to ask for nor a command, before more is asked."""
    for problem, remedy in _wrong_health(health):
        raise UsageError(printable(problem), remedy=remedy or "write a path from `/` on, such as /health")


def require_path(path: str) -> None:
    """Raise for what is no whole path, before more is asked."""
    if not _is_path(path):
        raise UsageError(f"{printable(path)}: not a whole path", remedy="write it from `/` on, such as /data")


def require_both_paths(paths: str) -> None:
    for path in _both(paths):
        require_path(path)


def require_size(memory: str) -> None:
    """Raise for what is no size, before more is asked."""
    for problem, remedy in _wrong_size(memory):
        raise UsageError(printable(problem), remedy=remedy or "write a number with M or G, such as 256M")


def require_valid(wanted: Wanted) -> None:
    """Raise for the first thing that cannot be written down as it is."""
    if not wanted.is_unit:
        require_pinned(wanted.image)
    for problem, remedy in _wrong(wanted):
        raise UsageError(f"{wanted.name}: {printable(problem)}", remedy=remedy or _HELP)


def _wrong(wanted: Wanted) -> Iterator[tuple[str, str]]:
    yield from _wrong_port(wanted.port)
    yield from _wrong_health(wanted.health)
    if any(not text.isprintable() for text in (wanted.health, wanted.command)):
        yield "a command is one line", ""
    if not _is_command(wanted.command):
        yield f"{wanted.command}: a quote is not closed", ""
    yield from _wrong_size(wanted.memory)
    yield from _wrong_secrets(wanted)
    yield from _wrong_unit(wanted) if wanted.is_unit else _wrong_container(wanted)


def _wrong_health(health: str) -> Iterator[tuple[str, str]]:
    if health.startswith("/") and not _URL_PATH.fullmatch(health):
        yield f"{health} is not a path to ask for", ""


def _wrong_port(port: str) -> Iterator[tuple[str, str]]:
    if port and not _is_port(port):
        yield f"{port} is not a port", "write PORT, or PORT-OF-THE-NODE:PORT"


def _wrong_size(memory: str) -> Iterator[tuple[str, str]]:
    try:
        least = read_size(memory)
    except ValueError as error:
        yield f"--memory {memory}: {error}", ""
        return
    # Docker refuses less.
    if least < read_size("6M"):
        yield f"--memory {memory}: less than 6M", ""


def _wrong_secrets(wanted: Wanted) -> Iterator[tuple[str, str]]:
    for name in wanted.secrets:
        if not is_name(VARIABLE, name) or name in GIVEN | OWN:
            yield f"{name} is not a name for a secret", "write a name such as ADMIN_PASSWORD, and not its value"
    if wanted.secrets and wanted.is_unit:
        yield "a unit has no .env", "add `LoadCredential=` to the unit, and leave --secret out"


def _wrong_container(wanted: Wanted) -> Iterator[tuple[str, str]]:
    if not wanted.health:
        yield "nothing says whether it is well", "give --health, a path to ask for or a command that runs inside of it"
    if not wanted.port and wanted.health.startswith("/"):
        yield "nothing says on which port it listens", "give --port, or a command with --health"
    if wanted.data == Data.LOCAL.value and not _is_path(wanted.data_path):
        yield "nothing says where in its image the data is", "give --data-path PATH, from `/` on"
    if wanted.data == Data.SHARED.value and not all(map(_is_path, _both(wanted.data_path))):
        yield "nothing says where the shared data is", "give --data-path FOLDER-OF-THE-NODE:PATH, both from `/` on"


def _wrong_unit(wanted: Wanted) -> Iterator[tuple[str, str]]:
    if not wanted.command.startswith("/"):
        yield "a unit needs the whole path of its program", "give --command '/usr/bin/program --option'"
    if wanted.image:
        yield "a unit has no image", "leave --image out, or --systemd"
    if wanted.health and not wanted.url:
        yield "the health of a unit is a path that it answers", "give --port and --health PATH, or leave both out"
    if wanted.data == Data.SHARED.value and not _is_path(wanted.data_path):
        yield "nothing says where the shared data is", "give --data-path FOLDER, from `/` on"


def _is_command(text: str) -> bool:
    try:
        shlex.split(text)
    except ValueError:
        return False
    return True


def _is_port(text: str) -> bool:
    found = _PORTS.fullmatch(text)
    ports = [int(port) for port in found.groupdict().values() if port] if found else []
    return bool(ports) and all(0 < port <= _LARGEST_PORT for port in ports)


def _both(paths: str) -> tuple[str, str]:
    folder, _, path = paths.partition(":")
    return folder, path


def _is_path(text: str) -> bool:
    return _PATH.fullmatch(text) is not None and is_node_path(text)
