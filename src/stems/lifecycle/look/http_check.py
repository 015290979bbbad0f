"""The health checks of `cluster.yml` that are HTTP requests, sent through the SSH connection of a node."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from stems.errors import StemsError
from stems.infrastructure.runner import NodeRunner
from stems.lifecycle.look.checks import CheckResult
from stems.model.check import HttpCheck
from stems.model.names import printable

HTTP_TIMEOUT = 5.0


def run_http(runner: NodeRunner, check: HttpCheck) -> CheckResult:
    """One GET as the node sees the address, so that the node needs no client program."""
    try:
        status = _get(runner, check.url)
    except (OSError, http.client.HTTPException) as error:
        return CheckResult(str(check), passed=False, detail=printable(_words(error)))
    except StemsError as error:
        return CheckResult(str(check), passed=None, detail=error.problem)
    except ValueError as error:
        return CheckResult(str(check), passed=None, detail=f"not an address: {error}")
    return CheckResult(str(check), status == check.expect, f"{status}, expected {check.expect}")


def _words(error: Exception) -> str:
    said = error.strerror if isinstance(error, OSError) else ""
    return said or str(error) or "no answer"


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
