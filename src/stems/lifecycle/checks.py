"""The health checks of `cluster.yml`: HTTP through the SSH connection, mounts and free space from the probe."""

from __future__ import annotations

import http.client
import re
import shlex
import socket
import ssl
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from stems.errors import StemsError
from stems.infrastructure.probe import Section
from stems.infrastructure.runner import NodeRunner
from stems.model.check import Check, DiskFreeCheck, HttpCheck, MountCheck
from stems.model.names import printable
from stems.readers.quantities import read_share, read_size

HTTP_TIMEOUT = 5.0
_PERCENT = "%"
_NUMBER = re.compile(r"[0-9]{1,18}")
_MOUNT_DETAILS = {True: "", False: "not mounted", None: "not known"}
_MOUNTED = (
    "if awk -v p={path} '$2 == p {{ found = 1 }} END {{ exit !found }}' /proc/mounts; then echo yes; else echo no; fi"
)
_FREE = """df -Pk -- {path} 2>/dev/null | awk 'NR == 2 {{ print $2, $4; ok = 1 }} END {{ if (!ok) print "unknown" }}'"""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What came of one check. `passed` is None when it is not known."""

    check: str
    passed: bool | None
    detail: str = ""


def snippet(checks: Iterable[Check]) -> str:
    """What the probe asks for mounts and free space: one line a check, in their order."""
    lines = []
    for check in checks:
        if isinstance(check, MountCheck):
            lines.append(_MOUNTED.format(path=shlex.quote(_as_in_mounts(check.path))))
        elif isinstance(check, DiskFreeCheck):
            lines.append(_FREE.format(path=shlex.quote(check.path)))
    return "\n".join(lines) or ":"


def _as_in_mounts(path: str) -> str:
    """A path as /proc/mounts writes it, with each backslash twice: awk takes one away."""
    return re.sub(r"[\s\\]", lambda found: f"\\\\{ord(found[0]):03o}", path)


def parse_snippet(checks: Iterable[Check], section: Section) -> list[CheckResult]:
    asked = [check for check in checks if not isinstance(check, HttpCheck)]
    lines = section.text.splitlines()
    if len(lines) != len(asked):
        return [CheckResult(str(check), None, "the answer could not be read") for check in asked]
    return [_judge(check, line) for check, line in zip(asked, lines, strict=True)]


def _judge(check: Check, line: str) -> CheckResult:
    if isinstance(check, MountCheck):
        passed = {"yes": True, "no": False}.get(line)
        return CheckResult(str(check), passed, _MOUNT_DETAILS[passed])
    assert isinstance(check, DiskFreeCheck)  # noqa: S101  # the only other kind that the probe asks
    words = line.split()
    if len(words) != 2 or not all(_NUMBER.fullmatch(word) for word in words):
        return CheckResult(str(check), None, "free space is not known")
    total, free = (int(word) * 1024 for word in words)
    wanted = total * read_share(check.at_least) if check.at_least.endswith(_PERCENT) else read_size(check.at_least)
    return CheckResult(str(check), free >= wanted, f"{100 * free // max(total, 1)}% free")


def run_http(runner: NodeRunner, check: HttpCheck) -> CheckResult:
    """One GET as the node sees the address, so that the node needs no client program."""
    try:
        status = _get(runner, check.url)
    except (OSError, http.client.HTTPException) as error:
        return CheckResult(str(check), passed=False, detail=printable(str(error)) or "no answer")
    except StemsError as error:
        return CheckResult(str(check), passed=None, detail=error.problem)
    except ValueError as error:
        return CheckResult(str(check), passed=None, detail=f"not an address: {error}")
    return CheckResult(str(check), status == check.expect, f"{status}, expected {check.expect}")


def _get(runner: NodeRunner, address: str) -> int:
    url = urlsplit(address)
    port = url.port or (443 if url.scheme == "https" else 80)
    path = (url.path or "/") + (f"?{url.query}" if url.query else "")
    with runner.connect(url.hostname or "", port, timeout=HTTP_TIMEOUT) as stream:
        connection = http.client.HTTPConnection(url.hostname or "", port, timeout=HTTP_TIMEOUT)
        connection.sock = _encrypted(stream, url.hostname or "") if url.scheme == "https" else stream
        with _ended_in_time(connection.sock):
            connection.request("GET", path, headers={"Host": url.netloc, "User-Agent": "stems", "Connection": "close"})
            return connection.getresponse().status


def _encrypted(stream: socket.socket, name: str) -> socket.socket:
    # The handshake comes with the first byte that is sent, within the deadline of the whole request.
    context = ssl.create_default_context()
    return context.wrap_socket(stream, server_hostname=name, do_handshake_on_connect=False)


@contextmanager
def _ended_in_time(stream: socket.socket) -> Iterator[None]:
    """A timeout holds for each read; a server that drips must not hold the check up for ever."""
    late = threading.Event()

    def end() -> None:
        late.set()
        # That of the plain socket: an encrypted one would be taken apart while somebody reads from it.
        with suppress(OSError):
            socket.socket.shutdown(stream, socket.SHUT_RDWR)

    timer = threading.Timer(HTTP_TIMEOUT, end)
    timer.start()
    try:
        yield
    except (OSError, http.client.HTTPException) as error:
        if late.is_set():
            raise TimeoutError(f"timed out: no whole answer within {HTTP_TIMEOUT:g} s") from error
        raise
    finally:
        timer.cancel()
