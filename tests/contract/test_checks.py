"""Health checks against real servers on this machine and on a node, with all that servers do wrong."""

from __future__ import annotations

import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import create_server, socket
from time import monotonic

import pytest

from stems.infrastructure.lab.state import Lab
from stems.infrastructure.probe import probe
from stems.infrastructure.ssh import SshRunner, control_folder
from stems.infrastructure.this_node import ThisNodeRunner
from stems.lifecycle.look import http_check
from stems.lifecycle.look.checks import CheckResult, parse_snippet, snippet
from stems.lifecycle.look.http_check import run_http
from stems.model.check import Check, DiskFreeCheck, HttpCheck, MountCheck
from stems.model.node import Node, SshAddress

HERE = ThisNodeRunner(Node("here", "here", SshAddress("here.example")))


class Server(BaseHTTPRequestHandler):
    """Answers `/N` with status N, and anything else with what it was asked."""

    def do_GET(self) -> None:
        code = int(self.path[1:]) if self.path[1:].isdigit() else 200
        said = f"{self.path} {self.headers['Host']}".encode()
        self.send_response(code, said.decode())
        self.end_headers()
        self.wfile.write(b"x" * 100_000)

    def log_message(self, *args: object) -> None:
        del args


@pytest.fixture
def port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@contextmanager
def answering(answer: Callable[[socket], object]) -> Iterator[int]:
    """A server that does what `answer` does with each connection."""

    def serve() -> None:
        try:
            while True:
                stream, _ = server.accept()
                with stream:
                    answer(stream)
        except OSError:
            return

    with create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]


def check(port: int, path: str = "/", *, expect: int = 200, scheme: str = "http") -> CheckResult:
    return run_http(HERE, HttpCheck(f"{scheme}://127.0.0.1:{port}{path}", expect))


@pytest.mark.parametrize(
    ("path", "expect", "passed", "detail"),
    [
        ("/health?deep=1", 200, True, "200, expected 200"),
        ("/500", 200, False, "500, expected 200"),
        ("/204", 204, True, "204, expected 204"),
        ("/301", 200, False, "301, expected 200"),
    ],
)
def test_the_status_decides(port: int, path: str, expect: int, passed: bool, detail: str) -> None:
    result = check(port, path, expect=expect)

    assert (result.passed, result.detail) == (passed, detail)


def test_a_closed_port_fails(port: int) -> None:
    with create_server(("127.0.0.1", 0)) as closed:
        free = closed.getsockname()[1]

    result = check(free)
    assert result.passed is False and "refused" in result.detail


@pytest.mark.parametrize(
    "said",
    [b"", b"HTTP/1.1", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 \xff\xfe\r\n\r\n", b"\0" * 9],
    ids=["nothing", "half a status line", "another protocol", "no number", "zeros"],
)
def test_an_answer_that_is_none_fails(said: bytes) -> None:
    def answer(stream: socket) -> None:
        stream.recv(4096)
        stream.sendall(said)

    with answering(answer) as port:
        result = check(port)

    assert result.passed is False and result.detail


def test_a_server_that_is_silent_fails_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_check, "HTTP_TIMEOUT", 0.5)
    done = threading.Event()
    with answering(lambda stream: done.wait(10)) as port:
        result = check(port)
        done.set()

    assert result.passed is False and "timed out" in result.detail


def test_a_server_that_drips_does_not_hold_the_check_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_check, "HTTP_TIMEOUT", 0.5)
    done = threading.Event()

    def drip(stream: socket) -> None:
        while not done.wait(0.1):
            stream.sendall(b"x")

    began = monotonic()
    with answering(drip) as port:
        result = check(port)
        done.set()

    assert result.passed is False
    assert monotonic() - began < 5


def test_a_certificate_that_nobody_vouches_for_fails(tmp_path: Path) -> None:
    name = ("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1")
    files = ("-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "cert"))
    kind = ("-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2")
    subprocess.run(("openssl", "req", *kind, *files, *name), check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert", tmp_path / "key")

    def answer(stream: socket) -> None:
        with context.wrap_socket(stream, server_side=True) as safe:
            safe.sendall(b"HTTP/1.1 200 OK\r\n\r\n")

    with answering(answer) as port:
        result = check(port, scheme="https")

    assert result.passed is False and "certificate verify failed" in result.detail


def test_https_at_a_server_without_it_fails(port: int) -> None:
    assert check(port, scheme="https").passed is False


def test_an_address_that_is_none_is_not_known() -> None:
    result = run_http(HERE, HttpCheck("http://127.0.0.1:99999/"))

    assert result.passed is None and "99999" in result.check


@pytest.fixture
def node(lab: Lab) -> SshRunner:
    there = lab.node("crtr")
    address = SshAddress(there.host, there.user, there.port, str(lab.identity))
    return SshRunner(Node("crtr", there.hostname, address), lab.known_hosts, control_folder())


def test_a_check_of_a_node_sees_the_address_as_the_node_does(node: SshRunner) -> None:
    sshd = run_http(node, HttpCheck("http://127.0.0.1:22/"))
    nothing = run_http(node, HttpCheck("http://127.0.0.1:9/"))

    assert sshd.passed is False and "SSH-2.0" in sshd.detail
    assert nothing.passed is False and nothing.detail


MADE = "/tmp/stems check's"


def test_mounts_and_free_space_of_a_node(node: SshRunner, lab: Lab) -> None:
    from tests.support.lab import ask

    made = ask(lab, "crtr", f'sudo mkdir -p "{MADE}" && sudo mount -t tmpfs -o size=1m stems "{MADE}"')
    assert made.ok, made.errors
    asked: list[Check] = [
        MountCheck(MADE), MountCheck("/tmp"), MountCheck("/no such"), DiskFreeCheck("/", "1M"),
        DiskFreeCheck(MADE, "2M"), DiskFreeCheck(MADE, "50%"), DiskFreeCheck("/no such", "1M"),
    ]  # fmt: skip
    try:
        results = parse_snippet(asked, probe(node, {"checks": snippet(asked)})["checks"])
    finally:
        ask(lab, "crtr", f'sudo umount "{MADE}"; sudo rmdir "{MADE}"')

    assert [result.passed for result in results] == [True, True, False, True, False, True, None]
